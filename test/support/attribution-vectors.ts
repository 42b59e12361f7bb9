import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

const credits = z.record(z.string(), z.number());
const markov = z.record(z.string(), z.object({ re: z.number(), conv: z.number() }));
const vectors = z.object({
  single_path: z.array(
    z.object({
      model: z.string(),
      path: z.string().optional(),
      milestones: z.string().optional(),
      days_before: z.array(z.number()).optional(),
      credit: z.array(z.number()),
    }),
  ),
  aggregate: z.record(z.string(), z.record(z.string(), z.unknown())),
  snowplow_rules: z.object({
    example: z.object({
      path: z.string(),
      revenue: z.number(),
      first: z.array(z.number()),
      last: z.array(z.number()),
      linear: z.array(z.number()),
      position: z.array(z.number()),
    }),
  }),
});
export const rowsOf = z.array(z.tuple([z.string(), z.number()]).rest(z.number()));
export const creditsOf = credits;
export const markovOf = markov;

const folder = resolve(process.env.SAMEPAGE_SHARED_DATA ?? '../shared/data', 'attribution');

/** The folder of shared attribution data, or undefined where there is none, which is said once. */
export function sharedAttribution(): string | undefined {
  if (existsSync(folder)) return folder;
  process.stderr.write('The shared attribution data (SAMEPAGE_SHARED_DATA, or ../shared/data) is not there: its vectors are not tested.\n');
  return undefined;
}

/** The vectors, or undefined. */
export function sharedVectors() {
  const found = sharedAttribution();
  return found === undefined ? undefined : vectors.parse(JSON.parse(readFileSync(resolve(found, 'vectors.json'), 'utf8')));
}
