import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Conversion, Dimension } from './core/credited-row.ts';
import { conversionDay, type DealTouch, type StageMeaning } from './core/deal.ts';
import type { DealPaths } from './core/deal-paths.ts';
import type { PastScope } from './core/deal-sql.ts';
import type { Known, Origin } from './core/known.ts';
import { touchesOf, touchesSql } from './core/touch-sql.ts';
import type { StoredDeal } from './read-deals.ts';
import { readOrigins } from './read-origins.ts';
import { readReached } from './read-reached.ts';

export interface TouchedDeal {
  deal: StoredDeal;
  /** The earliest first. */
  touches: DealTouch[];
}

export interface PathsAsked {
  paths: DealPaths;
  conversion: Conversion;
  by: readonly Dimension[];
  past: PastScope | undefined;
}

const touchRows = z.array(z.object({ place: z.number(), touches: z.string() }));

/** Reads the touches of deals. */
export async function readTouches(tx: Tx, ctx: Context, deals: readonly StoredDeal[], asked: PathsAsked): Promise<TouchedDeal[]> {
  const { paths, past, conversion } = asked;
  const params = new SqlParams();
  const placed = deals.flatMap((deal) => {
    const last = conversionDay(deal, conversion);
    return deal.accountId === null ? [] : [{ deal, accountId: deal.accountId, first: last - paths.lookbackDays, last }];
  });
  const attributes = isNamed(asked);
  const people = attributes || paths.stages.size > 0;
  const scope = { params, workspaceId: ctx.workspaceId, deals: placed, types: paths.types, people, attributes, past };
  const found = placed.length === 0 ? [] : touchRows.parse(await tx.query(touchesSql(scope), params.values));
  const byDeal = new Map(found.map(({ place, touches }) => [placed[place]?.deal, touches]));
  return deals.map((deal) => ({ deal, touches: touchesOf(byDeal.get(deal)) }));
}

/** Whether it is asked what events and records say of where they came from. */
const isNamed = ({ by }: PathsAsked) => by.includes('source') || by.includes('campaign');

/** Reads what `DealPaths` has to know before it takes the deals. */
export async function readKnown(tx: Tx, ctx: Context, deals: readonly TouchedDeal[], asked: PathsAsked): Promise<Known> {
  const { by, past } = asked;
  const { stages } = asked.paths;
  const named = isNamed(asked);
  const who = new Set<string>();
  if (named || stages.size > 0) for (const { touches } of deals) for (const { person } of touches) if (person !== null) who.add(person);
  const people = [...who];
  const none: ReadonlyMap<string, Origin> = new Map();
  const origins = named || (past !== undefined && stages.has('inquiry')) ? await readOrigins(tx, ctx, 'person', people, past) : null;
  const accounts = new Set(deals.flatMap(({ deal, touches }) => (touches.length === 0 ? [] : (deal.accountId ?? []))));
  const reached = new Map<StageMeaning, Map<string, number[]>>();
  for (const stage of stages) reached.set(stage, await readReached(tx, ctx, { stage, people, origins, past }));
  return {
    people: origins ?? none,
    accounts: by.includes('source') ? await readOrigins(tx, ctx, 'account', [...accounts], past) : none,
    reached,
  };
}
