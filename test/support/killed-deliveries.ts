import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { chanceFrom } from '../../src/kernel/chance.ts';
import { childProgram } from './child-program.ts';
import { type Behaviour, startReceiver } from './webhook-receiver.ts';

const WORSE: readonly Behaviour[] = [500, 'reset', 302];

export interface KilledDeliveries {
  rounds: number;
  events: number;
  /** Requests that the receiver had: more than events, for what was under way came again. */
  arrivals: number;
  lost: string[];
  invented: string[];
  early: string[];
  unsigned: number;
}

/**
 * Kills the process that writes and delivers events again and again, lets another bring what is left, and compares what the receiver took
 * with what was committed.
 * @param where a folder, or PostgreSQL's URL
 */
export async function killedDeliveries(where: string, rounds: number): Promise<KilledDeliveries> {
  const chance = chanceFrom(11);
  const receiver = await startReceiver(() => (chance() < 0.2 ? (WORSE[Math.floor(chance() * WORSE.length)] ?? 500) : 200));
  try {
    let acknowledged = 0;
    for (let round = 0; round < rounds; round += 1) {
      // leases of the one before are over: half an hour has passed
      const child = start(where, receiver.url, 'work', round * 30);
      const killed = new Promise<void>((done, fail) => {
        child.process.on('close', (_, signal) => (signal === 'SIGKILL' ? done() : fail(new Error(child.said()))));
      });
      await Promise.race([child.first, killed]);
      await sleep(chance() * 400);
      child.process.kill('SIGKILL');
      await killed;
      acknowledged += child.lines('committed').length;
    }
    const drain = start(where, receiver.url, 'drain', rounds * 30);
    const code = await new Promise((done) => drain.process.on('close', done));
    if (code !== 0) throw new Error(drain.said());
    const outbox = new Set(drain.lines('outbox'));
    // two events a commit; the last of a round may be committed and not said
    if (outbox.size < acknowledged * 2) throw new Error(`${acknowledged} commits were acknowledged, and there are ${outbox.size} events`);
    const taken = new Set(receiver.arrivals.filter((one) => one.taken).map(({ id }) => id));
    return {
      rounds,
      events: outbox.size,
      arrivals: receiver.arrivals.length,
      lost: [...outbox].filter((id) => !taken.has(id)),
      invented: [...taken].filter((id) => !outbox.has(id)),
      early: receiver.early,
      unsigned: receiver.arrivals.filter(({ signed }) => !signed).length,
    };
  } finally {
    await receiver.close();
  }
}

function start(where: string, url: string, mode: 'work' | 'drain', ahead: number) {
  const process_ = spawn(process.execPath, [childProgram('deliver'), where, url, mode, String(ahead)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  let begun = () => {};
  const first = new Promise<void>((resolve) => {
    begun = resolve;
  });
  process_.stdout.on('data', (text) => {
    out += String(text);
    begun();
  });
  process_.stderr.on('data', (text) => {
    err += String(text);
  });
  return {
    process: process_,
    first,
    said: () => `it ended by itself: ${err}`,
    lines: (word: string) =>
      out
        .split('\n')
        .slice(0, -1)
        .flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : [])),
  };
}
