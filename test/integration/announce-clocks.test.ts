import { beforeEach, expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { announceClocks } from '../../src/handoff/announce-clocks.ts';
import { disposeMql } from '../../src/handoff/dispose-mql.ts';
import { handOffLead } from '../../src/handoff/hand-off-lead.ts';
import { keepWorking, workOnce } from '../../src/handoff/keep-working.ts';
import { logFollowUp } from '../../src/handoff/log-follow-up.ts';
import { nextLook } from '../../src/handoff/next-look.ts';
import type { TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { handOffWorld } from '../support/hand-off-world.ts';
import { useWorkspaces } from '../support/imports.ts';

const ANN = 'ann@acme.com';
const QUIET = { accounts: [], due: 0, breached: 0 };

describeDatabases('clocks are announced', (open) => {
  let ctx: TestContext;

  const fresh = useWorkspaces(open);
  beforeEach(async () => {
    ctx = await fresh();
    await handOffWorld(ctx);
    await handOffLead(ctx, { person: ANN });
  });

  const told = async () => {
    const rows = await readWorkspace(ctx, (tx) =>
      tx.query(
        `select type, data ->> 'clock' as clock, data ->> 'due' as due from outbox_event where workspace_id = $1
         and type in ('hand_off.due', 'hand_off.breached') order by recorded_at, position`,
        [ctx.workspaceId],
      ),
    );
    return rows.map(({ type, clock, due }) => `${String(type)} ${String(clock)} ${String(due)}`);
  };

  it('near their breach and breached, each once, and nobody looks in between', async () => {
    expect(await announceClocks(ctx)).toEqual(QUIET);
    // ten business minutes from nine in New York: eight of them are 80 percent
    expect(await nextLook(ctx)).toEqual(new Date('2026-03-02T14:08:00.000Z'));
    ctx.setNow('2026-03-02T14:08:00.000Z');
    expect(await announceClocks(ctx)).toMatchObject({ due: 1, breached: 0, accounts: [expect.any(String)] });
    expect(await announceClocks(ctx)).toEqual(QUIET);
    expect(await nextLook(ctx)).toEqual(new Date('2026-03-02T14:10:00.001Z'));
    ctx.setNow('2026-03-02T14:10:00.001Z');
    expect(await announceClocks(ctx)).toMatchObject({ due: 0, breached: 1 });
    expect(await told()).toEqual([
      'hand_off.due speed_to_lead 2026-03-02T14:10:00.000Z',
      'hand_off.breached speed_to_lead 2026-03-02T14:10:00.000Z',
    ]);
    // what is logged has it looked at, and tells nothing twice
    await logFollowUp(ctx, { handoff: ANN, channel: 'call', outcome: 'no_answer' });
    expect(await nextLook(ctx)).toEqual(ctx.now());
    expect(await announceClocks(ctx)).toEqual(QUIET);
  });

  it('one that was kept is not, and one that a decision starts is', async () => {
    ctx.setNow('2026-03-02T14:01:00Z');
    await logFollowUp(ctx, { handoff: ANN, channel: 'call', outcome: 'no_answer' });
    await disposeMql(ctx, { handoff: ANN, decision: 'accept' });
    for (let looks = 0; looks < 50; looks += 1) {
      await announceClocks(ctx);
      const next = await nextLook(ctx);
      if (next === null || next.getUTCFullYear() > 2100) break;
      ctx.setNow(next.toISOString());
    }
    const all = await told();
    expect(all.some((one) => one.includes('speed_to_'))).toBe(false);
    expect(all.filter((one) => one.includes('first_meeting')).map((one) => one.split(' ')[0])).toEqual([
      'hand_off.due',
      'hand_off.breached',
    ]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('by the jobs, which say whose account it is', async () => {
    const said: string[] = [];
    const hooks = {
      done: (job: string, what: object) => void said.push(`${job} ${JSON.stringify(what)}`),
      failed: (job: string, error: unknown) => void said.push(`${job} failed ${String(error)}`),
      changed: (accounts: readonly string[]) => void said.push(`accounts ${accounts.length}`),
      wants() {},
    };
    ctx.setNow('2026-03-02T15:00:00Z');
    const stop = new AbortController();
    const all = [1, 2].map(() => keepWorking({ ...ctx, signal: stop.signal }, hooks));
    while (said.length < 2) await new Promise((turn) => setTimeout(turn, 5));
    stop.abort();
    await Promise.all(all);
    await workOnce(ctx, hooks);
    expect(said).toEqual(['accounts 1', 'announce {"due":0,"breached":1}']);
  });
});
