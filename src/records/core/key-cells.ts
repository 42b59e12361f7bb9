import type { EventType, Taxonomy } from '../../definitions/core/taxonomy.ts';
import { type DateOrder, readInstant } from './normalise-date.ts';
import { type Reading, readText } from './reading.ts';
import { nearestNames } from './resolve-mapping.ts';
import { squash } from './targets.ts';

const LONGEST_ID = 500;
/** 1900-01-01. */
const EARLIEST = -2_208_988_800_000;

/** An id is compared by its bytes: as it came, without blanks around it; a whole number as its digits. */
export function readId(raw: unknown): Reading<string> {
  if (typeof raw === 'number') return { value: String(raw) };
  if (Array.isArray(raw)) return raw.length === 0 ? undefined : readId(raw[0]);
  if (typeof raw !== 'string') return { reason: 'is not an id' };
  const reading = readText(raw);
  if (reading === undefined || 'reason' in reading) return reading;
  return reading.value.length > LONGEST_ID ? { reason: `is longer than ${LONGEST_ID} characters` } : reading;
}

/** An instant that is not to come. @param latest milliseconds since 1970 */
export function readPast(raw: unknown, latest: number, order?: DateOrder): Reading<number> {
  if (typeof raw !== 'string' && typeof raw !== 'number') return { reason: 'is not a date' };
  const reading = readInstant(raw, order);
  if (reading === undefined || 'reason' in reading) return reading;
  if (reading.value > latest) return { reason: 'is more than a day in the future' };
  return reading.value < EARLIEST ? { reason: 'is before 1900' } : reading;
}

/** What may be kept with an event: text, numbers, yes and no. */
export function readAttribute(raw: unknown): Reading {
  if (typeof raw === 'string') return readText(raw);
  return typeof raw === 'number' || typeof raw === 'boolean' ? { value: raw } : undefined;
}

/** Reads event types by their id, label or other names; they are closed. */
export function typeReader(taxonomy: Taxonomy): (raw: unknown) => Reading<EventType> {
  const byName = new Map<string, EventType>();
  for (const type of taxonomy.event_types) for (const name of [type.label, ...(type.aliases ?? [])]) byName.set(squash(name), type);
  for (const type of taxonomy.event_types) byName.set(squash(type.id), type);
  const ids = taxonomy.event_types.map((type) => type.id);
  return (raw) => {
    if (typeof raw !== 'string' && typeof raw !== 'number') return { reason: 'is not an event type' };
    const type = byName.get(String(raw)) ?? byName.get(squash(String(raw)));
    if (type !== undefined) return { value: type };
    if (squash(String(raw)) === '') return undefined;
    return { reason: `is not an event type of the taxonomy; near ones are ${nearestNames(String(raw), ids)}. Add it there as an alias` };
  };
}
