import { dailyRescore } from './daily-rescore.ts';
import type { Prompt } from './define-prompt.ts';
import { isAccountHot } from './is-account-hot.ts';
import { monthlyPerformanceReview } from './monthly-performance-review.ts';
import { quarterlyIcpRefresh } from './quarterly-icp-refresh.ts';
import { weeklyHandoffReview } from './weekly-handoff-review.ts';

/** Every prompt of the server. */
export const prompts: readonly Prompt[] = [isAccountHot, dailyRescore, weeklyHandoffReview, monthlyPerformanceReview, quarterlyIcpRefresh];
