import { z } from 'zod';
import { type PlacedProblem, placed, readYaml } from '../../definitions/core/locate.ts';
import { fieldName } from '../../definitions/core/predicate.ts';
import { shapeProblems } from '../../definitions/core/problems.ts';

const headers = z.record(z.string(), z.string());

const exchange = z.strictObject({
  /** What must be asked; a key reads as the name of its variable. Headers and body count where they are written. */
  request: z.strictObject({
    method: z.enum(['get', 'post']).optional(),
    url: z.url(),
    headers: headers.optional(),
    json: z.json().optional(),
    form: headers.optional(),
  }),
  answer: z.strictObject({
    status: z.int().min(100).max(599).optional(),
    headers: headers.optional(),
    json: z.json().optional(),
    text: z.string().optional(),
  }),
});

const dns = z.strictObject({
  name: z.string(),
  mx: z.array(z.strictObject({ exchange: z.string(), priority: z.int() })).optional(),
  txt: z.array(z.string()).optional(),
});

const fixture = z.strictObject({
  case: z.string().min(1).max(100),
  input: z.record(fieldName, z.string()),
  /** The fields asked for; all that the provider gives, when left out. */
  asked: z.array(fieldName).optional(),
  /** In the order in which they are made. */
  exchanges: z.array(exchange).max(20).optional(),
  dns: z.array(dns).max(5).optional(),
  expect: z.strictObject({
    outcome: z.enum(['hit', 'miss', 'retry', 'rate', 'quota', 'auth', 'error', 'unknown']),
    values: z.record(fieldName, z.json()).optional(),
    signals: z.array(z.strictObject({ type: z.string(), occurredAt: z.string(), title: z.string().optional() })).optional(),
    /** In US dollars. */
    charged: z.number().nullable().optional(),
  }),
});

const fixturesDocument = z.strictObject({ fixtures: z.array(fixture).min(1).max(50) });

/** A request, the vendor's answer, and what is to be made of it: with invented companies and people. */
export type Fixture = z.infer<typeof fixture>;
export type FixtureExchange = z.infer<typeof exchange>;

/** Reads a fixtures.yaml, or says what is wrong with it and where. */
export function readFixtures(text: string): { fixtures: Fixture[]; problems: PlacedProblem[] } {
  const yaml = readYaml(text);
  if (yaml.problems.length > 0) return { fixtures: [], problems: yaml.problems };
  const { document, problems } = shapeProblems(fixturesDocument, yaml.value);
  return { fixtures: document?.fixtures ?? [], problems: placed(problems, yaml) };
}
