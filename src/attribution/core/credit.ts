import type { AttributionModel, MILESTONES } from '../../definitions/core/attribution.ts';
import { decayedParts } from './decay.ts';
import { lcm } from './integers.ts';

export type Milestone = (typeof MILESTONES)[number];

export interface Touch {
  channel: string;
  /** Epoch ms. */
  at: number;
  /** It came by itself: last_non_direct passes over it. */
  direct: boolean;
}

/** What led to one conversion. */
export interface Path {
  /** The earliest first. */
  touches: readonly Touch[];
  /** Index of the touch closest before each change of stage; left out where there was no such change, or no touch before it. */
  milestones: Partial<Record<Milestone, number>>;
  /** Epoch ms. Time decay does not ask for it: it weighs touches against each other, so what all share falls out. */
  convertedAt: number;
}

/** Exact shares: touch i earns parts[i] / whole, and the parts sum to the whole. Both are empty and 0 for a path without touches. */
export type Credit = { parts: number[]; whole: number } | { parts: bigint[]; whole: bigint };

/** Those that share out the credit of each path by itself. Removal effects are a matter of all paths: see markov.ts. */
export type PathwiseModel = Exclude<AttributionModel, { type: 'markov' }>;

type Weights = Extract<AttributionModel, { type: 'weighted' }>['weights'];

/** Each touch's share of one conversion. Rules and sources: docs/decisions/attribution-models.md. */
export function creditOf(model: PathwiseModel, path: Path): Credit {
  const n = path.touches.length;
  if (n === 0) return { parts: [], whole: 0 };
  switch (model.type) {
    case 'weighted':
      return weighted(model.weights, path);
    case 'last_non_direct': {
      const found = path.touches.findLastIndex((touch) => !touch.direct);
      return allTo(found < 0 ? n - 1 : found, n);
    }
    case 'linear':
      return evenly(n);
    case 'time_decay':
      return decayedParts(
        path.touches.map((touch) => touch.at),
        model.half_life_days,
      );
    case 'shapley':
      return byDistinctChannel(path.touches);
  }
}

/**
 * The touches that a weight names earn it, those on one touch add up, and all others share `others`. What nobody can earn, a
 * milestone that was never reached or `others` of a path without any, is spread evenly over the weights that are earned.
 */
function weighted(weights: Weights, { touches, milestones }: Path): Credit {
  const n = touches.length;
  const places = { first_touch: 0, last_touch: n - 1, ...milestones };
  const named = new Set<number>();
  // in half percents, of which the weights are whole numbers
  let left = 200;
  const earned: { at: number; halves: number }[] = [];
  for (const name of ['first_touch', 'last_touch', 'lead_created', 'opportunity_created', 'closed_won'] as const) {
    const halves = Math.round((weights[name] ?? 0) * 2);
    const at = places[name];
    if (halves === 0 || at === undefined || at < 0 || at >= n) continue;
    named.add(at);
    earned.push({ at, halves });
    left -= halves;
  }
  if (earned.length === 0) return evenly(n);
  const others = n - named.size;
  const shared = others === 0 ? 0 : Math.round((weights.others ?? 0) * 2);
  const lost = left - shared;
  const [over, among] = [Math.max(1, others), earned.length];
  const parts = Array.from({ length: n }, (_, i) => (named.has(i) ? 0 : shared * among));
  for (const { at, halves } of earned) parts[at] = (parts[at] ?? 0) + (halves * among + lost) * over;
  return lowest(parts, 200 * over * among);
}

/**
 * Shapley's value where a set of channels is worth the conversions of the paths within it: each distinct channel of a path earns the same,
 * and its touches share that evenly.
 */
function byDistinctChannel(touches: readonly Touch[]): Credit {
  const counts = new Map<string, number>();
  for (const { channel } of touches) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  let common = 1n;
  for (const count of counts.values()) common = lcm(common, BigInt(count));
  const parts = touches.map(({ channel }) => common / BigInt(counts.get(channel) ?? 1));
  return { parts, whole: common * BigInt(counts.size) };
}

function evenly(n: number): Credit {
  return { parts: new Array<number>(n).fill(1), whole: n };
}

function allTo(index: number, n: number): Credit {
  return { parts: Array.from({ length: n }, (_, i) => (i === index ? 1 : 0)), whole: 1 };
}

/** In lowest terms, so that many paths have few wholes. */
function lowest(parts: number[], whole: number): Credit {
  let common = whole;
  for (const part of parts) for (let rest = part; rest !== 0; ) [common, rest] = [rest, common % rest];
  return { parts: parts.map((part) => part / common), whole: whole / common };
}
