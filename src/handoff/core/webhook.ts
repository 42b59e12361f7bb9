import { retryAfterMs } from '../../enrichment/core/classify-answer.ts';
import { type Exchange, type Failure, isFailure } from '../../enrichment/core/exchange.ts';
import { chanceFrom } from '../../kernel/chance.ts';

/** An event as it is told. */
export interface ToldEvent {
  id: string;
  subject: string;
  position: number;
  type: string;
  recordedAt: Date;
  data: unknown;
}

/** What an attempt came to. `answer`: in our own words, for those who look into it. */
export type Verdict =
  | { is: 'delivered' }
  /** It wants to hear of nothing any more. */
  | { is: 'gone' }
  /** `afterMs`: the time it asked for; `pauses`: for all that is sent to it, not for this event alone. */
  | { is: 'again'; answer: string; afterMs?: number; pauses?: boolean };

/** What is said of an event that waits because the process that looked had no secret to sign it with. */
export const UNSIGNED = 'it was not sent: there was no secret to sign it with';

const SLOW_DOWN_MS = 60_000;

/** What a receiver's answer means, by Standard Webhooks: 2xx took it, 410 ends the endpoint, 429 asks for less, anything else is tried again. */
export function verdictOf(answer: Pick<Exchange, 'status' | 'headers'> | Failure, nowMs: number): Verdict {
  if (isFailure(answer)) return { is: 'again', answer: answer.reason };
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return { is: 'delivered' };
  if (status === 410) return { is: 'gone' };
  const asked = retryAfterMs(headers['retry-after'], nowMs);
  if (status === 429) return { is: 'again', answer: 'it asked for less (429)', afterMs: asked ?? SLOW_DOWN_MS, pauses: true };
  if (status >= 300 && status < 400) return { is: 'again', answer: `it redirects (${status}), which is not followed` };
  const said = `it answered ${status}`;
  return asked === undefined ? { is: 'again', answer: said } : { is: 'again', answer: said, afterMs: asked, pauses: status === 503 };
}

const FIRST_MS = 5_000;
const FACTOR = 4;
const LONGEST_MS = 6 * 3_600_000;
const KEPT_MS = 3 * 24 * 3_600_000;

/**
 * When an event that was not taken is tried again: after 5 seconds, then after four times as long each time up to 6 hours, a quarter more or
 * less by chance that the event's id and the attempt repeat. Null: three days after the first attempt it is given up.
 * @param attempt the one that failed, from 1
 * @param firstAt of the first attempt
 */
export function nextAttempt(
  eventId: string,
  { attempt, firstAt, now, afterMs = 0 }: { attempt: number; firstAt: Date; now: Date; afterMs?: number | undefined },
): Date | null {
  const chance = chanceFrom(Number.parseInt(eventId.slice(0, 8), 16) + attempt);
  const step = Math.min(FIRST_MS * FACTOR ** (attempt - 1), LONGEST_MS) * (0.75 + chance() / 2);
  const next = now.getTime() + Math.max(step, afterMs);
  return next - firstAt.getTime() > KEPT_MS ? null : new Date(Math.ceil(next));
}

/** The body of an event: the same at every attempt, as its signature and the receiver's memory want it. */
export function bodyOf({ type, subject, position, recordedAt, data }: ToldEvent): string {
  return JSON.stringify({ type, timestamp: recordedAt.toISOString(), subject, position, data });
}
