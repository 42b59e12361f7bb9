import type { Icp } from '../definitions/core/icp.ts';
import type { Playbook } from '../definitions/core/playbook.ts';
import type { PredicateDocument } from '../definitions/core/predicate.ts';
import { labelsOf } from '../definitions/core/sentence.ts';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import type { Definition } from '../definitions/current-definition.ts';
import type { SqlParam } from '../kernel/database.ts';
import { conditionKey, conditionsOf, isFor, type PlayedOn, type ReadyPlay, readyPlay } from './core/plays.ts';
import { standingSql } from './core/plays-sql.ts';

/** What the definitions in use ask of a kind of record. */
export interface ReadyPlays {
  plays: readonly ReadyPlay[];
  segments: readonly { id: string; key: string }[];
  roles: readonly { role: Icp['buying_group'][number]['role']; key: string }[];
  /** The statement, its parameters after the first three, and the keys of the conditions in the order of its truths. */
  text: string;
  params: readonly SqlParam[];
  keys: readonly string[];
}

export interface Definitions {
  playbook: Definition<'playbook'>;
  icp: Definition<'icp'>;
  taxonomy: Definition<'taxonomy'>;
}

/** By the definitions' hashes and the kind of record: a hash names its content, so an entry never goes stale. */
const kept = new Map<string, ReadyPlays>();
const MOST_KEPT = 24;

/** Two hundred plays take longer to put into SQL and words than to ask. */
export function readyPlays({ playbook, icp, taxonomy }: Definitions, kind: PlayedOn): ReadyPlays {
  const key = [playbook.hash, icp.hash, taxonomy.hash, kind].join(' ');
  const known = kept.get(key);
  if (known !== undefined) return known;
  const ready = makeReady(playbook.document, icp.document, taxonomy.document, kind);
  const oldest = kept.keys().next();
  if (kept.size >= MOST_KEPT && !oldest.done) kept.delete(oldest.value);
  kept.set(key, ready);
  return ready;
}

function makeReady(playbook: Playbook, icp: Icp, taxonomy: Taxonomy, kind: PlayedOn): ReadyPlays {
  const plays = (playbook.plays ?? []).filter((play) => isFor(play, kind));
  const roles = kind === 'person' ? icp.buying_group : [];
  const asked = [...plays.flatMap(conditionsOf), ...icp.segments.map(({ when }) => when), ...roles.map(({ when }) => when)];
  const different = new Map<string, PredicateDocument>(asked.map((one) => [conditionKey(one), one]));
  const labels = labelsOf(taxonomy);
  return {
    plays: plays.map((play) => readyPlay(play, labels)),
    segments: icp.segments.map(({ id, when }) => ({ id, key: conditionKey(when) })),
    roles: roles.map(({ role, when }) => ({ role, key: conditionKey(when) })),
    ...standingSql(kind, [...different.values()]),
    keys: [...different.keys()],
  };
}
