import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PredicateDocument } from '../../src/definitions/core/predicate.ts';
import { labelsOf } from '../../src/definitions/core/sentence.ts';
import type { Tx } from '../../src/kernel/database.ts';
import { isoFromDay } from '../../src/kernel/dates.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { SqlParams } from '../../src/kernel/sql-params.ts';
import { holdingSql, outcomesSql } from '../../src/playbook/core/audit-sql.ts';
import { conditionsThen } from '../../src/playbook/core/conditions-then.ts';
import {
  aboutKind,
  conditionKey,
  conditionsOf,
  isFor,
  judge,
  PLAYED_ON,
  type Play,
  type PlayedOn,
  readyPlay,
} from '../../src/playbook/core/plays.ts';
import { standingSql } from '../../src/playbook/core/plays-sql.ts';
import { readStanding } from '../../src/playbook/read-standing.ts';
import { caseBatch, predicate } from '../support/arbitraries.ts';
import { type CaseRows, nodesOf, rowsOf } from '../support/case-batch.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { loadCase } from '../support/load-case.ts';
import { type OracleSubject, truthOf } from '../support/oracle.ts';

const BATCHES = 20;
const RECORDS_EACH = 4;
const LABELS = labelsOf(undefined);

type Loose = Record<string, unknown>;
interface Deal {
  id: string;
  accountId: string | null;
  fields: Loose;
}

const when = fc.oneof(
  predicate,
  fc.record({ not: predicate }),
  fc.record({ any: fc.tuple(predicate, predicate, fc.record({ not: predicate })) }),
  fc.record({ all: fc.array(predicate, { minLength: 1, maxLength: 3 }) }),
);
const limits = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Pick<Play, 'tiers' | 'heat' | 'score'>>({}) },
  fc.record({ tiers: fc.constantFrom<Play['tiers'][]>(['A'], ['A', 'B'], ['C']) }),
  fc.record({ heat: fc.constantFrom<Play['heat'][]>(['hot'], ['warm', 'cold']) }),
  fc.record({ score: fc.constantFrom({ min: 50 }, { max: 50 }, { min: 20, max: 60 }) }),
);
const dealDrawn = fc.record({
  account: fc.option(fc.nat(100)),
  fields: fc.record(
    {
      stage: fc.constantFrom('closed_won', 'closed_lost', 'software', 'us'),
      is_closed: fc.boolean(),
      is_won: fc.boolean(),
      // days before the day of the case
      opened: fc.constantFrom(0, 1, 6, 7, 30, 400),
    },
    { requiredKeys: [] },
  ),
});

const scored = (id: string) => {
  const n = Number.parseInt(id.slice(0, 2), 16);
  return n < 60 ? null : { score: n % 101, tier: 'ABC'[n % 3] ?? 'A', heat: ['hot', 'warm', 'cold'][n % 3] ?? 'hot' };
};

/** Everything of it is what a plain reader of the definitions would say of each record, one condition at a time. */
describeDatabases('plays', (open) => {
  it('hold and miss as each of their conditions by itself does, for one record and for all', async () => {
    const db = await open();
    let judged = 0;
    let held = 0;
    await fc.assert(
      fc.asyncProperty(
        caseBatch,
        fc.array(fc.tuple(when, limits), { minLength: 2, maxLength: 12, size: 'max' }),
        fc.array(dealDrawn, { minLength: 1, maxLength: 8, size: 'max' }),
        async (batch, drawn, drawnDeals) => {
          const nodes = nodesOf(batch);
          const rows = rowsOf(nodes);
          const plays = drawn.map(
            ([one, limit], i): Play => ({
              when: one,
              ...limit,
              id: `p${i}`,
              label: 'x',
              purpose: 'x',
              owner: 'sales',
              steps: [{ do: 'x' }],
            }),
          );
          const deals = drawnDeals.map(
            ({ account, fields: { opened, ...fields } }, i): Deal => ({
              id: derivedId('opportunity', 'case', `${i}`),
              accountId: account === null ? null : (rows.accounts[account % rows.accounts.length]?.id ?? null),
              fields: opened === undefined ? fields : { ...fields, created_date: isoFromDay(batch.asOfDay - opened) },
            }),
          );
          const ctx = { ...testContext(db), now: () => new Date(batch.asOfDay * 86_400_000) };
          const world = { rows, deals, day: batch.asOfDay };
          await db.transaction('write', async (tx) => {
            await loadCase(tx, 'test', nodes);
            await addDealsAndScores(tx, world);
            for (const kind of PLAYED_ON) {
              const ids = idsOf(world, kind);
              const mine = plays.filter((play) => isFor(play, kind));
              const conditions = new Map(mine.flatMap(conditionsOf).map((one) => [conditionKey(one), one]));
              const ready = {
                plays: [],
                segments: [],
                roles: [],
                keys: [...conditions.keys()],
                ...standingSql(kind, [...conditions.values()]),
              };
              for (const id of ids.slice(0, RECORDS_EACH)) {
                const standing = await readStanding(tx, ctx, ready, id);
                for (const play of mine) {
                  const { met, missing } = judge(readyPlay(play, LABELS), standing);
                  const truths = truthsOf(play, world, kind, id, batch.asOfDay);
                  expect([met.length, missing.map(({ isUnknown }) => isUnknown)]).toEqual([
                    truths.filter((truth) => truth === true).length,
                    truths.filter((truth) => truth !== true).map((truth) => truth === 'unknown'),
                  ]);
                  judged += 1;
                }
              }
              held += await compareTallies(
                tx,
                world,
                kind,
                plays.filter((play) => aboutKind(play) === kind),
              );
            }
          });
        },
      ),
      { numRuns: BATCHES, seed: 20_261_123 },
    );
    // what is drawn holds often enough to tell
    expect(judged).toBeGreaterThan(400);
    expect(held).toBeGreaterThan(150);
  }, 120_000);
});

interface World {
  rows: CaseRows;
  deals: readonly Deal[];
  day: number;
}

async function compareTallies(tx: Tx, world: World, kind: PlayedOn, plays: readonly Play[]): Promise<number> {
  if (plays.length === 0) return 0;
  const bounds = { from: undefined, to: undefined };
  const ask = async (textOf: (params: SqlParams) => string) => {
    const params = new SqlParams();
    const text = textOf(params);
    return (await tx.query(text, params.values))[0];
  };
  const holds = (play: Pick<Play, 'when' | 'tiers' | 'heat' | 'score'>, of: PlayedOn, id: string, day: number) =>
    truthsOf(play, world, of, id, day).every((truth) => truth === true);
  const counts = plays.map((play) => idsOf(world, kind).filter((id) => holds(play, kind, id, world.day)).length);
  expect(await ask((params) => holdingSql(plays, { params, workspaceId: 'test', kind, bounds, day: world.day }))).toEqual({ n: counts });

  const asked = plays.flatMap((play) => conditionsThen(play).asked ?? []);
  if (asked.length > 0) {
    const ended = world.deals.flatMap((deal) => {
      const won = wonOf(deal.fields);
      return won === undefined || deal.fields.created_date === undefined ? [] : [{ deal, won, day: dayOfDeal(deal) }];
    });
    const expected = asked.flatMap((play) => {
      const mine = ended.filter(({ deal, day }) => subjectsOfDeal(world, deal, kind).some((id) => holds(play, kind, id, day)));
      return [mine.length, mine.filter(({ won }) => won).length];
    });
    const row = await ask((params) => outcomesSql(asked, { params, workspaceId: 'test', kind, bounds }));
    expect({ ...row, decided: Number(row?.decided), won: Number(row?.won) }).toEqual({
      decided: ended.length,
      won: ended.filter(({ won }) => won).length,
      n: expected,
    });
  }
  return counts.reduce((sum, n) => sum + n, 0);
}

const dayOfDeal = ({ fields }: Deal) => Date.parse(String(fields.created_date)) / 86_400_000;

function wonOf({ stage, is_closed, is_won }: Loose): boolean | undefined {
  if (stage === 'closed_won' || stage === 'closed_lost') return stage === 'closed_won';
  return is_closed === true && typeof is_won === 'boolean' ? is_won : undefined;
}

function idsOf({ rows, deals }: World, kind: PlayedOn): string[] {
  return (kind === 'account' ? rows.accounts : kind === 'person' ? rows.people : deals).map(({ id }) => id);
}

function subjectsOfDeal({ rows }: World, { id, accountId }: Deal, kind: PlayedOn): string[] {
  if (kind === 'opportunity') return [id];
  if (accountId === null) return [];
  return kind === 'account' ? [accountId] : rows.people.filter((person) => person.accountId === accountId).map((person) => person.id);
}

/** Tier, heat and score are the test's own, known since the day before yesterday: of a deal that was opened before, unknown. */
function truthsOf(
  play: Pick<Play, 'when' | 'tiers' | 'heat' | 'score'>,
  world: World,
  kind: PlayedOn,
  id: string,
  day: number,
): (boolean | 'unknown')[] {
  const { rows, deals } = world;
  const person = kind === 'person' ? rows.people.find((one) => one.id === id) : undefined;
  const deal = kind === 'opportunity' ? deals.find((one) => one.id === id) : undefined;
  const accountId = kind === 'account' ? id : (person?.accountId ?? deal?.accountId ?? null);
  const ofAccount = accountId === null ? [] : rows.events.filter((event) => event.accountId === accountId);
  const events = kind === 'person' ? rows.events.filter((event) => event.personId === id) : ofAccount;
  const subject: Omit<OracleSubject, 'kind'> = {
    accountFields: rows.accounts.find((one) => one.id === accountId)?.fields ?? {},
    personFields: person?.fields ?? {},
    opportunityFields: deal?.fields ?? {},
    events,
    signalEvents: kind === 'person' ? [...events, ...ofAccount] : events,
  };
  const scene = { rubric: {}, asOfDay: day, subject };
  const wasScored = day >= world.day - 2;
  const ofWhole = accountId !== null && wasScored ? scored(accountId) : null;
  const own = kind === 'person' ? (wasScored ? scored(id) : null) : ofWhole;
  const flat = (p: PredicateDocument): PredicateDocument[] => (p.all === undefined ? [p] : p.all.flatMap(flat));
  return [
    ...flat(play.when).map((one) => truthOf(one, scene)),
    ...(play.tiers === undefined ? [] : ([own === null ? 'unknown' : play.tiers.some((tier) => tier === own.tier)] as const)),
    ...(play.heat === undefined ? [] : ([ofWhole === null ? 'unknown' : play.heat.some((heat) => heat === ofWhole.heat)] as const)),
    ...(play.score === undefined
      ? []
      : ([own === null ? 'unknown' : own.score >= (play.score.min ?? 0) && own.score <= (play.score.max ?? 1000)] as const)),
  ];
}

async function addDealsAndScores(tx: Tx, { rows, deals, day }: World): Promise<void> {
  await tx.query("delete from opportunity where workspace_id = 'test'");
  await tx.query(
    `insert into opportunity (workspace_id, id, account_id, fields, created_at, changed_at)
     select 'test', id, "accountId", fields, now(), now() from jsonb_to_recordset($1::text::jsonb) r(id uuid, "accountId" uuid, fields jsonb)`,
    [JSON.stringify(deals)],
  );
  const scores = [
    ...rows.accounts.map(({ id }) => ['account', id] as const),
    ...rows.people.map(({ id }) => ['lead', id] as const),
  ].flatMap(([kind, id]) => {
    const score = scored(id);
    return score === null ? [] : [{ kind, id, ...score, heat: kind === 'account' ? score.heat : null }];
  });
  await tx.query(
    `insert into score (workspace_id, kind, subject_id, rubric_version, taxonomy_version, as_of_day, known_at, score, tier, heat, points, unknown, disqualified)
     select 'test', kind, id, 1, 1, $2::int, now(), score, tier, heat, '{}', 0, 0
     from jsonb_to_recordset($1::text::jsonb) r(kind text, id uuid, score smallint, tier text, heat text)`,
    [JSON.stringify(scores), day - 2],
  );
}
