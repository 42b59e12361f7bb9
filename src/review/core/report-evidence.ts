import { count, paragraphs } from '../../kernel/markdown.ts';
import type { Bin, IcpAnalysis, LevelResult, Reversal, Statement } from './analysis.ts';
import { figuresTable, list, literal, outside, picture, section } from './markdown.ts';
import { FULL, spanOf } from './points.ts';
import { chance, fixed, percent, points, range, signed, whole } from './report-format.ts';

/** A page of levels that people read; the strongest come first when there are more. */
const MOST_LEVELS = 200;
const MOST_POINTS = 400;
const MOST_HELD = 100;

/** The lines that are proposed, each with its evidence. */
export function proposalsSection({ proposals, no_proposals, held_back }: IcpAnalysis): string {
  const held =
    held_back.length > 0 &&
    paragraphs(
      'Differs beyond chance and is held back:',
      list(held_back.slice(0, MOST_HELD).map(statement)),
      held_back.length > MOST_HELD && `${count(held_back.length - MOST_HELD, 'more level')} held back are not shown.`,
    );
  if (proposals.length === 0) return section('Proposals', `None. ${literal(no_proposals?.text ?? '')}`.trim(), held);
  return section(
    'Proposals',
    'A draft to decide on line by line. Nothing applies itself.',
    figuresTable(
      ['field', 'level', 'counts for', 'points', 'deals', 'won', 'win rate', '95 % interval', 'lift', 'q', 'sign stable'],
      proposals.map(({ label, bin, direction, points: given, evidence: one }) => [
        outside(label),
        binText(bin),
        direction,
        whole(given),
        whole(one.n),
        whole(one.won),
        percent(one.rate),
        range(one.low, one.high, percent),
        liftText(one),
        chance(one.q),
        percent(one.sign_stability),
      ]),
      ['field', 'level', 'counts for'],
    ),
    // the table has the figures; what a sentence says beyond them stands below
    list(proposals.filter(({ text }) => text.includes('. It ')).map(({ text }) => literal(text))),
    held,
  );
}

/** Every level that was compared, by field; of many the strongest. */
export function levelsSection({ levels, counts, tested }: IcpAnalysis, plot: string | undefined): string {
  const compared = levels.filter(({ p }) => p !== null);
  const shown = compared.length <= MOST_LEVELS ? compared : strongest(compared);
  const small = levels.length - compared.length;
  return section(
    'Screening',
    plot !== undefined && picture('Lift of each level with its interval', plot),
    compared.length === 0
      ? 'No level has enough deals of both outcomes to be compared.'
      : `Each level against all other deals; the base rate is ${percent(counts.base_rate)}. By chance alone about ${whole(tested.levels / 20)} of ${whole(tested.levels)} would have p below .05.`,
    figuresTable(
      ['field', 'level', 'deals', 'won', 'win rate', '95 % interval', 'lift', 'WoE', 'p', 'q', 'sign stable'],
      shown.map((one) => [
        outside(one.field_label),
        `${binText(one.bin)}${one.reversed ? ' (turns round, see below)' : ''}`,
        whole(one.n),
        whole(one.won),
        percent(one.rate),
        range(one.low, one.high, percent),
        liftText(one),
        fixed(one.woe, 3),
        chance(one.p),
        chance(one.q),
        percent(one.sign_stability),
      ]),
      ['field', 'level'],
    ),
    shown.length < compared.length &&
      `These are the ${whole(shown.length)} with the least p of ${whole(compared.length)} that were compared.`,
    small > 0 && notCompared(levels.filter(({ p }) => p === null)),
  );
}

/** Levels below support: the largest of them, with what they would show. */
function notCompared(levels: readonly LevelResult[]): string {
  const largest = levels
    .map((one, place) => ({ one, place }))
    .sort((a, b) => b.one.n - a.one.n || a.place - b.place)
    .slice(0, 20);
  return paragraphs(
    `Not enough data for ${count(levels.length, 'level')}${levels.length > largest.length ? `, of which the largest ${largest.length}` : ''}:`,
    figuresTable(
      ['field', 'level', 'deals', 'won', 'win rate', '95 % interval', 'would show', 'deals needed'],
      largest.map(({ one }) => [
        outside(one.field_label),
        binText(one.bin),
        whole(one.n),
        whole(one.won),
        percent(one.rate),
        range(one.low, one.high, percent),
        points(one.detectable),
        whole(one.rows_needed),
      ]),
      ['field', 'level'],
    ),
    '“Would show” is the least difference from the base rate that so many deals show in four of five cases; “deals needed” is how many of the level show the difference seen.',
  );
}

const USES: Readonly<Record<IcpAnalysis['fields'][number]['use'], string>> = {
  kept: 'in the rubric',
  no_signal: 'nothing differs beyond chance',
  adds_nothing: 'adds nothing to the others',
  collinear: 'says what another field says',
  leak: 'left out: a leak',
  too_weak: 'too weak',
  constant: 'one value only',
  all_missing: 'never filled',
  excluded: 'left out as asked',
};

export function fieldsSection({ fields }: IcpAnalysis): string {
  return section(
    'Fields',
    figuresTable(
      ['field', 'holds', 'distinct', 'missing', 'information value', 'AUC alone', 'sign stable', 'use', 'why'],
      fields.map((one) => [
        outside(one.label),
        one.type === 'number' ? 'numbers' : 'levels',
        whole(one.distinct),
        whole(one.missing),
        fixed(one.information_value, 4),
        fixed(one.auc, 3),
        percent(one.sign_stability),
        USES[one.use],
        literal(one.reason ?? ''),
      ]),
      ['field', 'holds', 'use', 'why'],
    ),
  );
}

export function leaksSection({ leaks }: IcpAnalysis): string {
  return section(
    'Leaks',
    leaks.length === 0
      ? 'No field looks as if it were known only after the close.'
      : 'What is known only after the close tells the outcome and helps nobody before it.',
    list(
      leaks.map(
        ({ label, left_out, reasons }) =>
          `**${outside(label)}**${left_out ? ', left out' : ', kept'}: ${reasons.map(({ text }) => literal(text)).join(' ')}`,
      ),
    ),
  );
}

export function reversalsSection({ reversals, fields }: IcpAnalysis): string {
  const label = (name: string) => fields.find(({ field }) => field === name)?.label ?? name;
  return section(
    'Simpson reversals',
    reversals.length === 0
      ? 'No finding turns round within the strata that were looked at.'
      : paragraphs(
          ...reversals.flatMap((one) => [
            `**${outside(label(one.field))}: ${binText(one.bin)}**, within ${outside(label(one.strata))}. ${literal(one.text)}`,
            strataTable(one),
          ]),
        ),
  );
}

function strataTable({ by_stratum, strata }: Reversal): string {
  const rate = (won: number, n: number) => percent(n === 0 ? null : won / n);
  return figuresTable(
    [outside(strata), 'deals', 'win rate', 'other deals', 'their win rate'],
    by_stratum.map(({ stratum, n, won, others, others_won }) => [
      outside(stratum),
      whole(n),
      rate(won, n),
      whole(others),
      rate(others_won, others),
    ]),
  );
}

/** What the rubric gives for what, and how far whole points are from the fit. */
export function rubricSection({ rubric, fields }: IcpAnalysis): string {
  if (rubric === null || rubric.fields.length === 0) return section('Rubric', 'No rubric: no field earns points.');
  const rows = rubric.fields.flatMap(({ field, label, levels, least, most }) =>
    levels.map(({ bin, points: given, n, won }, place) => [
      place === 0 ? outside(label) : '',
      place === 0 ? (least < 0 ? `${whole(least)} to ${whole(most)}` : whole(most)) : '',
      place === 0 ? fixed(fields.find((one) => one.field === field)?.coefficient, 3) : '',
      binText(bin),
      whole(given),
      whole(n),
      percent(n === 0 ? null : won / n),
    ]),
  );
  return section(
    'Rubric',
    `A is ${whole(rubric.tiers.A)} points and more, B ${whole(rubric.tiers.B)} and more, C what is below. On the deals that it was made from its AUC is ${fixed(rubric.auc, 4)}; the fit before rounding has ${fixed(rubric.auc_fit, 4)} (${signed(rubric.auc - rubric.auc_fit, 4)}).`,
    spanOf(rubric.fields) > FULL &&
      `So many fields have a part that no deal comes near the best in all of them. Points are spread over what these deals have: a field can take points away, and a score ends at 0, as of ${count(rubric.at_ends.at_0, 'deal')}, and at 100, as of ${count(rubric.at_ends.at_100, 'deal')}.`,
    figuresTable(
      ['field', 'may give', 'coefficient', 'level', 'points', 'deals', 'win rate'],
      rows.slice(0, MOST_POINTS).map((cells) => cells.map((cell) => cell || ' ')),
      ['field', 'level'],
    ),
    rows.length > MOST_POINTS && `${count(rows.length - MOST_POINTS, 'more level')} with points are not shown.`,
    list(
      rubric.fields
        .filter(({ otherwise }) => otherwise !== 0)
        .map(({ label, otherwise }) => `${outside(label)}: ${count(otherwise, 'point')} for a value that was not there.`),
    ),
  );
}

/** What it says, after what it is about. */
export function statement({ subject, text }: Statement): string {
  return `${subject === null ? '' : `**${literal(subject)}**: `}${literal(text)}`;
}

/** The least p first, in the order of the table where they tie. */
function strongest(levels: readonly LevelResult[]): LevelResult[] {
  return levels
    .map((one, place) => ({ one, place }))
    .sort((a, b) => (a.one.p ?? 1) - (b.one.p ?? 1) || a.place - b.place)
    .slice(0, MOST_LEVELS)
    .map(({ one }) => one);
}

function binText({ kind, label }: Bin): string {
  if (kind === 'missing') return '*missing*';
  return kind === 'other' ? '*all rare values*' : outside(label);
}

function liftText({ lift }: LevelResult): string {
  return lift === null ? '' : fixed(lift, 2);
}
