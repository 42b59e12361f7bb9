import type { PredicateDocument } from '../definitions/core/predicate.ts';
import type { Sla } from '../definitions/core/sla.ts';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { LeadFacts } from './core/exceptions.ts';
import type { Readiness } from './core/readiness.ts';
import type { ActiveRule } from './core/segments.ts';
import { mqlParts, readinessBy } from './read-readiness.ts';
import { readTruths } from './read-truths.ts';

/** All of a person that a hand-off depends on. */
export interface Lead {
  readiness: Readiness;
  /** What decides which of the SLA's promises it has. */
  facts: LeadFacts;
  account_id: string | null;
  account_owner: string | null;
  /** The territories and segments that it is in, by id, in their order. */
  territories: string[];
  segments: string[];
  /** The sides by which rejections are compared, by id of the taxonomy's `compare_by`. */
  sides: Record<string, unknown>;
}

interface Wanted {
  person: string;
  taxonomy: Taxonomy;
  sla: Sla;
  /** Those that hand-offs go by. */
  segments: readonly ActiveRule[];
  /** The day from which windows of events count back. */
  asOfDay: number;
  /** Of the score in force. */
  tier: string | null;
  disqualifiedBy: readonly string[];
}

/** A person as hand-off sees them, now, in one statement. A condition that is not known does not hold. */
export async function readLead(
  tx: Tx,
  ctx: Context,
  { person, taxonomy, sla, segments, asOfDay, tier, disqualifiedBy }: Wanted,
): Promise<Lead> {
  const mql = mqlParts(taxonomy);
  const exceptions = exceptionsOf(sla);
  const territories = taxonomy.routing?.territories ?? [];
  const named = [...exceptions, ...territories, ...segments];
  const conditions = [...mql, ...named.map(({ when }) => when)];
  const asked = { person, conditions, asOfDay, sides: taxonomy.compare_by ?? [] };
  const { truths, source, account_id, account_owner, sides } = await readTruths(tx, ctx, asked);
  const holding = new Set(named.filter((_, i) => truths[mql.length + i] === true));
  const ids = <T extends { id: string; when: PredicateDocument }>(all: readonly T[]) =>
    all.filter((one) => holding.has(one)).map(({ id }) => id);
  return {
    readiness: readinessBy(taxonomy, truths.slice(0, mql.length), disqualifiedBy),
    facts: { source, tier, holds: new Set(ids(exceptions)) },
    account_id,
    account_owner,
    territories: ids(territories),
    segments: ids(segments),
    sides,
  };
}

/** The SLA's exceptions that have a condition, as `LeadFacts` names them. */
function exceptionsOf({ clocks, follow_up }: Sla): { id: string; when: PredicateDocument }[] {
  return [...clocks, { id: 'follow_up', exceptions: follow_up.exceptions }].flatMap(({ id, exceptions }) =>
    (exceptions ?? []).flatMap((one) => (one.when === undefined ? [] : [{ id: `${id}.${one.id}`, when: one.when }])),
  );
}
