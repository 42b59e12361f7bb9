import type { z } from 'zod';
import type { Context } from '../kernel/context.ts';

export const TOOLSETS = ['definitions', 'accounts', 'enrichment', 'identity', 'scoring', 'handoff', 'review', 'playbook'] as const;
export type Toolset = (typeof TOOLSETS)[number];

/** A tool as data: the adapter in `server/` turns it into MCP. */
export interface Tool<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** snake_case verb_noun; the name is the contract. */
  name: string;
  title: string;
  toolset: Toolset;
  /** What it does, when to use it, when not, with an example. */
  description: string;
  /** A strict object. */
  input: Input;
  output: Output;
  /** All four hints, always. */
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean };
  run(ctx: Context, input: z.output<Input>): Promise<z.input<Output>>;
  /** The same facts as the structured output, for a reader that sees only text. Outside text arrives here in quotation marks. */
  text(output: z.output<Output>, input: z.output<Input>): string;
  /** The URIs of the resources that this call changed, one with a `*` at its end for many: those who subscribed hear of it. */
  changes?(output: z.output<Output>): readonly string[];
  /** True when this call added to or took from what `resources/list` gives. */
  changesList?(output: z.output<Output>): boolean;
}

/** A tool whose types the registry has forgotten: the adapter parses at both ends. */
export type AnyTool = Tool;

/** Keeps a tool's input and output types where it is written; the registry holds many of different types. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType>(tool: Tool<Input, Output>): Tool<Input, Output> {
  return tool;
}
