import type { RecordWrite, Writes } from './chunk.ts';
import type { Values } from './row-reader.ts';
import type { Entity } from './targets.ts';

/** An entity that a chunk makes, by what is said of it. */
export interface Newcomer {
  id: string;
  /** All that is said; null when more than one thing is: then the golden values are still to be derived. */
  values: Values | null;
  /** The row's own record, when it is that which says it. */
  record: RecordWrite | undefined;
}

/** The entities of a kind that a chunk makes. */
export function newcomers(entity: Entity, writes: Writes): Newcomer[] {
  const created = writes.created[entity];
  if (created.size === 0) return [];
  const found = new Map<string, Newcomer>();
  const said = new Set<string>();
  const add = (id: string, values: Values | null, record: RecordWrite | undefined) => {
    const before = found.get(id);
    if (before === undefined) found.set(id, { id, values: values ?? {}, record });
    else if (values !== null) {
      before.values = said.has(id) ? null : values;
      before.record = undefined;
    }
    if (values !== null) said.add(id);
  };
  for (const record of writes.records) {
    if (record.kind === entity && record.entityId !== null && created.has(record.entityId)) add(record.entityId, record.values, record);
  }
  for (const observation of writes.observations) {
    if (observation.kind === entity && created.has(observation.entityId)) add(observation.entityId, observation.values, undefined);
  }
  for (const id of created) if (!found.has(id)) found.set(id, { id, values: {}, record: undefined });
  return [...found.values()];
}
