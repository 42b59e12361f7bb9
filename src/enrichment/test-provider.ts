import { join } from 'node:path';
import { readDefinitionFile } from '../definitions/read-definition-file.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { SamepageError } from '../kernel/errors.ts';
import type { CellReader } from '../records/core/normalise.ts';
import { microsOf } from './core/charge.ts';
import { type Fixture, readFixtures } from './core/fixtures.ts';
import { secretsOf } from './core/provider-spec.ts';
import { fixtureTransport } from './fixture-transport.ts';
import { listOf } from './list-file.ts';
import type { LoadedProvider } from './load-providers.ts';
import { TokenStore } from './oauth-token.ts';
import { runSteps } from './run-steps.ts';

export interface FixtureReport {
  case: string;
  /** What is not as the fixture says; empty when all is. */
  problems: string[];
}

/** The fixtures that lie beside a description; why there are none, else. */
export async function fixturesOf(provider: LoadedProvider): Promise<{ fixtures: Fixture[]; problems: string[] }> {
  const file = join(provider.folder, 'fixtures.yaml');
  const { text, flaw } = await readDefinitionFile(file);
  if (text === undefined) return { fixtures: [], problems: [`${file}: ${flaw?.message ?? 'cannot be read'}`] };
  const { fixtures, problems } = readFixtures(text);
  return { fixtures, problems: problems.map((problem) => `${file}:${problem.line}:${problem.column} ${problem.path} ${problem.message}`) };
}

/** Plays each fixture of a provider, offline and without keys: each key is the name of its variable. Of a list the file itself is read. */
export async function testProvider(provider: LoadedProvider, readers: ReadonlyMap<string, CellReader>): Promise<FixtureReport[]> {
  if (provider.spec.list !== undefined) return [await testList(provider, readers)];
  const { fixtures, problems } = await fixturesOf(provider);
  if (problems.length > 0) return [{ case: 'fixtures.yaml', problems }];
  return Promise.all(fixtures.map(async (fixture) => ({ case: fixture.case, problems: await playFixture(provider, fixture, readers) })));
}

async function testList(provider: LoadedProvider, readers: ReadonlyMap<string, CellReader>): Promise<FixtureReport> {
  try {
    const { rows } = await listOf(provider, readers);
    return { case: `a list of ${rows.toLocaleString('en-US')} rows`, problems: rows === 0 ? ['it has no rows'] : [] };
  } catch (error) {
    if (!(error instanceof SamepageError)) throw error;
    return { case: 'a list', problems: [`${error.message} ${error.next}`] };
  }
}

async function playFixture(provider: LoadedProvider, fixture: Fixture, readers: ReadonlyMap<string, CellReader>): Promise<string[]> {
  const transport = fixtureTransport(fixture);
  const now = () => new Date(0);
  const answer = await runSteps(provider, requestOf(provider, fixture), new AbortController().signal, {
    transport,
    tokens: new TokenStore(transport, now),
    keys: namedKeys(provider),
    agent: 'samepage-mcp',
    readers,
    now,
    pause: async () => true,
  });
  const { expect } = fixture;
  const values = Object.fromEntries(Object.entries(answer.values).map(([field, { value }]) => [field, value]));
  const problems = [...transport.unexpected];
  if (transport.unused() > 0) problems.push(`${transport.unused()} exchanges of the fixture were not asked for`);
  const compare = (what: string, got: unknown, wanted: unknown) => {
    if (canonicalJson(got) !== canonicalJson(wanted))
      problems.push(`${what} is ${JSON.stringify(got)}; the fixture says ${JSON.stringify(wanted)}`);
  };
  compare('the outcome', answer.outcome, expect.outcome);
  compare('what was given', values, expect.values ?? {});
  compare('the signals', answer.signals ?? [], expect.signals ?? []);
  if (expect.charged !== undefined)
    compare('the charge in micros', answer.chargedMicros, expect.charged === null ? null : microsOf(expect.charged));
  return problems;
}

/** The request of a fixture: for the fields that it names, or all. */
export function requestOf({ offer }: LoadedProvider, { input, asked }: Fixture) {
  return { subject: offer.subject, inputs: input, fields: asked ?? offer.fields.map(({ field }) => field) };
}

/** Keys for fixtures: the names of their variables. */
export function namedKeys({ spec }: LoadedProvider): Record<string, string> {
  return Object.fromEntries(secretsOf(spec.auth).map((name) => [name, name]));
}
