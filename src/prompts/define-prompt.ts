import type { z } from 'zod';
import type { Context } from '../kernel/context.ts';

export interface PromptMessage {
  role: 'user' | 'assistant';
  text: string;
}

type TextArguments = z.ZodObject<Record<string, z.ZodType<string | undefined, string | undefined>>>;

/** A prompt as data: the adapter in `server/` turns it into MCP. Arguments travel as text. */
export interface Prompt<Arguments extends TextArguments = TextArguments> {
  /** snake_case; the name is the contract. */
  name: string;
  title: string;
  description: string;
  /** The tools that its text says to call; without one of them it is not offered. */
  calls: readonly string[];
  /** A strict object; each argument carries its description. */
  arguments: Arguments;
  /** Values for an argument that begin with what was typed. */
  complete?: { readonly [Name in keyof z.output<Arguments>]?: (ctx: Context, typed: string) => Promise<readonly string[]> };
  messages(args: z.output<Arguments>): readonly PromptMessage[];
}

/** Keeps a prompt's argument types while the registry holds many. */
export function definePrompt<Arguments extends TextArguments>(prompt: Prompt<Arguments>): Prompt {
  return prompt as unknown as Prompt;
}
