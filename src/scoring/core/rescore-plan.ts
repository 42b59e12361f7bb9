import { z } from 'zod';

/** Subjects a part holds, about: large enough that a statement's fixed cost vanishes, small enough to report and to cancel. */
const PART_SIZE = 50_000;

/** What a run covers, kept with it so that it resumes as it began. */
export const rescorePlan = z.strictObject({
  mode: z.enum(['all', 'changed', 'filter']),
  kinds: z.array(z.enum(['account', 'lead'])),
  /** Number of equal parts that the ids of a kind are cut into. */
  parts: z.record(z.string(), z.number()),
  /** For `changed`: the run whose scores are taken as they are where nothing changed. */
  base: z.strictObject({ run: z.string(), knownAt: z.string(), asOfDay: z.number() }).nullable(),
  /** For `filter`: a predicate over fields. */
  where: z.unknown(),
  /** Why more was scored than asked for, in a sentence. */
  note: z.string().nullable(),
});
export type RescorePlan = z.infer<typeof rescorePlan>;

const move = z.object({
  from: z.string(),
  to: z.string(),
  /** `c3` or `d0`: criterion or disqualifier by index; `rubric`: the rubric changed. */
  reason: z.string(),
  n: z.number(),
  examples: z.array(z.string()),
});

/** What one part came to, and what a run adds up to. */
export const partCounts = z.object({
  subjects: z.number(),
  created: z.number(),
  replaced: z.number(),
  tiers: z.record(z.string(), z.number()),
  moves: z.array(move),
});
export type PartCounts = z.infer<typeof partCounts>;

export const NOTHING: PartCounts = { subjects: 0, created: 0, replaced: 0, tiers: {}, moves: [] };

export function partsFor(subjects: number, partSize: number = PART_SIZE): number {
  return Math.max(1, Math.ceil(subjects / partSize));
}

/** The bounds of a part: ids are spread evenly over the UUID space, so equal ranges hold equal shares. */
export function boundsOf(part: number, parts: number): { from: string | undefined; to: string | undefined } {
  const at = (k: number) =>
    `${Math.floor((2 ** 32 * k) / parts)
      .toString(16)
      .padStart(8, '0')}-0000-0000-0000-000000000000`;
  return { from: part === 0 ? undefined : at(part), to: part === parts - 1 ? undefined : at(part + 1) };
}

/** The part that an id falls into. */
export function partOf(id: string, parts: number): number {
  for (let part = Math.min(parts - 1, Math.floor((Number.parseInt(id.slice(0, 8), 16) / 2 ** 32) * parts)); ; part += 1) {
    const { to } = boundsOf(part, parts);
    if (to === undefined || id < to) return part;
  }
}

export function addCounts(a: PartCounts, b: PartCounts): PartCounts {
  const tiers = { ...a.tiers };
  for (const [tier, n] of Object.entries(b.tiers)) tiers[tier] = (tiers[tier] ?? 0) + n;
  const moves = new Map(a.moves.map((one) => [`${one.from} ${one.to} ${one.reason}`, one]));
  for (const one of b.moves) {
    const key = `${one.from} ${one.to} ${one.reason}`;
    const before = moves.get(key);
    const examples = [...(before?.examples ?? []), ...one.examples].sort().slice(0, 3);
    moves.set(key, { ...one, n: one.n + (before?.n ?? 0), examples });
  }
  return {
    subjects: a.subjects + b.subjects,
    created: a.created + b.created,
    replaced: a.replaced + b.replaced,
    tiers,
    moves: [...moves.values()].sort((x, y) => y.n - x.n || (`${x.from}${x.to}${x.reason}` < `${y.from}${y.to}${y.reason}` ? -1 : 1)),
  };
}
