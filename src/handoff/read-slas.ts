import type { Sla } from '../definitions/core/sla.ts';
import { definitionByHash } from '../definitions/definition-by-hash.ts';
import { documentsKept } from '../definitions/stored.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';

/** Versions of the SLA by hash; those that are at hand are not read. */
export async function readSlas(tx: Tx, ctx: Context, hashes: Iterable<string>): Promise<Map<string, Sla>> {
  const kept = documentsKept('sla');
  const slas = new Map<string, Sla>();
  for (const hash of new Set(hashes)) slas.set(hash, kept.get(hash) ?? (await definitionByHash(tx, ctx, 'sla', hash)).document);
  return slas;
}
