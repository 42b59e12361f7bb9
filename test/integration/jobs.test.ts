import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { register as webhooks } from '../../src/cli/webhooks.ts';
import { HELD_MS, holdJob, jobDueAt, releaseJob } from '../../src/handoff/hold-job.ts';
import type { Job } from '../../src/handoff/jobs.ts';
import { keepWorking, type WorkHooks, workOnce } from '../../src/handoff/keep-working.ts';
import type { TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { useWorkspaces } from '../support/imports.ts';
import { tell, WEBHOOK_SETTINGS } from '../support/outbox.ts';
import { runCommand } from '../support/run-command.ts';
import { startReceiver } from '../support/webhook-receiver.ts';

const [A, B] = ['00000000-0000-8000-8000-00000000000a', '00000000-0000-8000-8000-00000000000b'];

describeDatabases('jobs', (open) => {
  let ctx: TestContext;
  let hooks: WorkHooks;
  let said: string[];

  const fresh = useWorkspaces(open);
  beforeEach(async () => {
    ctx = await fresh(WEBHOOK_SETTINGS);
    said = [];
    hooks = {
      done: (job, what) => void said.push(`${job} ${JSON.stringify(what)}`),
      failed: (job, error) => void said.push(`${job} failed: ${error instanceof Error ? error.message : ''}`),
      changed: (accounts) => void said.push(`changed ${accounts.length}`),
      wants: (what, name) => void said.push(`wants ${what} ${name}`),
    };
  });

  it('one process does a job at a time, and who was killed is waited for no longer than its lease', async () => {
    expect(await holdJob(ctx, { name: 'x', holder: A })).toBe(true);
    expect(await holdJob(ctx, { name: 'x', holder: B })).toBe(false);
    ctx.advance(HELD_MS - 1);
    expect(await holdJob(ctx, { name: 'x', holder: A })).toBe(true);
    ctx.advance(HELD_MS - 1);
    expect(await holdJob(ctx, { name: 'x', holder: B })).toBe(false);
    ctx.advance(1);
    expect(await holdJob(ctx, { name: 'x', holder: B })).toBe(true);
    // late, and none of its business any more
    expect(await holdJob(ctx, { name: 'x', holder: A })).toBe(false);
    await releaseJob(ctx, { name: 'x', holder: A }, new Date('2030-01-01'));
    expect(await jobDueAt(ctx, 'x')).not.toEqual(new Date('2030-01-01'));
    await releaseJob(ctx, { name: 'x', holder: B }, new Date('2026-03-03'));
    expect(await jobDueAt(ctx, 'x')).toEqual(new Date('2026-03-03'));
    // it was just done: whoever thought that it was due finds that it is not
    expect(await holdJob(ctx, { name: 'x', holder: A })).toBe(false);
  });

  it('of many that work on one workspace, one does what comes round, once a round', async () => {
    let rounds = 0;
    let together = 0;
    let most = 0;
    const job: Job = {
      name: 'round',
      everyMs: 3_600_000,
      lookMs: 10,
      nextAt: (own) => jobDueAt(own, 'round'),
      async run() {
        together += 1;
        most = Math.max(most, together);
        await sleep(20);
        together -= 1;
        rounds += 1;
        return { rounds: 1 };
      },
    };
    const stop = new AbortController();
    const all = [1, 2, 3].map(() => keepWorking({ ...ctx, signal: stop.signal }, hooks, [job]));
    while (rounds < 1) await sleep(5);
    await sleep(50);
    expect([rounds, most]).toEqual([1, 1]);
    ctx.advance(3_600_000);
    while (rounds < 2) await sleep(5);
    stop.abort();
    await Promise.all(all);
    expect([rounds, most]).toEqual([2, 1]);
    expect(said).toEqual(['round {"rounds":1}', 'round {"rounds":1}']);
  });

  it('a job that fails is said and tried again, and holds up no other', async () => {
    const failing: Job = {
      name: 'failing',
      lookMs: 10,
      nextAt: async () => ctx.now(),
      run: async () => {
        throw new Error('it broke');
      },
    };
    const other: Job = { name: 'other', lookMs: 10, nextAt: async () => ctx.now(), run: async () => ({ done: 1 }) };
    const stop = new AbortController();
    const working = keepWorking({ ...ctx, signal: stop.signal }, hooks, [failing, other]);
    while (!said.includes('failing failed: it broke') || !said.includes('other {"done":1}')) await sleep(5);
    stop.abort();
    await working;
    // let go, not left to its lease
    expect(await holdJob(ctx, { name: 'failing', holder: A })).toBe(true);
    await expect(workOnce(ctx, hooks, [{ ...failing, name: 'again' }])).rejects.toThrow('it broke');
  });

  it('an event is delivered by the jobs, to a receiver that the command added', async () => {
    const receiver = await startReceiver((n) => (n === 0 ? 410 : 200));
    const command = (...args: string[]) => runCommand([webhooks], ctx, ['webhooks', ...args]);
    try {
      expect((await command('secret')).out).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect((await command('list')).out).toMatch('There is no webhook');
      await expect(command('add', 'loop', receiver.url, '--secret', 'NOT_SET')).rejects.toMatchObject({
        code: 'invalid_input',
        message: 'NOT_SET is not set.',
      });
      await expect(command('add', 'loop', receiver.url, '--secret', 'HOOK_SECRET', '--types', 'hand_off.lost')).rejects.toMatchObject({
        code: 'invalid_input',
      });
      const plain = runCommand([webhooks], { ...ctx, webhookNetworks: [] }, [
        'webhooks',
        'add',
        'loop',
        receiver.url,
        '--secret',
        'HOOK_SECRET',
      ]);
      await expect(plain).rejects.toMatchObject({ code: 'invalid_input', problems: [{ path: 'url' }] });
      expect((await command('add', 'loop', receiver.url, '--secret', 'HOOK_SECRET')).out).toBe('loop hears of events from now on.');
      await tell(ctx, ['a']);
      await workOnce(ctx, hooks);
      expect(said).toEqual(['deliver {"delivered":0,"retried":0,"dead":1}']);
      expect((await command('list')).out).toMatch('it is gone');
      expect(JSON.parse((await command('list', '--json')).out)).toMatchObject([
        { name: 'loop', secret: 'HOOK_SECRET', delivered_at: null, ended_at: ctx.now().toISOString(), unsigned: false },
      ]);
      const dead = await command('dead');
      expect(dead.out).toMatch(/loop +\S{36} +hand_off\.disposed/);
      expect(JSON.parse((await command('dead', '--json')).out)).toMatchObject({
        total: 1,
        letters: [{ endpoint: 'loop', recorded_at: expect.any(String), last_answer: 'it is gone (410)' }],
      });
      await expect(command('replay', 'loop')).rejects.toMatchObject({ code: 'conflict' });
      ctx.advance(1);
      expect((await command('add', 'loop', receiver.url, '--secret', 'HOOK_SECRET')).out).toBe('loop is changed.');
      expect((await command('replay', 'loop')).out).toBe('1 event is sent to loop again.');
      await expect(command('replay', 'loop', A)).rejects.toMatchObject({ code: 'not_found' });
      await workOnce(ctx, hooks);
      expect(receiver.arrivals.map(({ taken }) => taken)).toEqual([false, true]);
      expect((await command('dead', 'loop')).out).toBe('Nothing was given up.');
      expect((await command('remove', 'loop')).out).toBe('loop is removed; it was owed 0 events.');
      await expect(command('remove', 'loop')).rejects.toMatchObject({ code: 'not_found' });
    } finally {
      await receiver.close();
    }
  });
});
