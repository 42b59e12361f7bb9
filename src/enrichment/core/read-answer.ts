import type { CellReader } from '../../records/core/normalise.ts';
import type { Provider } from './compile-provider.ts';
import type { Mapping } from './mapping.ts';
import type { ProvidedSignal, ProvidedValue } from './provider.ts';

/** What the expressions of a description are given. */
export interface AnswerDocument {
  body: unknown;
  input: unknown;
}

export interface AnswerRead {
  values: Record<string, ProvidedValue>;
  signals: ProvidedSignal[];
}

const LONGEST_TEXT = 2_000;
const LONGEST_TITLE = 300;
const MOST_ITEMS = 200;
const MOST_SIGNALS = 50;
const MILLISECONDS_FROM = 100_000_000_000;

/**
 * The values and signals that an answer holds. A value that cannot be read as its field's type, or whose field the workspace does
 * not declare, is left out. Texts are capped; they are data, whatever they say.
 */
export function readAnswer(provider: Provider, document: AnswerDocument, readers: ReadonlyMap<string, CellReader>): AnswerRead {
  const observedAt = provider.observedAt === undefined ? undefined : instantOf(provider.observedAt(document));
  const values: Record<string, ProvidedValue> = {};
  for (const [field, { at, role, confidence }] of provider.fields) {
    const value = readingOf(readers.get(field), at(document));
    if (value === undefined) continue;
    const certainty = confidence === undefined ? undefined : shareOf(confidence.at(document), confidence.of);
    values[field] = {
      value,
      ...(role === 'plain' ? {} : { role }),
      ...(certainty === undefined ? {} : { confidence: certainty }),
      ...(observedAt === undefined ? {} : { observedAt }),
    };
  }
  return { values, signals: provider.signals.flatMap((signal) => signalsOf(signal, document)).slice(0, MOST_SIGNALS) };
}

function readingOf(read: CellReader | undefined, raw: unknown): ProvidedValue['value'] | undefined {
  if (read === undefined || raw === null || raw === undefined) return undefined;
  const given = typeof raw === 'string' ? raw.slice(0, LONGEST_TEXT) : Array.isArray(raw) ? raw.slice(0, MOST_ITEMS) : raw;
  const reading = read(given);
  if (reading === undefined || 'reason' in reading) return undefined;
  const { value } = reading;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;
}

/** A number, or the text of one, as a share of what means certainty. */
function shareOf(raw: unknown, of: number): number | undefined {
  const number = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return Math.min(1, Math.max(0, number / of));
}

function signalsOf(
  signal: { type: string; each: Mapping; title: Mapping | undefined; at: Mapping },
  document: AnswerDocument,
): ProvidedSignal[] {
  const each = signal.each(document);
  const items: unknown[] = Array.isArray(each) ? each : [each];
  return items.slice(0, MOST_SIGNALS).flatMap((item): ProvidedSignal[] => {
    const occurredAt = item === null || item === undefined ? undefined : instantOf(signal.at(item));
    if (occurredAt === undefined) return [];
    const title = signal.title?.(item);
    return [
      { type: signal.type, occurredAt, ...(typeof title === 'string' && title !== '' ? { title: title.slice(0, LONGEST_TITLE) } : {}) },
    ];
  });
}

/** An instant as ISO 8601, from a date, an instant, or a count of seconds or milliseconds since 1970. */
function instantOf(raw: unknown): string | undefined {
  const time =
    typeof raw === 'number'
      ? Math.abs(raw) < MILLISECONDS_FROM
        ? raw * 1000
        : raw
      : typeof raw === 'string' && /^\d{4}-\d{2}(-\d{2})?/.test(raw)
        ? Date.parse(/(?:Z|[+-]\d{2}:?\d{2}|^\d{4}-\d{2}(?:-\d{2})?)$/.test(raw) ? raw : `${raw.replace(' ', 'T')}Z`)
        : Number.NaN;
  const date = new Date(time);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1900 || date.getUTCFullYear() > 2999 ? undefined : date.toISOString();
}
