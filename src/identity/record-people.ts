import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { Outcome } from '../records/core/chunk.ts';
import type { ReadRow } from '../records/core/row-reader.ts';
import { importChunk } from '../records/import-chunk.ts';
import { entitiesOf } from '../records/load-aliases.ts';
import { type Attached, attachPeople } from './attach-people.ts';
import type { IdentityIndex } from './identity-index.ts';

/** A person who came in, and whom it counts as. */
export interface RecordedPerson extends Attached {
  externalId: string;
  /** What its own record made, or is about. */
  node: string;
  outcome: Outcome;
}

/**
 * Records people who come in and stitches those that are new or say something new, inside a transaction that ticked the knowledge clock.
 * @param verb as the audit names it
 */
export async function recordPeople(
  tx: Tx,
  ctx: Context,
  {
    source,
    rows,
    verb,
    index,
    recordedAt,
  }: { source: string; rows: readonly ReadRow[]; verb: string; index: IdentityIndex; recordedAt: Date },
): Promise<RecordedPerson[]> {
  const { outcomes, entities } = await importChunk(tx, ctx, rows, {
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
  const attached = changed.length === 0 ? new Map<string, Attached>() : await attachPeople(tx, ctx, { nodes: changed, index, recordedAt });
  const known = await entitiesOf(tx, ctx, 'person', nodes(false));
  return rows.map(({ externalId }, i): RecordedPerson => {
    const node = entities[i] ?? '';
    const found = attached.get(node) ?? { entity: known.get(node) ?? node, merge: null };
    return { externalId, node, outcome: outcomes[i] ?? 'unchanged', ...found };
  });
}
