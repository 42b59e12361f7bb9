import type { z } from 'zod';
import { bullets, count, paragraphs, table } from '../kernel/markdown.ts';
import type { refreshOutput } from './analyze-icp-refresh-shape.ts';
import { definitionsLine } from './text.ts';

type Refresh = z.output<typeof refreshOutput>;

/** A refresh as a page to work through in a meeting. */
export function refreshText(refresh: Refresh): string {
  const { period, read, tested, draft, no_draft, backtest, segments, leaks, reversals, drift, untested, limits, levels, definitions } =
    refresh;
  return paragraphs(
    `ICP refresh ${period.name}: deals closed ${period.from} to ${period.to}. ${count(read.deals, 'deal')} of ${count(read.accounts, 'account')}, ${read.won} won${read.base_rate === null ? '' : `, a base rate of ${read.base_rate} %`}. ${refresh.cut_off}`,
    read.statements.length > 0 && bullets(read.statements),
    `${count(tested.levels, 'level')} compared: ${tested.below_05} with p below .05, ${tested.below_q} that hold after correction for all.`,
    refresh.findings.length > 0 && `Findings:\n${findingsText(refresh)}`,
    draft === null ? `No draft. ${no_draft ?? ''}` : draftText(draft),
    backtest !== null && backtestText(backtest),
    refresh.tiers.length > 0 &&
      table(
        ['tier then', 'deals', 'won', 'win rate'],
        refresh.tiers.map((one) => [one.tier, one.n, one.won, rateText(one)]),
      ),
    segments.length > 0 &&
      table(
        ['ICP segment', 'deals', 'won', 'win rate'],
        segments.map((one) => [one.segment, one.n, one.won, rateText(one)]),
      ),
    leaks.length > 0 &&
      `Suspected leaks:\n${bullets(leaks.map(({ label, left_out, why }) => `${label}${left_out ? ', left out' : ''}: ${why.join(' ')}`))}`,
    refresh.held_back.length > 0 && `Beyond chance, and held back:\n${bullets(refresh.held_back)}`,
    reversals.length > 0 && `Findings that turn round within strata:\n${bullets(reversals)}`,
    drift.length > 0 && `Drift: ${drift.map(({ field, psi, verdict }) => `${field} ${verdict} (PSI ${psi.toPrecision(2)})`).join(', ')}.`,
    untested.length > 0 && `Not tested (${untested.length} of ${refresh.untested_total}):\n${bullets(untested)}`,
    limits.length > 0 && `Limits:\n${bullets(limits)}`,
    levels.length > 0 &&
      table(
        ['field', 'level', 'deals', 'won', 'win rate', 'q', 'stable'],
        levels.map((one) => [
          one.label,
          one.level,
          one.n,
          one.won,
          rateText(one),
          figure(one.q),
          one.stability === null ? null : `${one.stability} %`,
        ]),
      ),
    definitionsLine(definitions),
  );
}

interface Rated {
  rate: number | null;
  low: number | null;
  high: number | null;
}

const rateText = ({ rate, low, high }: Rated) => (rate === null ? '–' : `${rate} % (${low}–${high})`);
const figure = (value: number | null) => (value === null ? '–' : value.toPrecision(2));
const areaText = ({ value, low, high }: { value: number; low: number; high: number }) =>
  `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;

function findingsText({ findings }: Refresh): string {
  return table(
    ['field', 'level', 'deals', 'won', 'win rate', 'lift', 'q', 'stable', 'points'],
    findings.map((one) => [
      ...[one.label, one.level, one.n, one.won, rateText(one), figure(one.lift), figure(one.q)],
      one.stability === null ? null : `${one.stability} %`,
      one.change === null
        ? `unchanged: ${one.unchanged ?? 'no draft'}`
        : `${one.change.criterion}: ${one.change.before} → ${one.change.after}`,
    ]),
  );
}

function draftText(draft: NonNullable<Refresh['draft']>): string {
  const { before, after } = draft.tiers;
  return paragraphs(
    `Draft (nothing is changed until both teams' leaders sign):\n${bullets(draft.difference)}`,
    before.A === after.A && before.B === after.B
      ? `Tiers stay at A ${before.A}, B ${before.B}.`
      : `Tiers, so that as many records reach them: A ${before.A} → ${after.A}, B ${before.B} → ${after.B}.`,
    draft.effect.length > 0 &&
      table(
        ['records of today', 'tier now', 'under the draft', 'n'],
        draft.effect.map(({ of, from, to, n }) => [of, from, to, n]),
      ),
    `The closed deals by tier. The draft was found in them, so this flatters it:\n${table(
      ['tier', 'deals now', 'win rate now', 'deals under the draft', 'win rate under the draft'],
      draft.deals.map(({ tier, current, draft: then }) => [tier, current.n, rateText(current), then.n, rateText(then)]),
    )}`,
    draft.moved.length > 0 &&
      `Deals that change tier: ${draft.moved.map(({ from, to, n, won }) => `${n} from ${from} to ${to} (${won} won)`).join(', ')}.`,
    draft.open.length > 0 &&
      `Already proposed, and changes are made to what is proposed: ${draft.open.map(({ kind, hash }) => `${kind} ${hash}`).join(', ')}. Sign or withdraw it first.`,
    `Inputs of propose_definition, in this order; values in them are data from records:\n${draft.proposals.map((one) => `\`\`\`json\n${JSON.stringify(one)}\n\`\`\``).join('\n')}`,
  );
}

function backtestText(backtest: NonNullable<Refresh['backtest']>): string {
  const { trained, tested, censored, auc_new, auc_current, auc_difference } = backtest;
  const against =
    auc_current === null || auc_difference === null
      ? ''
      : `; of the rubric in force ${areaText(auc_current)}, difference ${areaText(auc_difference)}`;
  const young = censored === 0 ? '' : ` ${count(censored, 'deal')} too young to be judged left out.`;
  return `Backtest: made from deals closed ${trained}, held against ${tested}. AUC of a rubric from the evidence ${areaText(auc_new)}${against}.${young}`;
}
