import { count } from '../kernel/markdown.ts';
import type { FileAnalysis } from '../review/analyse-file.ts';
import { chance, fixed, listed, percent, whole } from '../review/core/report-format.ts';
import { columns, paragraph } from './columns.ts';

/** More lines scroll away; the report has them all. */
const MOST = 30;

/** What came of a file, on a page: the rest is in the report. */
export function icpText({ file, analysis, written }: FileAnalysis): string {
  const { counts, refused, proposals, no_proposals, leaks, reversals, cross_validation } = analysis;
  const unused = file.columns.filter(({ as }) => as === 'left_out');
  const gone = leaks.filter(({ left_out }) => left_out).map(({ label }) => label);
  return [
    paragraph(
      `${file.name}: ${count(file.rows, 'row')}, ${count(counts.rows, 'closed deal')}, ${whole(counts.won)} won (${percent(counts.base_rate)}).${
        unused.length > 0 ? ` Columns left out: ${listed(unused.map(({ name }) => name))}.` : ''
      }`,
    ),
    ...file.notes.map((note) => paragraph(`- ${note}`)),
    ...(refused === null ? [] : [paragraph(`Nothing was analysed. ${refused.text}`)]),
    ...(gone.length > 0 ? [paragraph(`Left out as leaks: ${listed(gone)}.`)] : []),
    ...(reversals.length > 0
      ? [`${count(reversals.length, 'finding')} ${reversals.length === 1 ? 'turns' : 'turn'} round within strata (Simpson).`]
      : []),
    ...(cross_validation === null
      ? []
      : [
          `Cross-validated AUC: naive Bayes ${fixed(cross_validation.naive_bayes.auc, 4)}, logistic ${fixed(cross_validation.logistic.auc, 4)}, rubric ${fixed(cross_validation.rubric.auc, 4)}.`,
        ]),
    ...(proposals.length === 0 && refused === null ? [paragraph(`Nothing is proposed. ${no_proposals?.text ?? ''}`.trim())] : []),
    ...(proposals.length === 0
      ? []
      : [
          'Proposed, to decide on line by line:',
          columns(
            ['field', 'level', 'counts for', 'deals', 'win rate', 'q'],
            proposals
              .slice(0, MOST)
              .map(({ label, bin, direction, evidence: one }) => [label, bin.label, direction, one.n, percent(one.rate), chance(one.q)]),
          ),
          ...(proposals.length > MOST ? [`  and ${count(proposals.length - MOST, 'more line')}, all of them in the report.`] : []),
        ]),
    `Written to ${written.report}, with ${listed([written.lift, written.calibration, written.tiers])}.`,
  ].join('\n');
}
