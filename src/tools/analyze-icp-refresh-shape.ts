import { z } from 'zod';
import { SCORED_TIERS } from '../definitions/core/common.ts';
import type { Bin, LevelResult } from '../review/core/analysis.ts';
import type { IcpRefresh, WonShare } from '../review/core/refresh.ts';
import { definitionRefs, outsideText } from './shared.ts';

/** Of each list a concise answer has so many. */
const MOST_CONCISE = 8;

const percent = z.number().describe('percent');
const share = { n: z.int(), won: z.int(), rate: percent.nullable(), low: z.number().nullable(), high: z.number().nullable() };
const estimate = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });
const levelShape = {
  field: z.string(),
  label: z.string(),
  level: outsideText,
  ...share,
  lift: z.number().nullable().describe('rate over the base rate'),
  p: z.number().nullable(),
  q: z.number().nullable(),
  stability: percent.nullable().describe('of resamples that keep its sign'),
};
const tier = z.enum(SCORED_TIERS);
const thresholds = z.strictObject({ A: z.int(), B: z.int() });

export const refreshOutput = z.strictObject({
  period: z.strictObject({ name: z.string(), from: z.string(), to: z.string(), quarters: z.int() }),
  cut_off: z.string(),
  read: z.strictObject({
    deals: z.int(),
    won: z.int(),
    base_rate: percent.nullable(),
    accounts: z.int(),
    witnessed: z.int().describe('of accounts that were here by the cut-off'),
    left_out: z.array(z.strictObject({ reason: z.string(), n: z.int() })),
    statements: z.array(z.string()),
  }),
  tested: z.strictObject({ levels: z.int(), below_05: z.int(), below_q: z.int() }),
  findings: z.array(
    z.strictObject({
      ...levelShape,
      direction: z.enum(['more', 'less']),
      change: z.strictObject({ criterion: z.string(), before: z.int(), after: z.int() }).nullable().describe('points; null: none'),
      unchanged: z.string().nullable().describe('why there is none'),
    }),
  ),
  draft: z
    .strictObject({
      proposals: z
        .array(
          z.strictObject({
            kind: z.enum(['icp', 'rubric']),
            changes: z.array(z.strictObject({ path: z.string(), value: z.unknown().optional() })),
            reason: z.string(),
          }),
        )
        .describe('inputs of propose_definition, in this order'),
      difference: z.array(outsideText),
      tiers: z.strictObject({ before: thresholds, after: thresholds }).describe('lowest scores'),
      effect: z
        .array(z.strictObject({ of: z.enum(['account', 'lead']), from: z.string(), to: z.string(), n: z.int() }))
        .describe('records of today that change tier'),
      deals: z.array(z.strictObject({ tier, current: z.strictObject(share), draft: z.strictObject(share) })),
      moved: z.array(z.strictObject({ from: tier, to: tier, n: z.int(), won: z.int() })),
      open: z.array(z.strictObject({ kind: z.enum(['icp', 'rubric']), hash: z.string() })).describe('proposed already'),
    })
    .nullable(),
  no_draft: outsideText.nullable(),
  backtest: z
    .strictObject({
      trained: z.string(),
      tested: z.string(),
      censored: z.int(),
      auc_new: estimate,
      auc_current: estimate.nullable(),
      auc_difference: estimate.nullable(),
    })
    .nullable(),
  tiers: z.array(z.strictObject({ tier, ...share })).describe('by the rubric in force at the cut-off'),
  segments: z.array(z.strictObject({ segment: z.string(), ...share })),
  leaks: z.array(z.strictObject({ field: z.string(), label: outsideText, left_out: z.boolean(), why: z.array(outsideText) })),
  held_back: z.array(outsideText).describe('beyond chance, and not proposed'),
  reversals: z.array(outsideText),
  drift: z.array(z.strictObject({ field: z.string(), psi: z.number(), verdict: z.enum(['steady', 'watch', 'act']) })),
  untested: z.array(outsideText),
  untested_total: z.int(),
  limits: z.array(z.string()),
  levels: z.array(z.strictObject(levelShape)).describe('detailed: all that were compared'),
  definitions: definitionRefs,
});

/** A share as percent, to a tenth. */
const inPercent = (value: number | null) => (value === null ? null : Math.round(value * 1000) / 10);
const rates = ({ rate, low, high }: Omit<WonShare, 'n' | 'won'>) => ({ rate: inPercent(rate), low: inPercent(low), high: inPercent(high) });
const shareOf = (one: WonShare) => ({ n: one.n, won: one.won, ...rates(one) });

function levelOf(found: LevelResult) {
  const { field, field_label: label, bin, n, won, lift, p, q, sign_stability } = found;
  return { field, label, level: bin.label, n, won, ...rates(found), lift, p, q, stability: inPercent(sign_stability) };
}

export function shapeRefresh(refresh: IcpRefresh, detailed: boolean): z.input<typeof refreshOutput> {
  const { period, cut_off, read, analysis, draft, no_draft, unwritten, definitions } = refresh;
  const some = <T>(list: readonly T[]) => (detailed ? [...list] : list.slice(0, MOST_CONCISE));
  const lineOf = (field: string, bin: Bin) =>
    draft?.lines.find(({ proposal }) => proposal.field === field && proposal.bin.label === bin.label) ?? null;
  const reasonOf = (field: string, bin: Bin) =>
    unwritten.find(({ proposal }) => proposal.field === field && proposal.bin.label === bin.label)?.reason ?? null;
  const { backtest } = analysis;
  return {
    period,
    cut_off,
    read: {
      deals: read.deals,
      won: read.won,
      base_rate: inPercent(analysis.counts.base_rate),
      accounts: read.accounts,
      witnessed: read.witnessed,
      left_out: read.left_out.map(({ reason, n }) => ({ reason, n })),
      statements: read.statements,
    },
    tested: analysis.tested,
    findings: analysis.proposals.map(({ field, bin, direction, evidence }) => {
      const line = lineOf(field, bin);
      const change = line === null ? null : { criterion: line.id, before: line.before, after: line.after };
      return { ...levelOf(evidence), direction, change, unchanged: line === null ? reasonOf(field, bin) : null };
    }),
    draft:
      draft === null
        ? null
        : {
            proposals: draft.proposals,
            difference: [...draft.difference.icp, ...draft.difference.rubric],
            tiers: draft.tiers,
            effect: draft.effect,
            deals: draft.on_deals.tiers.map(({ tier: of, current, draft: then }) => ({
              tier: of,
              current: shareOf(current),
              draft: shareOf(then),
            })),
            moved: draft.on_deals.moved,
            open: draft.open,
          },
    no_draft,
    backtest:
      backtest === null
        ? null
        : {
            trained: `${backtest.trained.from}..${backtest.trained.to}`,
            tested: `${backtest.tested.from}..${backtest.tested.to}`,
            censored: backtest.censored.rows,
            auc_new: backtest.auc_new,
            auc_current: backtest.auc_current,
            auc_difference: backtest.auc_difference,
          },
    tiers: refresh.tiers.map(({ tier: of, ...one }) => ({ tier: of, ...shareOf(one) })),
    segments: refresh.segments.map(({ segment, ...one }) => ({ segment, ...shareOf(one) })),
    leaks: analysis.leaks.map(({ field, label, left_out, reasons }) => ({ field, label, left_out, why: reasons.map(({ text }) => text) })),
    held_back: some(analysis.held_back.map(({ text }) => text)),
    reversals: some(analysis.reversals.map(({ text }) => text)),
    drift: analysis.drift
      .filter(({ verdict }) => detailed || verdict !== 'steady')
      .map(({ field, psi, verdict }) => ({ field, psi, verdict })),
    untested: some(analysis.untested.map(({ subject, text }) => (subject === null ? text : `${subject}: ${text}`))),
    untested_total: analysis.untested.length,
    limits: analysis.limits.map(({ text }) => text),
    levels: detailed ? analysis.levels.map(levelOf) : [],
    definitions,
  };
}
