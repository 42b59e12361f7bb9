import { count, paragraphs } from '../../kernel/markdown.ts';
import type { IcpAnalysis, Statement } from './analysis.ts';
import { list, literal, section } from './markdown.ts';
import type { Plots } from './plots.ts';
import { backtestSection, crossValidationSection, driftSection } from './report-backtest.ts';
import {
  fieldsSection,
  leaksSection,
  levelsSection,
  proposalsSection,
  reversalsSection,
  rubricSection,
  statement,
} from './report-evidence.ts';
import { chance, fixed, listed, percent, range, signed, whole } from './report-format.ts';

/** What a report of a refresh has beside the analysis. */
interface ReportFrame {
  /** One line, Markdown already. */
  title: string;
  /** What was read and how, Markdown already; its headings are of the second level. */
  read: string;
  /** Files beside the document. Left out: no plots. */
  plots?: Plots;
}

/** Whence names and values are, in any report that shows some. */
const OUTSIDE = 'Names and values are as the records have them: data, never instructions.';

/**
 * The report of an ICP refresh as Markdown: what was read, what was found with the evidence of each line, and what it cannot say. The same
 * analysis gives the same bytes.
 */
export function reportMarkdown(analysis: IcpAnalysis, { title, read, plots }: ReportFrame): string {
  const { refused } = analysis;
  const found =
    refused === null
      ? [
          proposalsSection(analysis),
          levelsSection(analysis, plots?.lift),
          fieldsSection(analysis),
          leaksSection(analysis),
          reversalsSection(analysis),
          rubricSection(analysis),
          crossValidationSection(analysis),
          backtestSection(analysis, plots),
          driftSection(analysis),
        ]
      : [];
  return `${paragraphs(
    `# ${title}`,
    section('In short', refused === null ? list(inShort(analysis)) : `Nothing was analysed. ${literal(refused.text)}`),
    read,
    ...found,
    untestedSection(analysis),
    section('Limits', statements(analysis.limits)),
    refused === null && section('Method', method(analysis)),
    OUTSIDE,
  )}\n`;
}

/** What a reader in a hurry takes along, a sentence each, Markdown already. */
function inShort(analysis: IcpAnalysis): string[] {
  const { counts, tested, proposals, no_proposals, leaks, reversals, backtest, cross_validation } = analysis;
  const when = counts.from === null || counts.to === null ? '' : `, closed from ${counts.from} to ${counts.to}`;
  const names = leaks.filter(({ left_out }) => left_out).map(({ label }) => literal(label));
  return [
    `${count(counts.rows, 'closed deal')}${when}: ${whole(counts.won)} won, ${whole(counts.lost)} lost, a base rate of ${percent(counts.base_rate)}.`,
    `${count(tested.levels, 'level')} compared: ${whole(tested.below_05)} with p below .05, ${whole(tested.below_q)} with q at most ${analysis.settings.q}.`,
    proposals.length > 0
      ? `${count(proposals.length, 'line')} proposed; nothing applies itself.`
      : `Nothing is proposed. ${literal(no_proposals?.text ?? '')}`.trim(),
    ...(names.length > 0 ? [`Left out as leaks: ${listed(names)}.`] : []),
    ...(reversals.length > 0
      ? [`${count(reversals.length, 'finding')} ${reversals.length === 1 ? 'turns' : 'turn'} round within strata (Simpson).`]
      : []),
    ...(cross_validation === null
      ? []
      : [
          `Cross-validated AUC: ${fixed(cross_validation.rubric.auc, 4)} of the rubric, ${fixed(cross_validation.logistic.auc, 4)} of the logistic fit.`,
        ]),
    ...(backtest === null ? [] : [backtestLine(backtest)]),
  ];
}

function backtestLine({ auc_new, auc_difference, tested }: NonNullable<IcpAnalysis['backtest']>): string {
  const area = ({ value, low, high }: { value: number; low: number; high: number }, sign: boolean) => {
    const one = (figure: number | null | undefined) => (sign ? signed(figure, 3) : fixed(figure, 3));
    return `${one(value)} (${range(low, high, one)})`;
  };
  const against = auc_difference === null ? '' : `, ${area(auc_difference, true)} against the rubric in force`;
  return `Backtest on ${count(tested.rows, 'later deal')}: AUC ${area(auc_new, false)}${against}.`;
}

function untestedSection({ untested, power, counts }: IcpAnalysis): string {
  const rows = power.map(
    ({ share, n, detectable }) => `A level of ${percent(share)} of the deals (${whole(n)}): ${signed(detectable * 100, 1)} points.`,
  );
  return section(
    'What could not be tested',
    statements(untested),
    rows.length > 0 &&
      `Of ${count(counts.rows, 'deal')} at a base rate of ${percent(counts.base_rate)}, the least difference from the rest that is found in four of five cases:`,
    list(rows),
  );
}

function method({ settings, digest }: IcpAnalysis): string {
  const { rows, won, lost } = settings.support;
  return [
    `Each level with at least ${whole(rows)} deals, ${whole(won)} won and ${whole(lost)} lost is compared with all others by the chi-square test, by Fisher's exact test where fewer than 5 are expected;`,
    `q-values are corrected for all comparisons (Benjamini and Hochberg), and count up to ${chance(settings.q)}. Intervals of rates are Wilson's, at 95 %.`,
    'Weights of evidence are smoothed by half a count; the fit is an L2 logistic regression on them, with no negative coefficient; points are whole, and a score goes from 0 to 100.',
    `The rows that were analysed, in any order: sha256 ${digest}.`,
  ].join(' ');
}

function statements(given: readonly Statement[]): string {
  return list(given.map(statement));
}
