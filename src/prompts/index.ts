import { dailyRescore } from './daily-rescore.ts';
import type { Prompt } from './define-prompt.ts';
import { isAccountHot } from './is-account-hot.ts';

/** Every prompt of the server. */
export const prompts: readonly Prompt[] = [isAccountHot, dailyRescore];
