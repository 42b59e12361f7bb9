import type { StitchFileReport } from '../identity/stitch-file.ts';
import { columns } from './columns.ts';

const WHY = { given: 'as given', header: 'by its header', values: 'by its values' } as const;

export function reportData({ pairsCompared, idColumn, ...report }: StitchFileReport) {
  return { ...report, pairs_compared: pairsCompared, id_column: idColumn };
}

/** What a person reads after a file was stitched. */
export function reportText(report: StitchFileReport, out: string, explain: string | undefined): string {
  const count = (n: number) => n.toLocaleString('en-US');
  const who = report.subject === 'person' ? ['people', 'person'] : ['organisations', 'organisation'];
  return [
    columns(
      ['column', 'kind', 'why'],
      report.columns.map(({ column, kind, why }) => [column, kind, WHY[why]]),
    ),
    '',
    `${count(report.records)} records are ${count(report.clusters)} ${report.clusters === 1 ? who[1] : who[0]}: ${count(report.duplicates)} records share a cluster with another, the largest has ${count(report.largest)}.`,
    `${count(report.pairsCompared)} pairs compared: ${count(report.matches)} match, ${count(report.reviews)} are doubtful.`,
    ...report.notes,
    `Clusters: ${out}${explain === undefined ? '' : `; pairs with their evidence: ${explain}`}`,
  ].join('\n');
}
