import { ErrorCode, GetPromptRequestSchema, ListPromptsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { shown } from '../kernel/errors.ts';
import { isObject } from '../kernel/json.ts';
import { jsonSchemaOf } from '../kernel/json-schema.ts';
import { nearest } from '../kernel/nearest.ts';
import { parseInput } from '../kernel/parse-input.ts';
import type { Prompt } from '../prompts/define-prompt.ts';
import type { Catalog } from './catalog.ts';
import { ownError } from './error-result.ts';
import { neutralText } from './neutralise.ts';
import { ProtocolError, protocolError, refuseCursor } from './protocol-error.ts';
import type { Handle, Session } from './session.ts';

export function handlePrompts(handle: Handle, session: Session): void {
  handle(ListPromptsRequestSchema, async ({ params }) => {
    refuseCursor(params?.cursor);
    return { prompts: (await session.catalog()).prompts.map(listedPrompt) };
  });

  handle(GetPromptRequestSchema, async ({ params }, extra) => {
    const catalog = await session.catalog();
    const prompt = catalog.prompts.find((one) => one.name === params.name);
    if (prompt === undefined) throw new ProtocolError(ErrorCode.InvalidParams, notOffered(params.name, catalog));
    try {
      const args = parseInput(prompt.arguments, params.arguments ?? {}, prompt.name);
      return {
        description: prompt.description,
        messages: prompt.messages(args).map(({ role, text }) => ({ role, content: { type: 'text' as const, text: neutralText(text) } })),
      };
    } catch (error) {
      throw protocolError(ownError(error, session.log, prompt.name, session.signalFor(extra)));
    }
  });
}

function notOffered(name: string, catalog: Catalog): string {
  const reason = catalog.whyNoPrompt(name);
  if (reason !== undefined) return `Prompt ${name} is not offered: ${reason}.`;
  const meant = nearest(
    name,
    catalog.prompts.map((one) => one.name),
  );
  return `There is no prompt ${shown(name)}${meant === undefined ? '.' : `; did you mean ${meant}?`}`;
}

function listedPrompt(prompt: Prompt) {
  const { properties, required } = jsonSchemaOf(prompt.arguments, 'input');
  const needed = Array.isArray(required) ? required : [];
  const args = Object.entries(isObject(properties) ? properties : {}).map(([name, schema]) => ({
    name,
    ...(isObject(schema) && typeof schema.description === 'string' ? { description: schema.description } : {}),
    required: needed.includes(name),
  }));
  return { name: prompt.name, title: prompt.title, description: prompt.description, arguments: args };
}
