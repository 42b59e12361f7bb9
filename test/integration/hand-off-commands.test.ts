import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { openPostgres } from '../../src/db/postgres.ts';
import { verifyAudit } from '../../src/db/verify-audit.ts';
import { readWorkspace } from '../../src/db/workspace.ts';
import type { DECISIONS } from '../../src/handoff/core/moves.ts';
import { disposeMql } from '../../src/handoff/dispose-mql.ts';
import { handOffLead } from '../../src/handoff/hand-off-lead.ts';
import { listHandoffs } from '../../src/handoff/list-handoffs.ts';
import { logFollowUp } from '../../src/handoff/log-follow-up.ts';
import { verifyHandOffs } from '../../src/handoff/verify-hand-offs.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import type { Database } from '../../src/kernel/database.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { findPerson } from '../../src/records/find-person.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { openTestPglite, openTestPostgres } from '../support/databases.ts';
import { handOffWorld } from '../support/hand-off-world.ts';
import { BY } from '../support/identity-world.ts';
import { importText } from '../support/imports.ts';

const PEOPLE = ['ann@acme.com', 'bob@bolt.de', 'cat@bolt.de'];
const HOUR = 3_600_000;

type Command =
  | { do: 'hand_off'; who: number }
  /** With the next one. */
  | { do: 'merge'; who: number }
  | { do: 'unmerge'; who: number }
  | { do: 'dispose'; who: number; decision: (typeof DECISIONS)[number]; code?: string; owner?: string }
  | { do: 'log'; who: number; what: 'attempt' | 'meeting' | 'pause' | 'resume' };

const who = fc.nat(PEOPLE.length - 1);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('hand_off' as const), who }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('merge' as const, 'unmerge' as const), who }) },
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
const round = fc.record({
  commands: fc.array(command, { minLength: 1, maxLength: 8, size: 'max' }),
  hours: fc.integer({ min: 1, max: 30 }),
});

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
  let apart: string | null = null;
  for (const { kind, detail } of log) {
    const stage = stages.at(-1) ?? '';
    if (kind === 'merge_away' || kind === 'unmerge') {
      expect(apart !== null || (kind === 'merge_away' && OPEN.includes(stage)), `${kind} of a lead that is ${stage}`).toBe(true);
      if (kind === 'merge_away') apart ??= stage;
      stages.push(kind === 'merge_away' ? 'merged' : (apart ?? ''));
      if (kind === 'unmerge') apart = null;
      continue;
    }
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

interface Worlds {
  database: Database;
  /** Another process' connection, where there can be one. */
  other: Database;
  runs: number;
}

let workspaces = 0;

async function holdsForRandomCommands({ database, other, runs }: Worlds): Promise<void> {
  const settled = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 3, maxLength: 6 }), async (rounds) => {
      workspaces += 1;
      const ctx = testContext(database, { workspaceId: `m${workspaces}` });
      await handOffWorld(ctx);
      await importText(ctx, 'people', 'email,name\ncat@bolt.de,Cat Cole\n', { source: 'salesforce' });
      const nodes = await readWorkspace(ctx, (tx) => Promise.all(PEOPLE.map(async (one) => (await findPerson(tx, ctx, one)).id)));
      const elsewhere: TestContext = { ...ctx, db: other };
      const seen: { at: string; list: unknown }[] = [];
      // merges shall meet hand-offs
      for (const person of PEOPLE) await handOffLead(ctx, { person, reason: 'asked for' });
      let done = PEOPLE.length;
      for (const { commands, hours } of rounds) {
        const ended = await Promise.allSettled(commands.map((one, i) => carryOut(i % 2 === 0 ? ctx : elsewhere, one, nodes)));
        for (const one of ended) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(SamepageError);
        done += ended.filter(({ status }, i) => status === 'fulfilled' && !STITCHED.includes(commands[i]?.do ?? '')).length;
        await hasOneOpenEach(ctx);
        ctx.advance(hours * HOUR);
        seen.push({ at: ctx.now().toISOString(), list: await listed(ctx) });
        ctx.advance(1000);
      }
      for (const kind of await holds(ctx, done)) settled.set(kind, (settled.get(kind) ?? 0) + 1);
      for (const { at, list } of seen) expect(await listed(ctx, at)).toEqual(list);
    }),
    { seed: 20_261_123, numRuns: runs },
  );
  // merges met hand-offs, and splits brought them back
  for (const kind of SETTLED) expect(settled.get(kind), kind).toBeGreaterThan(0);
}

const STITCHED = ['merge', 'unmerge'];
const SETTLED = ['merge_away', 'unmerge'];
/** A lead that waited for a merge has had it: no command gives a note. */
const isOfMerge = ({ kind, detail }: z.infer<typeof eventRows>[number]) => kind === 'merged' && 'note' in detail;

describe('random commands at once lose nothing, double nothing, and leave no state that cannot be', () => {
  it.skipIf(inject('postgres') === undefined)('of two processes, on PostgreSQL', async () => {
    const database = await openTestPostgres();
    const other = await openPostgres(database.url ?? '');
    try {
      await holdsForRandomCommands({ database, other, runs: 14 });
    } finally {
      await other.close();
      await database.close();
    }
  });

  it('on PGlite', async () => {
    const database = await openTestPglite();
    try {
      await holdsForRandomCommands({ database, other: database, runs: 2 });
    } finally {
      await database.close();
    }
  });
});

function carryOut(ctx: TestContext, given: Command, nodes: readonly string[]): Promise<unknown> {
  const handoff = PEOPLE[given.who] ?? '';
  const [node = '', next = ''] = [nodes[given.who], nodes[(given.who + 1) % nodes.length]];
  if (given.do === 'merge') return mergeEntities(ctx, { kind: 'person', nodes: [node, next], decision: BY });
  if (given.do === 'unmerge') return unmergeEntities(ctx, { kind: 'person', nodes: [node], decision: BY });
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
const standRows = z.array(z.object({ id: z.string(), entity: z.string(), stage: z.string(), followed_by: z.string().nullable() }));
const countRows = z.tuple([z.object({ told: z.number(), audited: z.number() })]);

async function holds(ctx: TestContext, done: number): Promise<string[]> {
  const [events, stands, [counts], verdict] = await readWorkspace(ctx, async (tx) => [
    eventRows.parse(
      await tx.query(
        'select hand_off_id::text, kind, detail from hand_off_event where workspace_id = $1 order by recorded_at, hand_off_id, ordinal',
        [ctx.workspaceId],
      ),
    ),
    standRows.parse(
      await tx.query(
        `select h.id::text, coalesce(p.merged_into, p.id)::text as entity, h.stage, h.followed_by::text
         from hand_off h join person p on p.workspace_id = $1 and p.id = h.person_id where h.workspace_id = $1 order by h.handed_at`,
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
  expect(events.filter((one) => !SETTLED.includes(one.kind) && !isOfMerge(one))).toHaveLength(done);
  expect(counts.audited).toBe(done);
  expect(counts.told).toBe(events.filter(({ kind }) => ['hand_off', 'accept', 'reject', 'take_back', ...SETTLED].includes(kind)).length);
  expect(verdict).toMatchObject({ wrong: [], miscounted: 0, doubled: [] });
  expect((await verifyAudit(ctx)).broken).toBeUndefined();
  for (const { id, stage } of stands) expect(stageOf(events.filter(({ hand_off_id }) => hand_off_id === id))).toBe(stage);
  const byId = new Map(stands.map((one) => [one.id, one]));
  for (const { id, entity, stage, followed_by } of stands) {
    if (followed_by === null) expect(stage, id).not.toBe('merged');
    else expect([OPEN.includes(stage), byId.get(followed_by)?.entity], id).toEqual([false, entity]);
  }
  return events.map(({ kind }) => kind).filter((kind) => SETTLED.includes(kind));
}

/** Whoever the records count as. */
async function hasOneOpenEach(ctx: TestContext): Promise<void> {
  const open = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select coalesce(p.merged_into, p.id)::text as person from hand_off h join person p on p.workspace_id = $1 and p.id = h.person_id
       where h.workspace_id = $1 and h.closed_at is null`,
      [ctx.workspaceId],
    ),
  );
  expect(new Set(open.map(({ person }) => person)).size).toBe(open.length);
}
