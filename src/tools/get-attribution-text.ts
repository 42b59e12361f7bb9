import type { z } from 'zod';
import { bullets, count, paragraphs, table } from '../kernel/markdown.ts';
import type { attributionOutput } from './get-attribution-shape.ts';
import { definitionsLine, pageLine } from './text.ts';

type Attribution = z.output<typeof attributionOutput>;

/** What was credited to whom, as a page to read in a meeting. */
export function attributionText(answer: Attribution): string {
  const { period, conversion, measure, lookback_days, models, touches, as_of, known_at, total, next_cursor, credits, opportunity } = answer;
  const [first] = models;
  const status = answer.definitions.find(({ kind }) => kind === 'attribution')?.status ?? 'draft';
  const what = conversion === 'closed_won' ? 'won' : 'created';
  return paragraphs(
    opportunity === null
      ? `Attribution of the opportunities ${what} in ${period.name} (${period.from} to ${period.to}) by ${answer.by}, ${status}: ${first?.label ?? ''}. ${first?.sentence ?? ''} Shares are of ${measure.replaceAll('_', ' ')}; ${count(touches, 'touch', 'touches')} of the ${lookback_days} days before count. As of ${as_of}, by what was known at ${known_at}.`
      : dealLine(opportunity, answer, status),
    models.length > 1 && `Beside it:\n${bullets(models.slice(1).map((model) => `${model.id}: ${model.label}. ${model.sentence}`))}`,
    opportunity === null && totalsText(answer),
    opportunity === null ? creditsTable(answer) : touchesTable(opportunity, models),
    pageLine(opportunity === null ? credits.length : opportunity.touches.length, total, next_cursor),
    answer.notes.length > 0 && bullets(answer.notes),
    definitionsLine(answer.definitions),
  );
}

const money = (amount: number | null, currency: string | null) =>
  amount === null
    ? '–'
    : `${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${currency ?? '(no currency)'}`;
const parts = (n: number) => n.toLocaleString('en-US', { maximumFractionDigits: 2 });

function totalsText({ totals }: Attribution): string {
  if (totals.length === 0) return '';
  const lines = totals.map(({ currency, opportunities, amount, untouched_opportunities, untouched_amount }) => {
    const untouched =
      untouched_opportunities === 0 ? '' : `, of which nobody touched ${untouched_opportunities} (${money(untouched_amount, currency)})`;
    return `${count(opportunities, 'opportunity', 'opportunities')}, ${money(amount, currency)}${untouched}`;
  });
  return `In all:\n${bullets(lines)}`;
}

function creditsTable({ credits, models, by }: Attribution): string {
  const others = models.slice(1).map(({ id }) => id);
  return table(
    [by, 'currency', 'opportunities', 'amount', 'share', ...others],
    credits.map((line) => [
      line.untouched ? 'no touch' : (line.label ?? line.value ?? 'unknown'),
      line.currency ?? '(none)',
      parts(line.opportunities),
      money(line.amount, line.currency),
      line.share_percent === null ? null : `${line.share_percent.toFixed(2)} %`,
      ...line.compare.map((other) => `${parts(other.opportunities)}: ${money(other.amount, line.currency)}`),
    ]),
  );
}

type Deal = NonNullable<Attribution['opportunity']>;

function dealLine(
  { id, name, amount, currency, created, closed, won }: Deal,
  { total, conversion, lookback_days, models: [first] }: Attribution,
  status: string,
): string {
  const ended = closed === null ? 'open' : `${won === true ? 'won' : 'lost'} ${closed}`;
  const found = total === 0 ? 'Nobody touched it' : `${count(total, 'touch', 'touches')}`;
  return `Opportunity ${name ?? id} (${id}): ${money(amount, currency)}, created ${created ?? 'on a day nobody knows'}, ${ended}. ${found} in the ${lookback_days} days before it was ${conversion === 'closed_won' ? 'won' : 'created'}. ${first?.label ?? ''} (${status}): ${first?.sentence ?? ''}`;
}

function touchesTable({ touches, currency }: Deal, models: Attribution['models']): string {
  const isDetailed = touches.some(({ source }) => source !== undefined);
  return table(
    ['at', 'type', 'channel', ...(isDetailed ? ['source', 'campaign', 'person'] : []), 'place', ...models.map(({ id }) => id)],
    touches.map((touch) => [
      touch.at,
      touch.type,
      touch.channel,
      ...(isDetailed ? [touch.source, touch.campaign, touch.person?.name ?? touch.person?.id] : []),
      touch.marks.map((mark) => mark.replaceAll('_', ' ')).join(', '),
      ...touch.credits.map(({ percent, amount }) =>
        percent === null ? 'not by one path' : `${percent.toFixed(2)} %: ${money(amount, currency)}`,
      ),
    ]),
  );
}
