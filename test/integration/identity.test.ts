import fc from 'fast-check';
import { expect, it } from 'vitest';
import { getAccount } from '../../src/accounts/get-account.ts';
import { searchRecords } from '../../src/accounts/search-records.ts';
import { readWorkspace, recordInWorkspace } from '../../src/db/workspace.ts';
import type { Rubric } from '../../src/definitions/core/rubric.ts';
import { currentDefinition } from '../../src/definitions/current-definition.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { saveDefinition } from '../../src/definitions/save-definition.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { getIdentity } from '../../src/identity/get-identity.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { mergeNodes } from '../../src/identity/merge-nodes.ts';
import { recordDecision } from '../../src/identity/record-decision.ts';
import { suppressedIdentifiers } from '../../src/identity/suppressed-identifiers.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import type { Database } from '../../src/kernel/database.ts';
import { dayOf } from '../../src/kernel/dates.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { compareProjections } from '../../src/records/compare-projections.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { repairProjections } from '../../src/records/repair-projections.ts';
import { computeScores } from '../../src/scoring/compute-scores.ts';
import type { Source } from '../../src/scoring/core/subject-sql.ts';
import { getScore } from '../../src/scoring/get-score.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { scoreRecord } from '../../src/scoring/score-record.ts';
import { verifyReceipts } from '../../src/scoring/verify-receipts.ts';
import { rubric as randomRubric } from '../support/arbitraries.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { workspaceRows } from '../support/digest.ts';
import { OTHER_RUBRIC } from '../support/evolving-world.ts';
import { believedWorld, readLogs, subjectsIn } from '../support/identity-oracle.ts';
import { happen, nodesOf, type Told, turn } from '../support/identity-story.ts';
import { scoreByOracle } from '../support/oracle.ts';

let worlds = 0;

/** A workspace of its own in a database that tests share. */
async function newWorld(db: Database): Promise<TestContext> {
  worlds += 1;
  const ctx = testContext(db, { workspaceId: `world-${worlds}` });
  await ensureWorkspace(ctx);
  return ctx;
}

async function definitionsOf(ctx: TestContext) {
  return readWorkspace(ctx, async (tx) => ({
    rubric: await currentDefinition(tx, ctx, 'rubric'),
    sources: (await currentDefinition(tx, ctx, 'taxonomy')).document.sources,
  }));
}

async function clockOf(ctx: TestContext): Promise<string> {
  const [row] = await readWorkspace(ctx, (tx) => tx.query('select known_at from workspace where workspace_id = $1', [ctx.workspaceId]));
  return new Date(String(row?.known_at)).toISOString();
}

/** Every score that the SQL gives from a source. */
async function scoresFrom(ctx: TestContext, source: Source, asOfDay: number, document?: Rubric): Promise<Record<string, unknown>> {
  return readWorkspace(ctx, async (tx) => {
    const current = await currentDefinition(tx, ctx, 'rubric');
    const rubric = { ...current, document: document ?? current.document };
    const found: Record<string, unknown> = {};
    for (const kind of ['account', 'lead'] as const) {
      const rows = await tx.query(`select id::text from ${kind === 'lead' ? 'person' : kind} where workspace_id = $1`, [ctx.workspaceId]);
      const ids = rows.map((row) => String(row.id));
      for (const { id, result } of await computeScores(tx, ctx, { rubric, kind, ids, asOfDay, source })) found[`${kind} ${id}`] = result;
    }
    return found;
  });
}

/** The projections as they are kept, in the oracle's form. */
async function keptWorld(ctx: TestContext) {
  return readWorkspace(ctx, async (tx) => {
    const rows = (text: string) => tx.query(text, [ctx.workspaceId]);
    const byId = (found: Record<string, unknown>[]) => Object.fromEntries(found.map(({ id, ...rest }) => [String(id), rest]));
    return {
      accounts: byId(await rows('select id::text, fields from account where workspace_id = $1 and merged_into is null')),
      people: byId(await rows('select id::text, fields, account_id::text from person where workspace_id = $1 and merged_into is null')),
      events: byId(
        await rows('select id::text, person_id::text, account_id::text from event where workspace_id = $1 and superseded_at is null'),
      ),
      opportunities: byId(await rows('select id::text, account_id::text from opportunity where workspace_id = $1')),
      entityOf: Object.fromEntries(
        (
          await rows(`select id::text, coalesce(merged_into, id)::text as entity from account where workspace_id = $1
            union all select id::text, coalesce(merged_into, id)::text from person where workspace_id = $1`)
        ).map((row) => [row.id, row.entity]),
      ),
    };
  });
}

function keptForm(world: ReturnType<typeof believedWorld>) {
  return {
    accounts: Object.fromEntries([...world.accounts].map(([id, fields]) => [id, { fields }])),
    people: Object.fromEntries([...world.people].map(([id, { fields, accountId }]) => [id, { fields, account_id: accountId }])),
    events: Object.fromEntries(world.events.map(({ id, personId, accountId }) => [id, { person_id: personId, account_id: accountId }])),
    opportunities: Object.fromEntries([...world.opportunities].map(([id, accountId]) => [id, { account_id: accountId }])),
    entityOf: Object.fromEntries(world.entityOf),
  };
}

/** What the plain scorer gives for everyone. */
function expectedScores(world: ReturnType<typeof believedWorld>, document: Rubric, asOfDay: number): Record<string, unknown> {
  const expected: Record<string, unknown> = {};
  for (const { id, subject } of subjectsIn(world)) {
    const { score, tier, heat, points, unknown, disqualified } = scoreByOracle(document, subject, asOfDay);
    expected[`${subject.kind} ${id}`] = { score, tier, heat, points, unknown, disqualified };
  }
  return expected;
}

const BY = { by: 'person' as const };
const MODEL = { by: 'model' as const, model: 'test 1' };
/** What only grows, and when something changed; who counted as whom before is a log as well. */
const LOGS = [
  'audit_entry',
  'workspace',
  'identity_decision',
  'identity_side',
  'identity_member',
  'rescore_run',
  'rescore_part',
  'score_history',
];

/** Every row that is derived, without the times at which it was. */
async function derivedState(ctx: TestContext): Promise<Record<string, string[]>> {
  const rows = await workspaceRows(ctx, { without: LOGS });
  const plain = (row: string) => row.replace(/"(changed_at|known_at|as_of_day)":("[^"]*"|\d+),?/g, '');
  return Object.fromEntries(Object.entries(rows).map(([table, some]) => [table, some.map(plain).sort()]));
}

async function wrongProjections(ctx: TestContext): Promise<Record<string, string[]>> {
  return readWorkspace(ctx, async (tx) => {
    const wrong: Record<string, string[]> = {};
    for await (const one of compareProjections(tx, ctx, { most: Number.MAX_SAFE_INTEGER, start: '00000000-0000-0000-0000-000000000000' }))
      if (one.wrong.length > 0) wrong[one.projection] = one.wrong;
    return wrong;
  });
}

/** A workspace with a few imports behind it. */
async function storyWorld(db: Database, seed: number, imports = 3): Promise<{ ctx: TestContext; told: Told }> {
  const ctx = await newWorld(db);
  const told: Told = { merges: [], imports: 0 };
  for (let i = 0; i < imports; i += 1) await happen(ctx, told, { do: 'import', seed: seed + i });
  return { ctx, told };
}

const story = fc.tuple(fc.nat(1_000_000), fc.array(turn, { minLength: 2, maxLength: 9 }));

describeDatabases('merged records', (open, dialect) => {
  it('count as what their logs say, today and at any instant before', async () => {
    const db = await open();
    await fc.assert(
      fc.asyncProperty(story, randomRubric, async ([seed, turns], other) => {
        const ctx = await newWorld(db);
        const { rubric, sources } = await definitionsOf(ctx);
        const rubrics = [rubric.document, other];
        const told: Told = { merges: [], imports: 0 };
        const past: { knownAt: string; asOfDay: number; scores: Record<string, unknown>[] }[] = [];
        await happen(ctx, told, { do: 'import', seed });
        for (const now of turns) {
          await happen(ctx, told, now);
          const asOfDay = dayOf(ctx.now());
          const knownAt = await clockOf(ctx);
          const world = believedWorld(await readLogs(ctx), { knownAt: Date.parse(knownAt), asOfDay, sources });
          expect(await keptWorld(ctx)).toEqual(keptForm(world));
          const scores = rubrics.map((document) => expectedScores(world, document, asOfDay));
          for (const [i, document] of rubrics.entries())
            expect(await scoresFrom(ctx, { mode: 'today' }, asOfDay, document)).toEqual(scores[i]);
          past.push({ knownAt, asOfDay, scores });
        }
        for (const { knownAt, asOfDay, scores } of past) {
          for (const [i, document] of rubrics.entries())
            expect(await scoresFrom(ctx, { mode: 'history', knownAt, sources }, asOfDay, document)).toEqual(scores[i]);
        }
      }),
      { numRuns: dialect === 'pglite' ? 12 : 25, seed: 20_260_302 },
    );
  }, 280_000);

  it('are what they were before when the merges are taken back, in whatever order, scores too', async () => {
    const db = await open();
    const pairs = fc.array(fc.tuple(fc.constantFrom('account', 'person'), fc.uniqueArray(fc.nat(60), { minLength: 2, maxLength: 6 })), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), pairs, fc.nat(), fc.boolean(), async (seed, merges, shuffle, rescored) => {
        const { ctx } = await storyWorld(db, seed);
        await rescoreRecords(ctx, { scope: 'all' });
        const before = await derivedState(ctx);
        const nodes = { account: await nodesOf(ctx, 'account'), person: await nodesOf(ctx, 'person') };
        const made: { kind: 'account' | 'person'; merge: string }[] = [];
        for (const [kind, places] of merges) {
          ctx.advance(1000);
          const named = [...new Set(places.map((place) => nodes[kind][place % nodes[kind].length] as string))];
          if (named.length < 2) continue;
          const { decision } = await mergeEntities(ctx, { kind, nodes: named, decision: BY });
          made.push({ kind, merge: decision });
        }
        if (rescored) await rescoreRecords(ctx, { scope: 'changed' });
        expect(await wrongProjections(ctx)).toEqual({});
        const order = [...new Map(made.map((one) => [one.merge, one])).values()];
        for (let at = shuffle; order.length > 0; at = at * 31 + 7) {
          ctx.advance(1000);
          const [one] = order.splice(at % order.length, 1);
          if (one !== undefined) await unmergeEntities(ctx, { ...one, decision: BY });
        }
        await rescoreRecords(ctx, { scope: 'changed' });
        expect(await derivedState(ctx)).toEqual(before);
        expect(await readWorkspace(ctx, (tx) => verifyReceipts(tx, ctx, { which: 'all' }))).toMatchObject({ different: 0 });
      }),
      { numRuns: dialect === 'pglite' ? 6 : 12, seed: 20_260_303 },
    );
  }, 280_000);

  it('leave nothing behind: what came in while they were merged is as if they had never been', async () => {
    const db = await open();
    const places = fc.array(fc.tuple(fc.constantFrom('account', 'person'), fc.array(fc.nat(60), { minLength: 2, maxLength: 7 })), {
      minLength: 2,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), places, async (seed, merges) => {
        const worlds = [];
        for (const merging of [true, false]) {
          const { ctx, told } = await storyWorld(db, seed, 1);
          const begun = { account: await nodesOf(ctx, 'account'), person: await nodesOf(ctx, 'person') };
          const made = new Set<string>();
          for (const [kind, chosen] of merges) {
            ctx.advance(1000);
            const nodes = [...new Set(chosen.map((place) => begun[kind][place % begun[kind].length] as string))];
            if (!merging || nodes.length < 2) continue;
            made.add(`${kind} ${(await mergeEntities(ctx, { kind, nodes, decision: BY })).decision}`);
          }
          for (let i = 1; i < 4; i += 1) await happen(ctx, told, { do: 'import', seed: seed + i });
          ctx.advance(1000);
          for (const one of made) {
            const [kind, merge] = one.split(' ') as ['account' | 'person', string];
            await unmergeEntities(ctx, { kind, merge, decision: BY });
          }
          const state = await derivedState(ctx);
          delete state.import_run;
          worlds.push(
            JSON.parse(
              JSON.stringify(state)
                .replaceAll(ctx.workspaceId, '')
                .replace(/\\"import_id\\":\\"[^"]*\\",?/g, ''),
            ),
          );
        }
        expect(worlds[0]).toEqual(worlds[1]);
      }),
      { numRuns: dialect === 'pglite' ? 4 : 12, seed: 20_260_304 },
    );
  }, 280_000);

  it('are the same in whatever order they are merged', async () => {
    const db = await open();
    for (const seed of [1, 2]) {
      const worlds = [];
      for (const reversed of [false, true]) {
        const { ctx } = await storyWorld(db, seed);
        const people = await nodesOf(ctx, 'person');
        const accounts = await nodesOf(ctx, 'account');
        const merges = [
          ...[0, 1, 2, 5].map((i) => ({ kind: 'person' as const, nodes: people.slice(i, i + 3) })),
          ...[0, 1, 4].map((i) => ({ kind: 'account' as const, nodes: accounts.slice(i, i + 2) })),
        ];
        for (const merge of reversed ? merges.reverse() : merges) await mergeEntities(ctx, { ...merge, decision: MODEL });
        worlds.push(await keptWorld(ctx));
      }
      expect(worlds[1]).toEqual(worlds[0]);
    }
  }, 120_000);

  it('keep the receipts of before and after true, and an incremental rescore leaves what a full one would', async () => {
    const db = await open();
    const turns = fc.sample(turn, { numRuns: 14, seed: 7 });
    const { ctx, told } = await storyWorld(db, 99, 2);
    await rescoreRecords(ctx, { scope: 'all' });
    for (const now of turns) {
      await happen(ctx, told, now);
      await rescoreRecords(ctx, { scope: 'changed' });
    }
    const incremental = await derivedState(ctx);
    await rescoreRecords(ctx, { scope: 'all' });
    expect((await derivedState(ctx)).score).toEqual(incremental.score);
    const aliases = await readWorkspace(ctx, (tx) =>
      tx.query(
        `select 1 from score s join person p on p.workspace_id = s.workspace_id and p.id = s.subject_id and p.merged_into is not null where s.workspace_id = $1
         union all select 1 from score s join account a on a.workspace_id = s.workspace_id and a.id = s.subject_id and a.merged_into is not null where s.workspace_id = $1`,
        [ctx.workspaceId],
      ),
    );
    expect(aliases).toEqual([]);
    expect(told.merges.length).toBeGreaterThan(2);
    expect(await readWorkspace(ctx, (tx) => verifyReceipts(tx, ctx, { which: 'all' }))).toMatchObject({ different: 0 });
  }, 120_000);

  it('answer for their aliases: by id, domain, e-mail and name, in imports and events', async () => {
    const ctx = await newWorld(await open());
    await importRecords(ctx, {
      kind: 'accounts',
      source: 'crm',
      content: 'Id,Name,Website,Employees\nA,Acme,acme.com,100\nB,Acme Labs,acmelabs.io,7',
      mapping: { Id: 'external_id', Name: 'account.name', Website: 'account.domain', Employees: 'account.employees' },
    });
    ctx.advance(1000);
    await importRecords(ctx, {
      kind: 'people',
      source: 'crm',
      content: 'Id,Name,Email\nP,Ann Able,ann@acme.com\nQ,Anna Able,anna@acmelabs.io',
      mapping: { Id: 'external_id', Name: 'person.name', Email: 'person.email' },
    });
    const acme = derivedId('account', 'domain', 'acme.com');
    const labs = derivedId('account', 'domain', 'acmelabs.io');
    const ann = derivedId('person', 'email', 'ann@acme.com');
    const anna = derivedId('person', 'email', 'anna@acmelabs.io');
    await scoreRecord(ctx, { kind: 'account', record: labs });
    const receipt = (await getScore(ctx, { kind: 'account', record: labs })).receipt;
    ctx.advance(1000);
    const { entity, decision } = await mergeEntities(ctx, {
      kind: 'account',
      nodes: [labs, acme],
      decision: { ...MODEL, evidence: { bits: 9 } },
    });
    const other = entity === acme ? labs : acme;
    expect([acme, labs]).toContain(entity);
    await mergeEntities(ctx, { kind: 'person', nodes: [ann, anna], decision: MODEL });

    for (const named of [other, 'acme.com', 'acmelabs.io', 'Acme Labs', 'Acme'])
      expect((await getAccount(ctx, { account: named })).account, named).toMatchObject({ id: entity, aliases: [other] });
    const view = await getAccount(ctx, { account: other });
    expect(view.account).toMatchObject({ answers_for: other, domains: ['acme.com', 'acmelabs.io'] });
    expect(view.people.total).toBe(1);
    const employees = view.facts.shown.find((fact) => fact.field === 'account.employees');
    expect([employees?.value, ...(employees?.other_values.map((one) => one.value) ?? [])].sort()).toEqual([100, 7]);
    expect((await getScore(ctx, { kind: 'account', record: other })).subject).toMatchObject({ id: entity, answers_for: other });
    expect((await scoreRecord(ctx, { kind: 'account', record: other })).view.receipt.subject_id).toBe(entity);
    for (const named of ['ann@acme.com', 'anna@acmelabs.io', ann, anna])
      expect((await getScore(ctx, { kind: 'lead', record: named })).subject.id, named).toBe(view.people.top[0]?.id);

    for (const query of [other, 'acmelabs', 'labs', 'acme']) {
      const { records, total } = await searchRecords(ctx, { query });
      expect(
        records.map((record) => record.id),
        query,
      ).toEqual([entity]);
      expect(total).toBe(1);
    }
    expect((await searchRecords(ctx, { query: other })).records[0]).toMatchObject({ answers_for: other });
    expect(await searchRecords(ctx, {})).toMatchObject({ total: 1 });
    expect(await searchRecords(ctx, { kind: 'person' })).toMatchObject({ total: 1 });

    ctx.advance(1000);
    const recorded = await recordEngagement(ctx, {
      events: [
        { event_id: '1', type: 'pricing_page', occurred_at: ctx.now().toISOString(), email: 'anna@acmelabs.io' },
        { event_id: '2', type: 'pricing_page', occurred_at: ctx.now().toISOString(), domain: 'acmelabs.io' },
        { event_id: '3', type: 'pricing_page', occurred_at: ctx.now().toISOString(), account_external_id: 'B' },
      ],
      source: 'crm',
    });
    expect(recorded.events.map((event) => event.accountId)).toEqual([entity, entity, entity]);
    expect(recorded.events[0]?.personId).toBe(view.people.top[0]?.id);
    await importRecords(ctx, {
      kind: 'accounts',
      source: 'crm',
      content: 'Id,Name,Website,Employees\nB,Acme Labs,acmelabs.io,900',
      mapping: { Id: 'external_id', Name: 'account.name', Website: 'account.domain', Employees: 'account.employees' },
    });
    expect((await getAccount(ctx, { account: 'acme.com' })).facts.shown.find((one) => one.field === 'account.employees')?.value).toBe(900);
    expect(await wrongProjections(ctx)).toEqual({});

    ctx.advance(1000);
    await importRecords(ctx, { kind: 'people', source: 'crm', content: 'Id,Name,Email\nR,Rob,rob@acmelabs.io' });
    const after = await getAccount(ctx, { account: entity });
    expect(after.people.total).toBe(2);
    expect(after.account.changed_at).toBe(await clockOf(ctx));

    const identity = await getIdentity(ctx, { kind: 'account', record: other });
    expect(identity).toMatchObject({ entity, answers_for: other, beliefs: [{ node: other, entity, to: null }] });
    expect(identity.decisions).toMatchObject([{ id: decision, verb: 'merged', decidedBy: 'model', evidence: { bits: 9 }, undoneBy: null }]);
    expect(identity.nodes.map((node) => node.sources.map((one) => one.externalId))).toEqual(
      entity === acme ? [['A'], ['B']] : [['B'], ['A']],
    );
    const history = await scoresFrom(
      ctx,
      { mode: 'history', knownAt: receipt.known_at, sources: (await definitionsOf(ctx)).sources },
      dayOf(ctx.now()),
    );
    expect(history[`account ${labs}`]).toEqual(receipt.result);
  });

  it('change the heat of their account at the next incremental rescore, and back', async () => {
    const ctx = await newWorld(await open());
    await saveDefinition(ctx, { document: OTHER_RUBRIC });
    await importRecords(ctx, { kind: 'accounts', source: 'crm', content: 'domain,name\nacme.com,Acme' });
    const at = ctx.now().toISOString();
    await recordEngagement(ctx, {
      events: ['a@acme.com', 'b@acme.com'].flatMap((email) =>
        [1, 2].map((n) => ({ event_id: `${email} ${n}`, type: 'pricing_page', occurred_at: at, email })),
      ),
    });
    const acme = derivedId('account', 'domain', 'acme.com');
    const onFile = async () => {
      await rescoreRecords(ctx, { scope: 'changed' });
      return (await getScore(ctx, { record: acme })).stored?.receipt.result.heat;
    };
    expect(await onFile()).toBe('hot');
    const nodes = ['a@acme.com', 'b@acme.com'].map((email) => derivedId('person', 'email', email));
    ctx.advance(1000);
    const { decision } = await mergeEntities(ctx, { kind: 'person', nodes, decision: MODEL });
    expect(await onFile()).toBe('warm');
    ctx.advance(1000);
    await unmergeEntities(ctx, { kind: 'person', merge: decision, decision: BY });
    expect(await onFile()).toBe('hot');
  });

  it('stay apart when that was decided, until a person decides otherwise', async () => {
    const { ctx } = await storyWorld(await open(), 5, 1);
    const [a = '', b = '', c = ''] = await nodesOf(ctx, 'person');
    const apart = await recordDecision(ctx, { kind: 'person', decision: BY, say: { verb: 'cannot_link', nodes: [a, b] } });
    expect(await recordDecision(ctx, { kind: 'person', decision: BY, say: { verb: 'cannot_link', nodes: [b, a] } })).toEqual({
      ...apart,
      withdrew: [],
    });
    await mergeEntities(ctx, { kind: 'person', nodes: [a, c], decision: MODEL });
    await expect(mergeEntities(ctx, { kind: 'person', nodes: [c, b], decision: MODEL })).rejects.toMatchObject({ code: 'conflict' });
    await expect(recordDecision(ctx, { kind: 'person', decision: BY, say: { verb: 'related', nodes: [a, c] } })).rejects.toMatchObject({
      code: 'conflict',
    });
    const merged = await mergeEntities(ctx, { kind: 'person', nodes: [c, b], decision: BY });
    const { groups, apart: kept } = await unmergeEntities(ctx, { kind: 'person', merge: merged.decision, decision: BY });
    expect(groups.map((group) => [...group].sort()).sort()).toEqual([[a, c].sort(), [b]].sort());
    expect(kept).toHaveLength(1);
    await expect(mergeEntities(ctx, { kind: 'person', nodes: [a, b], decision: MODEL })).rejects.toMatchObject({ code: 'conflict' });
    await expect(unmergeEntities(ctx, { kind: 'person', merge: merged.decision, decision: BY })).rejects.toMatchObject({
      code: 'conflict',
    });
    const phone = { kind: 'phone', value: '+15550100' };
    await recordDecision(ctx, { kind: 'person', decision: BY, say: { verb: 'suppressed', identifier: phone } });
    expect(await readWorkspace(ctx, (tx) => suppressedIdentifiers(tx, ctx, 'person'))).toEqual([phone]);
    ctx.advance(1000);
    await recordDecision(ctx, { kind: 'person', decision: BY, say: { verb: 'unsuppressed', identifier: phone } });
    expect(await readWorkspace(ctx, (tx) => suppressedIdentifiers(tx, ctx, 'person'))).toEqual([]);
  });

  it('are whole or not at all, and writers that meet lose and double nothing', async () => {
    const { ctx } = await storyWorld(await open(), 11, 2);
    const people = await nodesOf(ctx, 'person');
    const before = await workspaceRows(ctx);
    await expect(
      recordInWorkspace(ctx, async (tx, recordedAt) => {
        await mergeNodes(tx, ctx, 'person', [{ nodes: people.slice(0, 4), decider: MODEL }], recordedAt);
        throw new Error('cut off');
      }),
    ).rejects.toThrow();
    expect(await workspaceRows(ctx)).toEqual(before);

    const calls = Array.from(
      { length: 12 },
      (_, i) => () => mergeEntities(ctx, { kind: 'person', nodes: people.slice(i, i + 2), decision: MODEL }),
    );
    await Promise.all([
      ...calls.map((call) => call()),
      ...calls.slice(0, 4).map((call) => call()),
      rescoreRecords(ctx, { scope: 'all' }),
      recordEngagement(ctx, {
        events: Array.from({ length: 20 }, (_, i) => ({
          event_id: `at once ${i}`,
          type: 'web_visit',
          occurred_at: ctx.now().toISOString(),
          email: `person${i}@company-${i % 12}.example`,
        })),
      }),
    ]);
    expect(await wrongProjections(ctx)).toEqual({});
    const [entity] = new Set(
      Object.entries((await keptWorld(ctx)).entityOf).flatMap(([node, of]) => (people.slice(0, 13).includes(node) ? [of] : [])),
    );
    const identity = await getIdentity(ctx, { kind: 'person', record: String(entity) });
    expect(identity.nodes).toHaveLength(13);
    expect(identity.decisions).toHaveLength(12);
  }, 60_000);

  it('that were forged are found, and repaired from the decisions', async () => {
    const { ctx, told } = await storyWorld(await open(), 21, 2);
    for (const seed of [1, 2, 3, 4])
      await happen(ctx, told, { do: 'merge', kind: seed % 2 ? 'person' : 'account', nodes: [seed, seed + 3, seed + 7] });
    const right = await keptWorld(ctx);
    expect(await wrongProjections(ctx)).toEqual({});
    const forge = (text: string) => recordInWorkspace(ctx, (tx) => tx.query(text, [ctx.workspaceId]));
    await forge(
      'update person set merged_into = null where workspace_id = $1 and id = (select min(id::text)::uuid from person where workspace_id = $1 and merged_into is not null)',
    );
    await forge(
      `update identity_member set believed_to = believed_from + interval '1 ms' where workspace_id = $1 and kind = 'account' and believed_to is null`,
    );
    await forge(
      'update event set person_id = null, named_person_id = person_id where workspace_id = $1 and id = (select min(id::text)::uuid from event where workspace_id = $1 and person_id is not null and named_person_id is null and superseded_at is null)',
    );
    await forge(
      `update person set own_domain = 'forged' where workspace_id = $1 and id = (select min(id::text)::uuid from person where workspace_id = $1 and merged_into is null)`,
    );
    const wrong = await wrongProjections(ctx);
    expect(Object.keys(wrong)).toEqual(
      expect.arrayContaining(['account.merged_into', 'person.merged_into', 'event.account_id', 'person.fields']),
    );
    ctx.advance(1000);
    await repairProjections(ctx);
    expect(await wrongProjections(ctx)).toEqual({});
    expect(await keptWorld(ctx)).toEqual(right);
  });
});
