import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { openPostgres } from '../../src/db/postgres.ts';
import { verifyAudit } from '../../src/db/verify-audit.ts';
import { readWorkspace } from '../../src/db/workspace.ts';
import { type DECISIONS, disposeMql } from '../../src/handoff/dispose-mql.ts';
import { handOffLead } from '../../src/handoff/hand-off-lead.ts';
import { listHandoffs } from '../../src/handoff/list-handoffs.ts';
import { logFollowUp } from '../../src/handoff/log-follow-up.ts';
import { verifyHandOffs } from '../../src/handoff/verify-hand-offs.ts';
import type { Database } from '../../src/kernel/database.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { openTestPostgres, type TestDatabase } from '../support/databases.ts';
import { handOffWorld } from '../support/hand-off-world.ts';

const PEOPLE = ['ann@acme.com', 'bob@bolt.de'];
const HOUR = 3_600_000;

type Command =
  | { do: 'hand_off'; who: number }
  | { do: 'dispose'; who: number; decision: (typeof DECISIONS)[number]; code?: string; owner?: string }
  | { do: 'log'; who: number; what: 'attempt' | 'meeting' | 'pause' | 'resume' };

const who = fc.nat(PEOPLE.length - 1);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hand_off' as const), who }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('dispose' as const),
      who,
      decision: fc.constantFrom('accept', 'take_back', 'qualify', 'open_opportunity', 'win', 'lose', 'enriched', 'merged'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('dispose' as const),
      who,
      decision: fc.constant('reject' as const),
      code: fc.constantFrom('FIT-02', 'ENG-02', 'DATA-01', 'DATA-02', 'OWN-01', 'INT-01', 'ENG-01'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('dispose' as const), who, decision: fc.constant('assign' as const), owner: fc.constant('ben') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('log' as const), who, what: fc.constantFrom('attempt', 'meeting', 'pause', 'resume') }),
  },
);
/** Commands that are given at the same time, and the hours until the next ones. */
const round = fc.record({ commands: fc.array(command, { minLength: 1, maxLength: 8 }), hours: fc.integer({ min: 1, max: 30 }) });

/** What may follow what, by the contract's own words; a rejection leads where its code says. */
const NEXT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mql: { accept: 'accepted', assign: 'mql' },
  accepted: { qualify: 'qualified', open_opportunity: 'opportunity', assign: 'accepted' },
  qualified: { open_opportunity: 'opportunity', assign: 'qualified' },
  opportunity: { win: 'won', lose: 'lost' },
  inquiry: { enriched: 'inquiry', merged: 'inquiry' },
};
const REJECTED: Readonly<Record<string, string>> = {
  'FIT-02': 'disqualified',
  'ENG-02': 'recycled',
  'DATA-01': 'inquiry',
  'DATA-02': 'inquiry',
  'OWN-01': 'mql',
  'INT-01': 'recycled',
};
const OPEN = ['mql', 'accepted', 'qualified', 'opportunity'];

/** The stage to which a log leads, each move of it held against the contract. */
function stageOf(log: readonly { kind: string; detail: Record<string, unknown> }[]): string {
  const stages: string[] = ['inquiry'];
  let before: string | null = null;
  for (const { kind, detail } of log) {
    const stage = stages.at(-1) ?? '';
    if (['attempt', 'meeting', 'pause', 'resume'].includes(kind)) {
      expect(OPEN, `${kind} of a hand-off that is over`).toContain(stage);
      continue;
    }
    let next: string | undefined;
    if (kind === 'hand_off') next = 'mql';
    else if (kind === 'take_back') next = before ?? undefined;
    else if (kind === 'reject') next = ['mql', 'accepted', 'qualified'].includes(stage) ? REJECTED[String(detail.code)] : undefined;
    else next = NEXT[stage]?.[kind];
    expect(next, `${kind} of a lead that is ${stage}`).toBeDefined();
    before = kind === 'accept' || kind === 'reject' ? stage : null;
    stages.push(next ?? '');
  }
  return stages.at(-1) ?? '';
}

describe.skipIf(inject('postgres') === undefined)('random commands at once, of two processes, on PostgreSQL', () => {
  let database: TestDatabase;
  let other: Database;
  let workspaces = 0;

  beforeAll(async () => {
    database = await openTestPostgres();
    other = await openPostgres(database.url ?? '');
  });
  afterAll(async () => {
    await other.close();
    await database.close();
  });

  it('lose nothing, double nothing, and leave no state that cannot be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 3, maxLength: 6 }), async (rounds) => {
        workspaces += 1;
        const ctx = testContext(database, { workspaceId: `m${workspaces}` });
        await handOffWorld(ctx);
        const elsewhere: TestContext = { ...ctx, db: other };
        const seen: { at: string; list: unknown }[] = [];
        let done = 0;
        for (const { commands, hours } of rounds) {
          const ended = await Promise.allSettled(commands.map((one, i) => carryOut(i % 2 === 0 ? ctx : elsewhere, one)));
          for (const one of ended) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(SamepageError);
          done += ended.filter(({ status }) => status === 'fulfilled').length;
          ctx.advance(hours * HOUR);
          seen.push({ at: ctx.now().toISOString(), list: await listed(ctx) });
          ctx.advance(1000);
        }
        await holds(ctx, done);
        for (const { at, list } of seen) expect(await listed(ctx, at)).toEqual(list);
      }),
      { seed: 20_261_123, numRuns: 14 },
    );
  });
});

function carryOut(ctx: TestContext, given: Command): Promise<unknown> {
  const handoff = PEOPLE[given.who] ?? '';
  if (given.do === 'hand_off') return handOffLead(ctx, { person: handoff, reason: 'asked for' });
  if (given.do === 'log') {
    const { what } = given;
    return logFollowUp(ctx, {
      handoff,
      what,
      ...(what === 'attempt' && { channel: 'call' }),
      ...((what === 'pause' || what === 'resume') && { reason: 'asked_to_wait' }),
    });
  }
  const { do: _, who: __, ...disposition } = given;
  return disposeMql(ctx, { handoff, ...disposition });
}

/** Where everybody stands, and when they need somebody next by their clocks. */
async function listed(ctx: TestContext, as_of?: string) {
  const { handoffs, total } = await listHandoffs(ctx, as_of === undefined ? {} : { as_of });
  const rows = handoffs.map(({ handOff, projection, clocks }) => {
    const owed = clocks.filter(({ state, due }) => (state === 'running' || state === 'paused') && due !== null).map(({ due }) => due ?? 0);
    const next = owed.length === 0 ? Date.UTC(9999, 11, 31) : Math.min(...owed);
    expect(projection.next_at).toBe(next);
    return { id: handOff.id, state: projection.state, next };
  });
  expect(rows.map(({ next }) => next)).toEqual(rows.map(({ next }) => next).sort((a, b) => a - b));
  return { total, rows };
}

const eventRows = z.array(z.object({ hand_off_id: z.string(), kind: z.string(), detail: z.record(z.string(), z.unknown()) }));
const standRows = z.array(z.object({ id: z.string(), person_id: z.string(), stage: z.string(), followed_by: z.string().nullable() }));
const countRows = z.tuple([z.object({ told: z.number(), audited: z.number() })]);

async function holds(ctx: TestContext, done: number): Promise<void> {
  const [events, stands, [counts], verdict] = await readWorkspace(ctx, async (tx) => [
    eventRows.parse(
      await tx.query(
        'select hand_off_id::text, kind, detail from hand_off_event where workspace_id = $1 order by recorded_at, hand_off_id, ordinal',
        [ctx.workspaceId],
      ),
    ),
    standRows.parse(
      await tx.query(
        'select id::text, person_id::text, stage, followed_by::text from hand_off where workspace_id = $1 order by handed_at',
        [ctx.workspaceId],
      ),
    ),
    countRows.parse(
      await tx.query(
        `select (select count(*) from outbox_event where workspace_id = $1) as told, (select count(*) from audit_entry where workspace_id = $1
           and verb in ('hand_off_lead', 'dispose_mql', 'log_follow_up')) as audited`,
        [ctx.workspaceId],
      ),
    ),
    await verifyHandOffs(tx, ctx, { most: 1000, start: '00000000-0000-0000-0000-000000000000' }),
  ]);
  // what was answered was written, and once
  expect(events).toHaveLength(done);
  expect(counts.audited).toBe(done);
  expect(counts.told).toBe(events.filter(({ kind }) => ['hand_off', 'accept', 'reject', 'take_back'].includes(kind)).length);
  expect(verdict).toMatchObject({ wrong: [], miscounted: 0 });
  expect((await verifyAudit(ctx)).broken).toBeUndefined();
  for (const { id, stage } of stands) expect(stageOf(events.filter(({ hand_off_id }) => hand_off_id === id))).toBe(stage);
  for (const person of new Set(stands.map(({ person_id }) => person_id))) {
    const [...all] = stands.filter(({ person_id }) => person_id === person);
    const last = all.pop();
    expect(last?.followed_by ?? null).toBeNull();
    for (const [i, one] of all.entries()) {
      expect(OPEN).not.toContain(one.stage);
      expect(one.followed_by).toBe((all[i + 1] ?? last)?.id);
    }
  }
}
