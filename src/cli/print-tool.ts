import type { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { neutralText } from '../server/neutralise.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { CliDeps } from './deps.ts';

/** Runs a tool as a subcommand: its text on stdout, or with `json` its structured output. */
export async function printTool<Input extends z.ZodType, Output extends z.ZodType>(
  tool: Tool<Input, Output>,
  given: z.input<Input>,
  deps: CliDeps,
  { json, write }: { json: boolean; write: boolean },
): Promise<void> {
  const { ctx, close } = await deps.openContext({ write });
  try {
    deps.out(await answer(tool, given, ctx, json));
  } finally {
    await close();
  }
}

/** What a tool answers, as text that can do nothing to a terminal or as its structured output. */
export async function answer<Input extends z.ZodType, Output extends z.ZodType>(
  tool: Tool<Input, Output>,
  given: z.input<Input>,
  ctx: Context,
  json: boolean,
): Promise<string> {
  const input = parseInput(tool.input, given, tool.name);
  const output = tool.output.parse(await tool.run(ctx, input));
  return json ? JSON.stringify(output, null, 2) : neutralText(tool.text(output, input));
}
