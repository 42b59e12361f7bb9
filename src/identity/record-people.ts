import { forRows } from '../db/bulk.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { Outcome } from '../records/core/chunk.ts';
import type { ReadRow } from '../records/core/row-reader.ts';
import { importChunk } from '../records/import-chunk.ts';
import { entitiesOf, type Merged } from '../records/load-aliases.ts';
import { type Attached, attachPeople } from './attach-people.ts';
import type { IdentityIndex } from './identity-index.ts';

/** A person who came in, and whom it counts as. */
export interface RecordedPerson extends Attached {
  externalId: string;
  /** What its own record made, or is about. */
  node: string;
  outcome: Outcome;
}

export interface RecordedPeople {
  people: RecordedPerson[];
  /** Whether anything is merged by now. */
  merged: Merged;
}

/**
 * Records people who come in and stitches those that are new or say something new, inside a transaction that ticked the knowledge clock.
 * @param verb as the audit names it
 */
export async function recordPeople(
  transaction: Tx,
  ctx: Context,
  {
    source,
    rows,
    verb,
    index,
    recordedAt,
  }: { source: string; rows: readonly ReadRow[]; verb: string; index: IdentityIndex; recordedAt: Date },
): Promise<RecordedPeople> {
  const tx = forRows(transaction, rows.length);
  const { outcomes, entities, merged } = await importChunk(tx, ctx, rows, {
    importId: null,
    source,
    kind: 'people',
    observedAt: recordedAt.getTime(),
    recordedAt,
    firstOrdinal: 0,
    verb,
  });
  const nodes = (isChanged: boolean) => [
    ...new Set(entities.filter((node, i) => node !== null && (outcomes[i] !== 'unchanged') === isChanged).map(String)),
  ];
  const changed = nodes(true);
  const attached =
    changed.length === 0 ? new Map<string, Attached>() : await attachPeople(tx, ctx, { nodes: changed, index, recordedAt, merged });
  const known = await entitiesOf(tx, ctx, 'person', nodes(false));
  const people = rows.map(({ externalId }, i): RecordedPerson => {
    const node = entities[i] ?? '';
    const found = attached.get(node) ?? { entity: known.get(node) ?? node, merge: null };
    return { externalId, node, outcome: outcomes[i] ?? 'unchanged', ...found };
  });
  return { people, merged: { ...merged, person: merged.person || people.some(({ merge }) => merge !== null) } };
}
