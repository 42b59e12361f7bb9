import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { isoFromDay } from '../kernel/dates.ts';
import { SamepageError } from '../kernel/errors.ts';
import { creditOf, type Milestone } from './core/credit.ts';
import type { Deal } from './core/deal.ts';
import { DealPaths } from './core/deal-paths.ts';
import { shareOut } from './core/share-out.ts';
import { MILLION } from './core/tally.ts';
import type { CreditScope } from './credit-deals.ts';
import { readDeal } from './read-deals.ts';
import { readKnown, readTouches } from './read-paths.ts';

export interface DealTouch {
  at: string;
  type: string;
  channel: string | null;
  source: string | null;
  campaign: string | null;
  person: { id: string; name: string | null } | null;
  /** Which places of the path it has. */
  marks: ('first_touch' | 'last_touch' | Milestone)[];
  /** Under each model, in their order; null under one that credits no path by itself. */
  credits: ({ millionths: number; cents: number } | null)[];
}

export interface DealTouches {
  id: string;
  name: string | null;
  currency: string | null;
  cents: number | null;
  /** YYYY-MM-DD */
  created: string | null;
  closed: string | null;
  won: boolean | null;
  /** All touches, the earliest first. */
  touches: DealTouch[];
}

/**
 * What led to one opportunity, and what each touch is credited.
 * @throws SamepageError `not_found` for one that was not known then; `invalid_input` for one that was not converted
 */
export async function dealTouches(tx: Tx, ctx: Context, scope: CreditScope, id: string): Promise<DealTouches> {
  const deal = await readDeal(tx, ctx, id, scope.past);
  if (deal === undefined)
    throw new SamepageError(
      'not_found',
      `The opportunity ${id} was not known at ${scope.past?.knownAt ?? 'that time'}.`,
      'Call again with a later known_at, or without it.',
      { problems: [{ path: 'known_at', value: id, reason: 'was learned later' }] },
    );
  refuseUnconverted(deal, scope);
  const by = ['channel', 'source', 'campaign'] as const;
  const paths = new DealPaths({ ...scope, by }, true);
  const asked = { ...scope, paths, by };
  const found = await readTouches(tx, ctx, [deal], asked);
  paths.know(await readKnown(tx, ctx, found, asked));
  const touches = found[0]?.touches ?? [];
  const path = paths.path(deal, touches);
  const shares = scope.models.map((model) => {
    if (model.type === 'markov') return null;
    const credit = creditOf(model, path);
    return { millionths: shareOut(MILLION, credit), cents: shareOut(deal.cents ?? 0, credit) };
  });
  const day = (of: number | null) => (of === null ? null : isoFromDay(of));
  const milestones = Object.entries(path.milestones) as [Milestone, number][];
  return {
    id: deal.id,
    name: deal.name,
    currency: deal.currency,
    cents: deal.cents,
    created: day(deal.created),
    closed: day(deal.closed),
    won: deal.won,
    touches: touches.map((touch, i) => ({
      at: new Date(touch.at).toISOString(),
      type: touch.type,
      channel: paths.valueIn('channel', deal, touch),
      source: paths.valueIn('source', deal, touch),
      campaign: paths.valueIn('campaign', deal, touch),
      person: touch.person === null ? null : { id: touch.person, name: paths.personOf(touch)?.name ?? null },
      marks: [
        ...(i === 0 ? (['first_touch'] as const) : []),
        ...milestones.filter(([, place]) => place === i).map(([name]) => name),
        ...(i === touches.length - 1 ? (['last_touch'] as const) : []),
      ],
      credits: shares.map((of) => of && { millionths: of.millionths[i] ?? 0, cents: of.cents[i] ?? 0 }),
    })),
  };
}

function refuseUnconverted(deal: Deal, { conversion }: CreditScope): void {
  const isConverted = conversion === 'closed_won' ? deal.won === true && deal.closed !== null : deal.created !== null;
  if (isConverted) return;
  throw new SamepageError(
    'invalid_input',
    conversion === 'closed_won'
      ? `The opportunity ${deal.id} is not won, or nothing says when, and credit is given for deals that are won.`
      : `The opportunity ${deal.id} has no day on which it was created.`,
    conversion === 'closed_won' ? 'Call again with conversion "opportunity_created".' : 'Record its created_date, and call again.',
    { problems: [{ path: 'opportunity', value: deal.id, reason: 'was not converted' }] },
  );
}
