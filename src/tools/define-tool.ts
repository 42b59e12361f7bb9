import type { z } from 'zod';
import type { Context } from '../kernel/context.ts';

export const TOOLSETS = ['definitions', 'accounts', 'scoring'] as const;
export type Toolset = (typeof TOOLSETS)[number];

/** A tool as data: the adapter in `server/` turns it into MCP. */
export interface Tool<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** snake_case verb_noun; the name is the contract. */
  name: string;
  title: string;
  toolset: Toolset;
  /** What it does, when to use it, when not, with an example. */
  description: string;
  input: Input;
  output: Output;
  /** All four hints, always. */
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean };
  run(ctx: Context, input: z.output<Input>): Promise<z.input<Output>>;
  /** The same facts as the structured output, for a reader that sees only text. */
  text(output: z.output<Output>, input: z.output<Input>): string;
}

/** Keeps a tool's input and output types while the registry holds many. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType>(tool: Tool<Input, Output>): Tool<Input, Output> {
  return tool;
}
