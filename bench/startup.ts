import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Benchmark } from './run.ts';
import { BenchClient } from './support/client.ts';
import { commitsPerSecond, ownerPid, percentile, residentMb, stopOwner } from './support/owner.ts';

const SERVER = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const CLIENTS = 12;

/**
 * The embedded server as desktop clients use it, on a folder that is there; each figure over `--n` rounds, 20 when left out.
 * cold: start of the client's process to the answer to `initialize`, with no owner running; warm: with one.
 * ready: to the first answer that needs the database, cold. takeover: from the kill of the owner to the next answer of a
 * client that was connected.
 */
export const startupBench: Benchmark = async (args, say) => {
  const { values } = parseArgs({ args: [...args], options: { n: { type: 'string', default: '20' } } });
  const rounds = Number(values.n);
  await access(SERVER).catch(() => {
    throw new Error('dist/main.js is not there: npm run build');
  });
  const folder = await mkdtemp(join(tmpdir(), 'samepage-startup-'));
  const dataDir = join(folder, 'data');
  try {
    const maker = await BenchClient.start(SERVER, dataDir);
    say(`the folder was made in ${Math.round(await maker.ready())} ms`);
    await maker.leave();
    await stopOwner(dataDir);

    const cold: number[] = [];
    const ready: number[] = [];
    for (let i = 0; i < rounds; i += 1) {
      const client = await BenchClient.start(SERVER, dataDir);
      cold.push(client.initializeMs);
      ready.push(await client.ready());
      await client.leave();
      await stopOwner(dataDir);
    }
    say('cold starts are done');

    const stayer = await BenchClient.start(SERVER, dataDir);
    await stayer.ready();
    const warm: number[] = [];
    const proxies: number[] = [];
    for (let i = 0; i < rounds; i += 1) {
      const client = await BenchClient.start(SERVER, dataDir);
      warm.push(client.initializeMs);
      await client.ready();
      proxies.push(await residentMb(client.pid));
      await client.leave();
    }
    say('warm starts are done');

    const takeover: number[] = [];
    for (let i = 0; i < rounds; i += 1) {
      const pid = await ownerPid(dataDir);
      const killed = performance.now();
      process.kill(pid, 'SIGKILL');
      await stayer.answer();
      takeover.push(performance.now() - killed);
    }
    say('takeovers are done');

    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => BenchClient.start(SERVER, dataDir)));
    for (const client of clients) await client.ready();
    const calls = await callsPerSecond(clients);
    const ownerMb = await residentMb(await ownerPid(dataDir));
    for (const client of [...clients, stayer]) await client.leave();
    await stopOwner(dataDir);
    return {
      rounds,
      warm_p50_ms: Math.round(percentile(warm, 0.5)),
      warm_p95_ms: Math.round(percentile(warm, 0.95)),
      cold_p50_ms: Math.round(percentile(cold, 0.5)),
      cold_p95_ms: Math.round(percentile(cold, 0.95)),
      ready_p95_ms: Math.round(percentile(ready, 0.95)),
      takeover_p50_ms: Math.round(percentile(takeover, 0.5)),
      takeover_p99_ms: Math.round(percentile(takeover, 0.99)),
      proxy_rss_mb: Math.round(Math.max(...proxies)),
      owner_rss_mb: Math.round(ownerMb),
      rss_mb: Math.round(Math.max(...proxies) + ownerMb),
      commits_per_s_durable: Math.round(await commitsPerSecond(dataDir)),
      clients_12_calls_per_s: Math.round(calls),
    };
  } finally {
    await stopOwner(dataDir).catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
};

/** All clients write one event a call, each as fast as it is answered. */
async function callsPerSecond(clients: readonly BenchClient[]): Promise<number> {
  const CALLS = 50;
  const started = performance.now();
  await Promise.all(
    clients.map(async (client, c) => {
      for (let i = 0; i < CALLS; i += 1) await client.record(`bench-${c}-${i}`);
    }),
  );
  return (clients.length * CALLS * 1_000) / (performance.now() - started);
}
