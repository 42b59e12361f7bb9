import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openPostgres } from '../src/db/postgres.ts';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import { coverNodes } from '../src/identity/cover-nodes.ts';
import { matchLead } from '../src/identity/match-lead.ts';
import { intakeLead } from '../src/intake/intake-lead.ts';
import type { Context } from '../src/kernel/context.ts';
import { importRecords } from '../src/records/import-records.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import type { Figures } from './run.ts';
import { leadOf, writeAccounts } from './support/account-world.ts';
import { benchContext } from './support/bench-context.ts';
import { fillAccounts } from './support/fill-accounts.ts';
import { percentile } from './support/owner.ts';

/** So many accounts are imported; the others get the same rows at once. */
const IMPORTED = 5_000;
const LOOKUPS = 2_000;
/** Look-ups before those that are measured: Node goes on compiling what it runs for some thousand of them. The first thousand are told apart. */
const EARLIER = 5_000;
const FIRST = 1_000;
const INTAKES = 300;

/**
 * Leads matched with the accounts of a workspace and taken in, one call after the other, on a PostgreSQL with its default settings, which
 * brings each commit to the disk. Without one, nothing is measured.
 */
export async function identityLookupFigures(
  { shared, accounts }: { shared: string; accounts: number },
  say: (line: string) => void,
): Promise<Figures> {
  const server = await startPostgres({});
  if (server === undefined) {
    say('no PostgreSQL server is installed: look-ups and intakes are not measured');
    return {};
  }
  const folder = await mkdtemp(join(tmpdir(), 'samepage-lookup-'));
  try {
    const db = await openPostgres(server.url);
    const ctx = benchContext(db, 'lookup');
    const figures = await measured(ctx, { shared, accounts, folder }, say);
    await db.close();
    return figures;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(
  ctx: Context,
  { shared, accounts, folder }: { shared: string; accounts: number; folder: string },
  say: (line: string) => void,
): Promise<Figures> {
  const listed = z.object({ last: z.array(z.tuple([z.string(), z.number()])) });
  const names = listed.parse(JSON.parse(await readFile(join(shared, 'name_frequencies.json'), 'utf8'))).last.map(([name]) => name);
  await ensureWorkspace(ctx);
  const path = join(folder, 'accounts.csv');
  const imported = Math.min(accounts, IMPORTED);
  await writeAccounts(path, imported, names);
  await importRecords(ctx, {
    path,
    kind: 'accounts',
    source: 'crm',
    mapping: { id: 'external_id', name: 'account.name', domain: 'account.domain', city: 'account.city' },
  });
  let began = performance.now();
  await coverNodes(ctx);
  const figures: Figures = { index_accounts_per_s: Math.round(imported / seconds(began)) };
  began = performance.now();
  await fillAccounts(ctx, { source: 'crm', imported, count: accounts, names });
  await coverNodes(ctx);
  say(`${accounts} accounts and their keys are there after ${seconds(began).toFixed(0)} s`);

  const lead = (i: number) => {
    const { external_id: _, ...said } = leadOf(i, accounts, names);
    return said;
  };
  const leads = Array.from({ length: LOOKUPS + EARLIER }, (_, i) => lead(i));
  const matchNth = (i: number) => matchLead(ctx, leads[i] ?? {});
  const earlier = await timed(EARLIER, (i) => matchNth(LOOKUPS + i));
  figures.lookup_first_p50_ms = percentile(earlier.slice(0, FIRST), 0.5);
  let matched = 0;
  const looked = await timed(LOOKUPS, async (i) => {
    const { account } = await matchNth(i);
    if (account.decision === 'match') matched += 1;
  });
  figures.lookup_p50_ms = percentile(looked, 0.5);
  figures.lookup_p99_ms = percentile(looked, 0.99);
  figures.lookup_match_rate = matched / LOOKUPS;
  say(`${LOOKUPS} leads looked up: p50 ${shown(looked, 0.5)} ms, p99 ${shown(looked, 0.99)} ms; ${matched} matched`);
  const intake = (i: number) => intakeLead(ctx, { source: 'web', ...leadOf(i, accounts, names) });
  for (let i = 0; i < 20; i += 1) await intake(INTAKES + i);
  const taken = await timed(INTAKES, intake);
  figures.intake_p50_ms = percentile(taken, 0.5);
  figures.intake_p95_ms = percentile(taken, 0.95);
  say(`${INTAKES} leads taken in: p50 ${shown(taken, 0.5)} ms, p95 ${shown(taken, 0.95)} ms`);
  return figures;
}

/** @returns the milliseconds that each took */
async function timed(times: number, run: (i: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const began = performance.now();
    await run(i);
    taken.push(Math.round((performance.now() - began) * 100) / 100);
  }
  return taken;
}

const seconds = (since: number) => (performance.now() - since) / 1000;
const shown = (times: readonly number[], share: number) => percentile(times, share).toFixed(2);
