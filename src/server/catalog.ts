import { z } from 'zod';
import type { JsonObject } from '../kernel/json.ts';
import { jsonSchemaOf } from '../kernel/json-schema.ts';
import type { Prompt } from '../prompts/define-prompt.ts';
import type { Resource } from '../resources/define-resource.ts';
import type { AnyTool, Toolset } from '../tools/define-tool.ts';

export interface ServedTool {
  tool: AnyTool;
  /** The tool's input; of one that writes, with a key under which the call may be repeated. */
  input: z.ZodType;
  inputSchema: JsonObject;
  outputSchema: JsonObject;
}

/** What one server offers. A tool that is not permitted is not in it. */
export interface Catalog {
  tools: ReadonlyMap<string, ServedTool>;
  resources: readonly Resource[];
  prompts: readonly Prompt[];
  /** Why a tool that exists is not served; undefined for a name that no tool has. */
  whyNot(name: string): string | undefined;
  /** Likewise of a prompt: one that calls a tool which is not served is not offered. */
  whyNoPrompt(name: string): string | undefined;
}

export interface Selection {
  /** Undefined: all. */
  toolsets: readonly Toolset[] | undefined;
  readOnly: boolean;
}

export interface Registry {
  tools: readonly AnyTool[];
  resources: readonly Resource[];
  prompts: readonly Prompt[];
}

/** All tools, resources and prompts there are. Loads the rooms they use. */
export async function loadRegistry(): Promise<Registry> {
  const [{ tools }, { resources }, { prompts }] = await Promise.all([
    import('../tools/index.ts'),
    import('../resources/index.ts'),
    import('../prompts/index.ts'),
  ]);
  return { tools, resources, prompts };
}

export function selectCatalog(registry: Registry, { toolsets, readOnly }: Selection): Catalog {
  const hidden = (tool: AnyTool): string | undefined => {
    if (readOnly && !tool.annotations.readOnlyHint) return 'it writes, and this server was started with --read-only';
    if (toolsets !== undefined && !toolsets.includes(tool.toolset))
      return `its toolset ${tool.toolset} is not among --toolsets ${toolsets.join(',')}`;
    return undefined;
  };
  const served = registry.tools.filter((tool) => hidden(tool) === undefined);
  const whyNot = (name: string): string | undefined => {
    const tool = registry.tools.find((one) => one.name === name);
    return tool === undefined ? undefined : hidden(tool);
  };
  const whyNoPrompt = (name: string): string | undefined => {
    const calls = registry.prompts.find((one) => one.name === name)?.calls ?? [];
    return calls.flatMap((tool) => {
      const reason = whyNot(tool);
      return reason === undefined ? [] : [`it calls ${tool}, which is not served: ${reason}`];
    })[0];
  };
  return {
    tools: new Map(
      served.map((tool) => {
        const input = tool.annotations.readOnlyHint ? tool.input : withKey(tool);
        return [tool.name, { tool, input, inputSchema: jsonSchemaOf(input, 'input'), outputSchema: jsonSchemaOf(tool.output, 'output') }];
      }),
    ),
    resources: registry.resources,
    prompts: registry.prompts.filter(({ name }) => whyNoPrompt(name) === undefined),
    whyNot,
    whyNoPrompt,
  };
}

/** The member of a writing tool's input that the adapter takes out before the tool sees it. */
export const KEY = 'idempotency_key';

function withKey({ name, input }: AnyTool): z.ZodType {
  if (!(input instanceof z.ZodObject)) throw new Error(`the input of ${name} is not an object`);
  return input.safeExtend({ [KEY]: z.string().trim().min(1).max(200).optional() });
}
