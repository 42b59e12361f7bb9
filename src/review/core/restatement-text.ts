import { bullets, count, paragraphs, table } from '../../kernel/markdown.ts';
import { basedText, figureText, type Restatement } from './restatement.ts';

/**
 * How far today's figures are from the published ones, in words.
 * @param mark what makes a label, in which a source's name may stand, plain text; left out where it is that already
 */
export function restatementText(
  { version, frozen_at, compared, differ, changed, reasons }: Restatement,
  mark = (label: string) => label,
): string {
  const published = `It is frozen: version ${version}, published ${frozen_at}.`;
  if (compared === 0) return `${published} There was none of these figures in it, and there is none today.`;
  if (differ === 0) return `${published} All ${count(compared, 'figure')} ${compared === 1 ? 'is' : 'are'} the same today.`;
  return paragraphs(
    `${published} ${differ} of ${count(compared, 'figure')} ${differ === 1 ? 'is' : 'are'} otherwise today${changed.length < differ ? `; the first ${changed.length}` : ''}:`,
    table(
      ['figure', 'published', 'today', 'difference'],
      changed.map((one) => [
        mark(one.label),
        basedText(one.before, one, one.basis?.before),
        basedText(one.now, one, one.basis?.now),
        differenceText(one),
      ]),
    ),
    `What was recorded since the figures were frozen, and what else is otherwise:\n${bullets(reasons.map(({ says }) => says))}`,
  );
}

/** Between two rates lie points: 5 % of 100 % would be another thing. */
function differenceText({ difference, unit, currency }: Restatement['changed'][number]): string {
  if (difference === null) return figureText(null, { unit });
  const text =
    unit === 'percent'
      ? `${figureText(difference, { unit: 'count' })} points`
      : figureText(difference, { unit, ...(currency !== undefined && { currency }) });
  return difference > 0 ? `+${text}` : text;
}
