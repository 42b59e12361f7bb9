import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { nameKey } from '../records/core/name-key.ts';
import { bestOfBlocks } from './core/best-of-blocks.ts';
import { cellsOf, type Suppressed } from './core/entity-columns.ts';
import { type NodeKey, personKeys } from './core/node-keys.ts';
import type { Email } from './core/normalise-email.ts';
import { decidePerson, type PersonDecision } from './core/person-decision.ts';
import type { RecordValues } from './core/score-pair.ts';
import { PERSON_COLUMNS, personTable } from './cover-nodes.ts';
import { type FoundPerson, personCandidates } from './find-candidates.ts';
import type { IdentityIndex } from './identity-index.ts';
import { blocksOf, type Probed } from './probe-blocks.ts';

export interface MatchedPerson extends PersonDecision {
  name: string | null;
  /** People who were compared. */
  candidates: number;
}

/** People who are compared with a lead, at most: those that share its rarest keys. */
const MOST_CANDIDATES = 60;

/** The keys by which the person that a lead is is looked for. */
export function leadKeys(fields: Readonly<Record<string, unknown>>, suppressed: Suppressed, home: string | null): NodeKey[] {
  return personKeys(personTable([cellsOf(PERSON_COLUMNS, fields, suppressed, home)]))[0] ?? [];
}

/** People who have a lead's address or name, as they were looked up before it was known what was suppressed. */
export interface NamedPeople {
  isByAddress: boolean;
  found: readonly FoundPerson[];
}

/** Looks up who has a lead's address or name. */
export async function namedPeople(
  tx: Tx,
  ctx: Context,
  fields: Readonly<Record<string, unknown>>,
  email: Email | null,
): Promise<NamedPeople> {
  const isByAddress = email !== null && !email.isRole;
  const addresses = isByAddress ? [...new Set([email.address, email.key])] : [];
  return { isByAddress, found: await personCandidates(tx, ctx, { nodes: [], addresses, name: fullNameOf(fields) }) };
}

function fullNameOf(fields: Readonly<Record<string, unknown>>): string | null {
  const full = [fields.name, [fields.first_name, fields.last_name].filter((part) => typeof part === 'string').join(' ')];
  return full.map((name) => (typeof name === 'string' ? nameKey(name) : '')).find((name) => name !== '') ?? null;
}

/**
 * The person that a lead is: whoever has its address, else whom the evidence shows among those that share a key with it.
 * @param given.ahead the keys of the person with nothing suppressed, and what was found of them
 */
export async function matchPerson(
  tx: Tx,
  ctx: Context,
  {
    fields,
    email,
    index,
    ahead,
  }: {
    fields: Readonly<Record<string, unknown>>;
    email: Email | null;
    index: IdentityIndex;
    ahead: Probed & { person: readonly NodeKey[]; people: NamedPeople };
  },
): Promise<MatchedPerson> {
  const suppressed = index.suppressed.person;
  const isNobodys = email === null || email.isRole || suppressed.get('email')?.has(email.key) === true;
  const keys = suppressed.size === 0 ? ahead.person : leadKeys(fields, suppressed, index.home);
  const blocks = await blocksOf(tx, ctx, keys, ahead);
  const named = ahead.people.isByAddress && isNobodys ? await namedPeople(tx, ctx, fields, null) : ahead.people;
  const known = new Set(named.found.map(({ id }) => id));
  const others = bestOfBlocks(keys, blocks, MOST_CANDIDATES, Number.POSITIVE_INFINITY).filter((node) => !known.has(node));
  const more = others.length === 0 ? [] : await personCandidates(tx, ctx, { nodes: others, addresses: [], name: null });
  const found = [...named.found, ...more.filter(({ id }) => !known.has(id))].sort((a, b) => (a.id < b.id ? -1 : 1));
  const valuesOf = (values: Readonly<Record<string, unknown>>) => valuesIn(cellsOf(PERSON_COLUMNS, values, suppressed, index.home));
  const decision = decidePerson(
    valuesOf(fields),
    found.map(({ id, fields: theirs, has_address }) => ({ id, values: valuesOf(theirs), hasAddress: has_address })),
    index.people.statistics,
  );
  return { name: found.find(({ id }) => id === decision.entity)?.name ?? null, candidates: found.length, ...decision };
}

function valuesIn(cells: readonly string[]): RecordValues {
  return PERSON_COLUMNS.flatMap(({ kind }, i) => (cells[i] === undefined || cells[i] === '' ? [] : [[kind, cells[i]] as const]));
}
