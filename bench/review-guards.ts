import type { Benchmark } from './run.ts';
import { falseDiscovery, powerAt500 } from './support/planted-outcomes.ts';

const REPETITIONS = 1000;

/**
 * `fdr`: the worst mean share of wrong findings at a nominal .10 over worlds in which none, two and four of twelve fields tell won from lost, each a
 * thousand times. `power_500`: how often a segment of a fifth of 500 deals that wins 40 % against 25 % is found beside four fields that say
 * nothing; `power_500_alone`: without those.
 */
export const reviewGuards: Benchmark = async (_, say) => {
  const shares = [0, 2, 4].map((signals) => falseDiscovery(REPETITIONS, signals, 7 + signals));
  say(
    `${REPETITIONS} repetitions each; wrong findings with 0, 2 and 4 fields that tell: ${shares.map((share) => share.toFixed(3)).join(', ')}`,
  );
  return { fdr: Math.max(...shares), power_500: powerAt500(REPETITIONS, 4, 3), power_500_alone: powerAt500(REPETITIONS, 0, 3) };
};
