import { type Cadence, heldOn, type Review } from '../../definitions/core/cadence.ts';
import { paragraphs } from '../../kernel/markdown.ts';
import { list, literal } from './markdown.ts';
import type { ReviewKind } from './period.ts';

/** The report of the cadence that each kind is. */
const REPORT: Readonly<Record<ReviewKind, NonNullable<Review['report']>>> = {
  weekly: 'handoffs',
  monthly: 'performance',
  quarterly: 'icp_refresh',
};

const TITLE: Readonly<Record<ReviewKind, string>> = {
  weekly: 'Weekly hand-off review',
  monthly: 'Monthly performance review',
  quarterly: 'Quarterly ICP refresh',
};

/** The meeting of the cadence that looks at a kind of review; undefined where none does. */
export function meetingOf({ reviews }: Pick<Cadence, 'reviews'>, kind: ReviewKind): Review | undefined {
  return reviews.find(({ report }) => report === REPORT[kind]);
}

interface Titled {
  kind: ReviewKind;
  period: string;
  from: string;
  to: string;
}

/** The head of a document: what it is of, for which meeting, who leads it, what is talked about and what may be decided. */
export function titleMarkdown({ kind, period, from, to }: Titled, meeting: Review | undefined): string {
  const title = `# ${meeting === undefined ? TITLE[kind] : literal(meeting.label)}, ${period}`;
  if (meeting === undefined) return paragraphs(title, `${from} to ${to}, UTC days. No meeting of the cadence looks at it.`);
  const { minutes, owner, attends, agenda, decides } = meeting;
  const topics = agenda.map(({ topic, minutes: some, figures = [] }) => {
    const told = `${literal(topic)}${some === undefined ? '' : ` (${some} minutes)`}`;
    return figures.length === 0 ? told : `${told}: ${figures.map(literal).join('; ')}`;
  });
  return paragraphs(
    title,
    `${from} to ${to}, UTC days. Held ${heldOn(meeting)}, ${minutes} minutes; ${owner} leads it, ${attends.join(', ')} attend.`,
    `Agenda:\n\n${list(topics)}`,
    decides !== undefined && `It may decide: ${decides.map(literal).join('; ')}.`,
  );
}
