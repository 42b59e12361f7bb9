import type { Prompt } from './define-prompt.ts';

/** Every prompt of the server. */
export const prompts: readonly Prompt[] = [];
