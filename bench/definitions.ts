import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DEFINITION_KINDS } from '../src/definitions/core/definition.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import type { Benchmark, Figures } from './run.ts';
import { BenchClient } from './support/client.ts';
import { percentile, stopOwner } from './support/owner.ts';

const SERVER = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const WARM = 20;

/**
 * Reading definitions through the built server, one request after the other, from the request to its answer: get_definition, its
 * detailed form and the resource, of each of the seven kinds, `--n` times each (100 when left out). On an embedded folder through its
 * owner, and on a PostgreSQL started for it where one is installed. `read_p95_ms` is of all requests on the slower of the two;
 * `read_worst_p95_ms` of the slowest request of them all.
 */
export const definitionsBench: Benchmark = async (args, say) => {
  const { values } = parseArgs({ args: [...args], options: { n: { type: 'string', default: '100' } } });
  const rounds = Number(values.n);
  const folder = await mkdtemp(join(tmpdir(), 'samepage-definitions-'));
  const server = await startPostgres({});
  try {
    const figures: Figures = { rounds, read_p95_ms: 0, read_worst_p95_ms: 0 };
    const places: [string, string][] = [['pglite', join(folder, 'data')]];
    if (server === undefined) say('no PostgreSQL server is installed: measured on the embedded database alone');
    else places.push(['postgres', `${server.url}/postgres`]);
    for (const [name, where] of places) {
      const reads = await measured(where, rounds);
      const all = percentile([...reads.values()].flat(), 0.95);
      for (const [what, times] of reads) {
        const p95 = percentile(times, 0.95);
        say(`${name} ${what}: p50 ${rounded(percentile(times, 0.5))} ms, p95 ${rounded(p95)} ms`);
        figures.read_worst_p95_ms = Math.max(figures.read_worst_p95_ms ?? 0, rounded(p95));
      }
      figures[`read_p95_ms_${name}`] = rounded(all);
      figures.read_p95_ms = Math.max(figures.read_p95_ms ?? 0, rounded(all));
    }
    return figures;
  } finally {
    await stopOwner(join(folder, 'data')).catch(() => {});
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

const rounded = (ms: number) => Math.round(ms * 100) / 100;

/** Milliseconds of each request, by what was asked. */
async function measured(where: string, rounds: number): Promise<Map<string, number[]>> {
  const client = await BenchClient.start(SERVER, where);
  await client.ready();
  const asked: [string, () => Promise<void>][] = DEFINITION_KINDS.flatMap((kind) => [
    [`${kind} concise`, () => client.call('get_definition', { kind })],
    [`${kind} detailed`, () => client.call('get_definition', { kind, response_format: 'detailed' })],
    [`${kind} resource`, () => client.read(`samepage://definitions/${kind}`)],
  ]);
  const times = new Map(asked.map(([what]) => [what, [] as number[]]));
  for (let round = -WARM; round < rounds; round += 1) {
    for (const [what, ask] of asked) {
      const began = performance.now();
      await ask();
      if (round >= 0) times.get(what)?.push(performance.now() - began);
    }
  }
  await client.leave();
  return times;
}
