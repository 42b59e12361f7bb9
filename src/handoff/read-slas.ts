import type { Sla } from '../definitions/core/sla.ts';
import { definitionByHash } from '../definitions/definition-by-hash.ts';
import { documentsKept } from '../definitions/stored.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';

interface Clocked {
  sla: string;
  log: readonly { sla: string }[];
}

/**
 * Every version of the SLA that hand-offs and their logs name, by hash; those that are at hand are not read.
 * @param more hashes of versions that are needed besides
 */
export async function readSlas(tx: Tx, ctx: Context, handOffs: Iterable<Clocked>, ...more: string[]): Promise<Map<string, Sla>> {
  const kept = documentsKept('sla');
  const slas = new Map<string, Sla>();
  const named = [...handOffs].flatMap(({ sla, log }) => [sla, ...log.map((entry) => entry.sla)]);
  for (const hash of new Set([...named, ...more]))
    slas.set(hash, kept.get(hash) ?? (await definitionByHash(tx, ctx, 'sla', hash)).document);
  return slas;
}
