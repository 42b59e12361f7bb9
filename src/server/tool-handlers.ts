import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { onceByKey } from '../db/once.ts';
import { shown } from '../kernel/errors.ts';
import { isObject } from '../kernel/json.ts';
import { nearest } from '../kernel/nearest.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { type Catalog, KEY, type ServedTool } from './catalog.ts';
import { errorResult, ownError } from './error-result.ts';
import { sameAnswer } from './kept-answers.ts';
import { ProtocolError, refuseCursor } from './protocol-error.ts';
import { toolResult } from './result.ts';
import type { Handle, Session } from './session.ts';
import { announce } from './subscriptions.ts';

/** `tools/list` and `tools/call`. The SDK's registerTool is not used: its messages for bad input are not ours. */
export function handleTools(handle: Handle, session: Session): void {
  handle(ListToolsRequestSchema, async ({ params }) => {
    refuseCursor(params?.cursor);
    return { tools: [...(await session.catalog()).tools.values()].map(listedTool) };
  });

  handle(CallToolRequestSchema, async ({ params }, extra): Promise<CallToolResult> => {
    const catalog = await session.catalog();
    const served = catalog.tools.get(params.name);
    if (served === undefined) throw new ProtocolError(ErrorCode.InvalidParams, notServed(params.name, catalog));
    const { tool } = served;
    const signal = session.signalFor(extra);
    const started = performance.now();
    let code = 'ok';
    try {
      const [input, key] = keyApart(parseInput(served.input, params.arguments ?? {}, tool.name));
      const ctx = await session.contextFor(extra, signal);
      if (key === undefined) {
        const returned = await tool.run(ctx, input);
        await announce(session, tool, returned);
        if (!tool.annotations.readOnlyHint) return toolResult(served, returned, input);
        const question = `${tool.name} ${JSON.stringify(input)}`;
        return sameAnswer(question, returned, () => toolResult(served, returned, input));
      }
      const call = { key, tool: tool.name, input, isRepeatable: tool.annotations.idempotentHint };
      const { returned, before } = await onceByKey(ctx, call, (keyed) => tool.run(keyed, input));
      if (before === null) await announce(session, tool, returned);
      const result = toolResult(served, returned, input);
      return before === null ? result : { ...result, _meta: { 'samepage/answered_at': before.toISOString() } };
    } catch (error) {
      const own = ownError(error, session.log, tool.name, signal);
      code = own.code;
      if (code === 'internal') session.tell('error', own.message);
      return errorResult(own);
    } finally {
      session.log.info('tool_called', { tool: tool.name, code, ms: Math.round(performance.now() - started) });
    }
  });
}

function keyApart(parsed: unknown): [input: unknown, key: string | undefined] {
  if (!isObject(parsed)) return [parsed, undefined];
  const { [KEY]: key, ...input } = parsed;
  return [input, typeof key === 'string' ? key : undefined];
}

/** A tool as `tools/list` shows it. */
export function listedTool({ tool, inputSchema, outputSchema }: ServedTool): Tool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: { ...inputSchema, type: 'object' },
    outputSchema: { ...outputSchema, type: 'object' },
    annotations: { title: tool.title, ...tool.annotations },
  };
}

function notServed(name: string, catalog: Catalog): string {
  const reason = catalog.whyNot(name);
  if (reason !== undefined) return `Tool ${name} is not served: ${reason}.`;
  const meant = nearest(name, [...catalog.tools.keys()]);
  return `There is no tool ${shown(name)}${meant === undefined ? '.' : `; did you mean ${meant}?`} tools/list names them all.`;
}
