import { paragraphs } from '../../kernel/markdown.ts';
import { figuresTable, list, literal, section } from './markdown.ts';
import type { IcpRefresh, RefreshDraft, WonShare } from './refresh.ts';
import { percent, range, whole } from './report-format.ts';
import { reportMarkdown } from './report-markdown.ts';

/** The quarterly refresh as a document, from headings of the second level on: what was read, the draft, and the report of the evidence. */
export function refreshMarkdown(refresh: IcpRefresh): string {
  const { period, cut_off, read, analysis, tiers, segments } = refresh;
  const quarters = period.quarters === 1 ? 'the quarter' : `${period.quarters} quarters up to and with ${period.name}`;
  const report = reportMarkdown(analysis, {
    title: period.name,
    read: paragraphs(
      section(
        'What was read',
        `Deals that closed from ${period.from} to ${period.to} (${quarters}): ${whole(read.deals)} of ${whole(read.accounts)} accounts, ${whole(read.won)} won. ${literal(cut_off)}`,
        list(read.statements.map(literal)),
      ),
      section('Draft', ...draftParts(refresh)),
      section(
        'Win rate by tier at the cut-off',
        sharesTable(
          'tier',
          tiers.map(({ tier, ...share }) => [tier, share]),
        ),
      ),
      section(
        'Win rate by ICP segment',
        sharesTable(
          'segment',
          segments.map(({ segment, ...share }) => [segment, share]),
        ),
      ),
    ),
  });
  // the title is the document's, whoever makes it
  return report.slice(report.indexOf('## ')).trimEnd();
}

function draftParts({ draft, no_draft, unwritten }: IcpRefresh): string[] {
  const unchanged = unwritten.map(
    ({ proposal, reason }) => `${literal(proposal.label)}: ${literal(proposal.bin.label)} changes nothing: ${literal(reason)}.`,
  );
  return [...(draft === null ? [literal(no_draft ?? '')] : linesOf(draft)), list(unchanged)];
}

function linesOf({ lines, tiers, icp, difference, effect, on_deals }: RefreshDraft): string[] {
  const { before, after } = tiers;
  return [
    'Nothing applies itself: the draft is proposed with `propose_definition`, and both teams sign it or leave it.',
    figuresTable(
      ['criterion', 'points now', 'points in the draft', 'earned over the average deal', 'by the evidence'],
      lines.map((line) => [literal(line.id), whole(line.before), whole(line.after), `${line.earned}`, `${line.deserved}`]),
    ),
    list([...difference.icp, ...difference.rubric].map(literal)),
    ...(icp.length === 0
      ? []
      : [`Why the profile changes:\n\n${list(icp.map(({ change, why }) => `${literal(change.path)}: ${literal(why)}`))}`]),
    `Lowest scores of the tiers: A ${before.A} → ${after.A}, B ${before.B} → ${after.B}, so that as many records of today reach them.`,
    ...(effect.length === 0
      ? []
      : [
          figuresTable(
            ['records of today', 'tier now', 'in the draft', 'n'],
            effect.map(({ of, from, to, n }) => [of, from, to, whole(n)]),
            ['records of today', 'tier now', 'in the draft'],
          ),
        ]),
    'The closed deals under both. The draft was found in these very deals, so this flatters it; the backtest below does not.',
    figuresTable(
      ['tier', 'deals now', 'win rate now', 'deals in the draft', 'win rate in the draft'],
      on_deals.tiers.map(({ tier, current, draft }) => [tier, whole(current.n), rateText(current), whole(draft.n), rateText(draft)]),
    ),
  ];
}

function sharesTable(head: string, rows: readonly (readonly [string, WonShare])[]): string {
  return figuresTable(
    [head, 'deals', 'won', 'win rate'],
    rows.map(([name, share]) => [literal(name), whole(share.n), whole(share.won), rateText(share)]),
  );
}

function rateText({ rate, low, high }: WonShare): string {
  return rate === null ? '' : `${percent(rate)} (${range(low, high, percent)})`;
}
