import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { boundsOf, partsFor } from '../scoring/core/rescore-plan.ts';
import { type Conditions, holdingSql, outcomesSql } from './core/audit-sql.ts';
import { conditionsThen } from './core/conditions-then.ts';
import { aboutKind, PLAYED_ON, type Play, type PlayedOn } from './core/plays.ts';
import type { Deals } from './core/won-rates.ts';

/** What a play came to over all records. */
export interface Tally {
  play: Play;
  /** The records that it is about; undefined where no record has all the fields that it reads. */
  kind: PlayedOn | undefined;
  /** Records of which it holds today. */
  holds: number;
  /** Deals of which it held when they were opened, and all others; undefined where nothing of it can be asked of then. */
  deals: { held: Deals; rest: Deals } | undefined;
}

type Bounds = ReturnType<typeof boundsOf>;

const countRow = z.tuple([z.object({ n: z.coerce.number() })]);
const holdingRow = z.tuple([z.object({ n: z.array(z.number()) })]);
const outcomesRow = z.tuple([z.object({ decided: z.coerce.number(), won: z.coerce.number(), n: z.array(z.number()) })]);

/** Counts for every play the records of today and the deals that have ended, a part of the records at a time. */
export async function tallyPlays(ctx: Context, plays: readonly Play[]): Promise<Tally[]> {
  const tallies = plays.map((play): Tally => ({ play, kind: aboutKind(play), holds: 0, deals: undefined }));
  const records = await countOf(ctx, PLAYED_ON);
  const ofKind = PLAYED_ON.map((kind) => {
    const mine = tallies.filter((one) => one.kind === kind);
    return { kind, mine, asked: mine.flatMap(askedThen) };
  }).filter(({ mine }) => mine.length > 0);
  const deals = partsFor(records.opportunity);
  const total = ofKind.reduce((sum, { kind, asked }) => sum + partsFor(records[kind]) + (asked.length > 0 ? deals : 0), 0);
  let done = 0;
  const each = async (parts: number, run: (bounds: Bounds) => Promise<void>) => {
    for (let part = 0; part < parts; part += 1) {
      ctx.signal.throwIfAborted();
      await run(boundsOf(part, parts));
      done += 1;
      ctx.progress.report(done, total, 'plays are held against the records');
    }
  };
  for (const { kind, mine, asked } of ofKind) {
    await each(partsFor(records[kind]), (bounds) => addHolding(ctx, kind, mine, bounds));
    if (asked.length > 0) await each(deals, (bounds) => addOutcomes(ctx, kind, asked, bounds));
  }
  return tallies;
}

interface Asked {
  conditions: Conditions;
  /** The tally's own, added to. */
  deals: { held: Deals; rest: Deals };
}

function askedThen(tally: Tally): Asked[] {
  const conditions = conditionsThen(tally.play).asked;
  if (conditions === undefined) return [];
  tally.deals = { held: { decided: 0, won: 0 }, rest: { decided: 0, won: 0 } };
  return [{ conditions, deals: tally.deals }];
}

async function countOf(ctx: Context, kinds: readonly PlayedOn[]): Promise<Record<PlayedOn, number>> {
  const counts = { account: 0, person: 0, opportunity: 0 };
  await readWorkspace(ctx, async (tx) => {
    for (const kind of kinds) {
      const [{ n }] = countRow.parse(await tx.query(`select count(*) as n from ${kind} where workspace_id = $1`, [ctx.workspaceId]));
      counts[kind] = n;
    }
  });
  return counts;
}

async function addHolding(ctx: Context, kind: PlayedOn, tallies: readonly Tally[], bounds: Bounds): Promise<void> {
  const params = new SqlParams();
  const plays = tallies.map(({ play }) => play);
  const text = holdingSql(plays, { params, workspaceId: ctx.workspaceId, kind, bounds, day: dayOf(ctx.now()) });
  const [{ n }] = holdingRow.parse(await readWorkspace(ctx, (tx) => tx.query(text, params.values)));
  for (const [i, tally] of tallies.entries()) tally.holds += n[i] ?? 0;
}

async function addOutcomes(ctx: Context, kind: PlayedOn, asked: readonly Asked[], bounds: Bounds): Promise<void> {
  const params = new SqlParams();
  const plays = asked.map(({ conditions }) => conditions);
  const text = outcomesSql(plays, { params, workspaceId: ctx.workspaceId, kind, bounds });
  const [{ decided, won, n }] = outcomesRow.parse(await readWorkspace(ctx, (tx) => tx.query(text, params.values)));
  for (const [i, { deals }] of asked.entries()) {
    const held = { decided: n[2 * i] ?? 0, won: n[2 * i + 1] ?? 0 };
    deals.held = plus(deals.held, held);
    deals.rest = plus(deals.rest, { decided: decided - held.decided, won: won - held.won });
  }
}

const plus = (a: Deals, b: Deals): Deals => ({ decided: a.decided + b.decided, won: a.won + b.won });
