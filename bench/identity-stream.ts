import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { openPglite } from '../src/db/pglite.ts';
import { openPostgres } from '../src/db/postgres.ts';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import type { PersonRecord } from '../src/identity/read-people.ts';
import { streamPeople } from '../src/identity/stream-people.ts';
import type { Database } from '../src/kernel/database.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import type { Figures } from './run.ts';
import { benchContext } from './support/bench-context.ts';

/** Records of one call, as a webhook's queue hands them over. */
const AT_ONCE = 500;
const generatedRow = z.object({
  unique_id: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string(),
  phone: z.string(),
  company: z.string(),
  city: z.string(),
  postcode: z.string(),
});

export interface StreamOptions {
  shared: string;
  /** How many come in. */
  people: number;
  seed: string;
}

/**
 * People who come in and are stitched at once, durably, in calls of 500 and one by one. Without a PostgreSQL server only the embedded
 * database is measured.
 */
export async function identityStreamFigures(options: StreamOptions, say: (line: string) => void): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'samepage-stream-'));
  const server = await startPostgres({});
  const figures: Figures = {};
  try {
    const people = await generated(options, folder);
    if (server === undefined) say('no PostgreSQL server is installed: its figures are left out');
    else {
      const db = await openPostgres(server.url);
      await streamInto(db, 'postgres', people, figures, say);
      await db.close();
    }
    const db = await openPglite(join(folder, 'embedded'));
    await streamInto(db, 'pglite', people.slice(0, 5_000), figures, say);
    await db.close();
    return figures;
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function generated({ shared, people, seed }: StreamOptions, folder: string): Promise<PersonRecord[]> {
  const path = join(folder, 'people.csv');
  const generator = resolve(shared, '../../tools/generate-people.mjs');
  await promisify(execFile)(process.execPath, [generator, '--records', String(people), '--seed', seed, '--people', path]);
  const rows = z.array(generatedRow).parse(parse(await readFile(path), { columns: true }));
  const given = (text: string) => (text === '' ? undefined : text);
  return rows.map((row) => ({
    external_id: row.unique_id,
    first_name: given(row.first_name),
    last_name: given(row.last_name),
    email: /^[^@\s]+@[^@\s]+\.[a-z]+$/.test(row.email) ? row.email : undefined,
    phone: given(row.phone),
    company: given(row.company),
    city: given(row.city),
    postal_code: given(row.postcode),
  }));
}

async function streamInto(
  db: Database,
  name: string,
  people: readonly PersonRecord[],
  figures: Figures,
  say: (line: string) => void,
): Promise<void> {
  const ctx = benchContext(db, 'stream');
  await ensureWorkspace(ctx);
  const send = (from: number, to: number) => streamPeople(ctx, { source: 'web', records: people.slice(from, to) });
  const single = Math.min(500, people.length >> 2);
  const started = performance.now();
  for (let from = 0; from < people.length - single; from += AT_ONCE) await send(from, Math.min(from + AT_ONCE, people.length - single));
  figures[`stream_${name}_per_s`] = Math.round((people.length - single) / seconds(started));
  const times: number[] = [];
  for (let i = people.length - single; i < people.length; i += 1) {
    const began = performance.now();
    await send(i, i + 1);
    times.push(performance.now() - began);
  }
  figures[`stream_${name}_single_per_s`] = Math.round((single * 1000) / times.reduce((sum, time) => sum + time, 0));
  figures[`stream_${name}_single_p99_ms`] = percentile(times, 0.99);
  say(`${name}: ${figures[`stream_${name}_per_s`]} people a second, one by one ${figures[`stream_${name}_single_per_s`]}`);
}

const seconds = (since: number) => (performance.now() - since) / 1000;

function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 100) / 100;
}
