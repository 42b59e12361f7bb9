import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Attribution, AttributionModel } from '../definitions/core/attribution.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import { modelText } from '../definitions/core/summary.ts';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import { lastPeriod, PERIOD_FORM, type ReviewPeriod, reviewPeriod } from '../handoff/core/review-period.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf, isoFromDay } from '../kernel/dates.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { momentOf, momentText } from '../kernel/instant-text.ts';
import { cursorAt, offsetOf } from '../kernel/pagination.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { findOpportunity, opportunityName } from '../records/find-opportunity.ts';
import { type CreditLine, creditLines } from './core/credit-lines.ts';
import { type Conversion, type CurrencyTotal, DIMENSIONS } from './core/credited-row.ts';
import { doubtLines } from './core/doubt-lines.ts';
import { type CreditScope, creditDeals } from './credit-deals.ts';
import { pastScope } from './credited.ts';
import { type DealTouches, dealTouches } from './deal-touches.ts';

export const getAttributionInput = z.strictObject({
  period: z
    .string()
    .refine((name) => reviewPeriod(name) !== undefined, `must be ${PERIOD_FORM}`)
    .optional()
    .describe('2026-11, 2026-Q4 or 2026-11-01..2026-11-30; left out: the last whole month'),
  by: z.enum(DIMENSIONS).default('channel'),
  conversion: z.enum(['opportunity_created', 'closed_won']).optional().describe('left out: that of the document'),
  compare: z.array(z.string().min(1).max(100)).max(10).optional().describe('ids of models to show beside it, or all'),
  opportunity: opportunityName.optional().describe('its touches alone: id, id in the CRM or exact name'),
  as_of: momentText.optional().describe('the world as it was then'),
  known_at: momentText.optional().describe('by what was known then; a day: at its end'),
  limit: z.int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(500).optional(),
});

interface ShownModel {
  id: string;
  label: string;
  sentence: string;
  model: AttributionModel;
}

export interface AttributionReport {
  /** Days, YYYY-MM-DD, both counted. */
  period: { name: string; from: string; to: string };
  as_of: string;
  known_at: string;
  by: (typeof DIMENSIONS)[number];
  conversion: Conversion;
  measure: Attribution['measure'];
  lookback_days: number;
  /** The one that counts first. */
  models: ShownModel[];
  totals: CurrencyTotal[];
  touches: number;
  /** All of them; `lines` is a page. */
  credits: CreditLine[];
  lines: (CreditLine & { label: string | null })[];
  /** Of one opportunity, where that was asked for; then there are no totals and no lines. */
  deal: DealTouches | null;
  /** Of lines or, of one opportunity, of touches. */
  total: number;
  next_cursor: string | null;
  notes: string[];
  definitions: DefinitionRef[];
}

const clockRow = z.tuple([z.object({ known_at: z.coerce.date() })]);

/**
 * What each channel, source, campaign or month is credited of the opportunities converted in a period, under the attribution in force and, on
 * request, other models; or the touches of one opportunity. Credits add up to exactly the opportunities' amounts, a currency at a time.
 * @throws SamepageError `invalid_input`, `not_found`, `cancelled`
 */
export async function getAttribution(ctx: Context, given: z.input<typeof getAttributionInput>): Promise<AttributionReport> {
  requireScope(ctx, 'read');
  const { limit, cursor, ...asked } = parseInput(getAttributionInput, given, 'get_attribution');
  const offset = offsetOf(cursor, asked);
  const period = (asked.period === undefined ? undefined : reviewPeriod(asked.period)) ?? lastPeriod('month', ctx.now());
  return readWorkspace(ctx, async (tx) => {
    const { scope, ...known } = await scopeOf(tx, ctx, asked, period);
    const { attribution, taxonomy, conversion } = scope;
    const shared = {
      period: { name: period.name, from: isoFromDay(period.from), to: isoFromDay(period.to - 1) },
      by: asked.by,
      conversion,
      measure: attribution.measure,
      lookback_days: attribution.lookback_days,
      ...known,
    };
    const page = (total: number) => ({ total, next_cursor: offset + limit < total ? cursorAt(asked, [offset + limit]) : null });
    if (asked.opportunity !== undefined) {
      const { id } = await findOpportunity(tx, ctx, asked.opportunity, 'opportunity');
      const { touches, ...deal } = await dealTouches(tx, ctx, scope, id);
      const shownTouches = touches.slice(offset, offset + limit);
      return {
        ...shared,
        totals: [],
        touches: touches.length,
        credits: [],
        lines: [],
        deal: { ...deal, touches: shownTouches },
        ...page(touches.length),
        notes: [],
      };
    }
    const credited = await creditDeals(tx, ctx, scope);
    const lines = creditLines(credited, asked.by, attribution.measure);
    const labels = labelsOf(asked.by, attribution, taxonomy);
    // what no definition names is text from outside, but for the months
    const labelOf = (value: string | null) => (asked.by === 'period' ? value : (labels.get(value ?? '') ?? null));
    const isOver = period.to <= scope.today;
    return {
      ...shared,
      totals: credited.totals,
      touches: credited.touches,
      credits: lines,
      lines: lines.slice(offset, offset + limit).map((line) => ({ ...line, label: labelOf(line.value) })),
      deal: null,
      ...page(lines.length),
      notes: [
        ...(isOver ? [] : ['The period is not over: its figures will grow.']),
        ...doubtLines(credited.doubts, credited.totals, conversion),
      ],
    };
  });
}

type Asked = Omit<z.output<typeof getAttributionInput>, 'limit' | 'cursor'>;

/** What is to be credited, by which definitions, as of when. */
async function scopeOf(tx: Tx, ctx: Context, asked: Asked, { from, to }: ReviewPeriod) {
  const [{ known_at: clock }] = clockRow.parse(await tx.query('select known_at from workspace where workspace_id = $1', [ctx.workspaceId]));
  const now = ctx.now();
  const given = asked.as_of ?? asked.known_at;
  const knownAt = asked.known_at === undefined ? clock : new Date(momentOf(asked.known_at, now));
  const asOf = given === undefined ? now : new Date(momentOf(given, now));
  const past = asked.as_of === undefined && asked.known_at === undefined ? undefined : { knownAt, asOfDay: dayOf(asOf) };
  const attribution = await currentDefinition(tx, ctx, 'attribution', past?.knownAt);
  const taxonomy = await currentDefinition(tx, ctx, 'taxonomy', past?.knownAt);
  const models = modelsOf(attribution.document, asked.compare ?? []);
  const scope: CreditScope = {
    attribution: attribution.document,
    taxonomy: taxonomy.document,
    conversion: asked.conversion ?? attribution.document.conversion,
    from,
    to,
    models: models.map(({ model }) => model),
    by: [asked.by],
    today: dayOf(asOf),
    past: pastScope(past, taxonomy.document),
  };
  return { scope, models, as_of: asOf.toISOString(), known_at: knownAt.toISOString(), definitions: [refOf(attribution), refOf(taxonomy)] };
}

function modelsOf(attribution: Attribution, asked: readonly string[]): ShownModel[] {
  const others = attribution.compare ?? [];
  const unknown = asked.find((id) => id !== 'all' && !others.some((one) => one.id === id));
  if (unknown !== undefined) {
    const known = others.map(({ id }) => id).join(', ') || 'none';
    const reason = `is no model of the attribution; its models beside the one that counts: ${known}`;
    throw new SamepageError('invalid_input', `compare ${reason}; found ${shown(unknown)}.`, 'Name one of these, or "all".', {
      problems: [{ path: 'compare', value: shown(unknown), reason }],
    });
  }
  const beside = others.filter(({ id }) => asked.includes('all') || asked.includes(id));
  const counts = { id: 'in_force', label: attribution.name ?? 'The attribution in force', model: attribution.model };
  return [counts, ...beside].map((one) => ({ ...one, sentence: modelText(one.model) }));
}

function labelsOf(by: Asked['by'], { channels }: Attribution, { lead_sources }: Taxonomy): Map<string, string> {
  const named = by === 'channel' ? channels : by === 'source' ? lead_sources : [];
  return new Map(named.map(({ id, label }) => [id, label]));
}
