import { shown } from '../../kernel/errors.ts';
import { isObject } from '../../kernel/json.ts';
import { nearest } from '../../kernel/nearest.ts';
import { memberNames } from './members.ts';
import { pathText } from './problems.ts';

/** One change: the value at a path; without a value, what is there goes. */
export interface Change {
  /** `criteria.industry.points` or `criteria[0].points`; the members of a list go by their id, code or name. */
  path: string;
  value?: unknown;
}

export interface Patched {
  document: unknown;
  /** Where each change went, as problems of the document name places: `criteria[0].points`. */
  places: string[];
  /** Paths that lead nowhere, with the reason of each; the document is then of no use. */
  problems: { path: string; reason: string }[];
}

/** A document with changes made, one after the other. The document given stays as it is. */
export function applyChanges(document: unknown, changes: readonly Change[]): Patched {
  const copy: unknown = structuredClone(document);
  const places: string[] = [];
  const problems = changes.flatMap((change) => {
    const place: (string | number)[] = [];
    const reason = applyOne(copy, change, place);
    places.push(pathText(place));
    return reason === undefined ? [] : [{ path: change.path, reason }];
  });
  return { document: copy, places, problems };
}

/** @param place is told the way that was gone */
function applyOne(document: unknown, { path, value }: Change, place: (string | number)[]): string | undefined {
  const parts = path.replace(/\[(\d+)\]/g, '.$1').split('.');
  let holder = document;
  for (let at = 0; ; ) {
    const step = nextStep(holder, parts, at);
    const last = step.at === parts.length;
    if (step.key === undefined) {
      // what is not there yet can be put there, by its own name
      const name = parts.slice(at).join('.');
      if (value === undefined || !canAdd(holder, parts.length - at, name, value)) return nowhere(holder, parts, at);
      place.push(Array.isArray(holder) ? holder.length : name);
      if (Array.isArray(holder)) holder.push(value);
      else if (isObject(holder)) holder[name] = value;
      return undefined;
    }
    place.push(step.key);
    if (last) return put(holder, step.key, value);
    holder = (holder as Record<string | number, unknown>)[step.key];
    at = step.at;
  }
}

/** The member that the longest run of parts names: names may have dots in them. */
function nextStep(holder: unknown, parts: readonly string[], at: number): { key: string | number | undefined; at: number } {
  const names = namesOf(holder);
  for (let end = parts.length; end > at; end -= 1) {
    const name = parts.slice(at, end).join('.');
    const index = names.indexOf(name);
    if (index >= 0) return { key: Array.isArray(holder) ? index : name, at: end };
  }
  const index = Number(parts[at]);
  if (Array.isArray(holder) && Number.isInteger(index) && index >= 0 && index < holder.length) return { key: index, at: at + 1 };
  return { key: undefined, at };
}

function namesOf(holder: unknown): string[] {
  if (Array.isArray(holder)) return memberNames(holder) ?? [];
  return isObject(holder) ? Object.keys(holder) : [];
}

/** A list takes a member under the name that it has itself; a mapping a key of one part. */
function canAdd(holder: unknown, parts: number, name: string, value: unknown): boolean {
  if (Array.isArray(holder)) return name === '-' || (isObject(value) && Object.values(value).includes(name));
  return isObject(holder) && parts === 1 && name !== '__proto__';
}

function put(holder: unknown, key: string | number, value: unknown): undefined {
  if (Array.isArray(holder) && typeof key === 'number') {
    if (value === undefined) holder.splice(key, 1);
    else holder[key] = value;
  } else if (isObject(holder)) {
    if (value === undefined) delete holder[String(key)];
    else holder[String(key)] = value;
  }
  return undefined;
}

function nowhere(holder: unknown, parts: readonly string[], at: number): string {
  const names = namesOf(holder);
  const wanted = parts[at] ?? '';
  const near = nearest(wanted, names);
  const there = names.length === 0 ? 'nothing in it has a name' : `there are ${names.slice(0, 20).map(shown).join(', ')}`;
  return `leads nowhere at "${shown(wanted)}"${near === undefined ? '' : `; did you mean ${shown(near)}?`} (${there})`;
}
