import type { EventType, Taxonomy } from '../../definitions/core/taxonomy.ts';
import { type DateOrder, readInstant } from './normalise-date.ts';
import { type Reading, readText } from './reading.ts';
import { nearestNames } from './resolve-mapping.ts';
import { squash } from './targets.ts';

const LONGEST_ID = 500;
/** 1900-01-01. */
const EARLIEST = -2_208_988_800_000;

/**
 * An id is compared by its bytes: as it came, without blanks around it; a whole number as its digits. The short form of a Salesforce
 * id, which reports use, is written out in the long one of its other exports.
 */
export function readId(raw: unknown): Reading<string> {
  if (typeof raw === 'number') return { value: String(raw) };
  if (typeof raw !== 'string') return { reason: 'is not an id' };
  const reading = readText(raw);
  if (reading === undefined || 'reason' in reading) return reading;
  const id = reading.value;
  if (id.length > LONGEST_ID) return { reason: `is longer than ${LONGEST_ID} characters` };
  return SHORT_SALESFORCE_ID.test(id) && /[A-Za-z]/.test(id.slice(4)) ? { value: longSalesforceId(id) } : reading;
}

/** What trackers send where they have no id; whoever has it is nobody in particular. */
const NO_DEVICE = /^(?:anonymous|unknown|undefined|null|none|nil|nan|n\/?a|not ?set|\(not set\)|guest|true|false|[-0.:_]+|(.)\1*)$/i;

/** The id of a cookie, browser or device. A placeholder, as of a tracker that was given none, says nothing. */
export function readAnonymousId(raw: unknown): Reading<string> {
  const reading = readId(raw);
  return reading !== undefined && 'value' in reading && NO_DEVICE.test(reading.value) ? undefined : reading;
}

/** The first of the ids that a cell lists: HubSpot separates them by `;`, the primary one first. */
export function readFirstId(raw: unknown): Reading<string> {
  if (Array.isArray(raw)) return raw.length === 0 ? undefined : readId(raw[0]);
  return readId(typeof raw === 'string' && raw.includes(';') ? (raw.split(';').find((part) => part.trim() !== '') ?? '') : raw);
}

/** Account, contact, lead, opportunity, task, event, campaign, user. */
const SHORT_SALESFORCE_ID = /^(?:001|003|00Q|006|00T|00U|701|005)[A-Za-z0-9]{12}$/;

/** The long form has three more characters, which tell the case of the others. */
function longSalesforceId(id: string): string {
  const suffix = [0, 5, 10].map((from) => {
    const capitals = [...id.slice(from, from + 5)].reduce((bits, letter, i) => bits | (/[A-Z]/.test(letter) ? 1 << i : 0), 0);
    return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[capitals];
  });
  return id + suffix.join('');
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
