import { z } from 'zod';
import { audit, readWorkspace, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf, isoFromDay } from '../kernel/dates.ts';
import { SamepageError } from '../kernel/errors.ts';
import { checkedDocuments } from './checked-documents.ts';
import { type DefinitionKind, definitionKind } from './core/definition.ts';
import type { Settle } from './save-definition.ts';
import { writeState } from './write-state.ts';
import { moveHead } from './write-versions.ts';

const dueRows = z.array(
  z.object({
    kind: definitionKind,
    hash: z.string(),
    opened_at: z.coerce.date(),
    active_from: z.string().nullable(),
    version: z.number(),
    document: z.string(),
  }),
);
type Due = z.output<typeof dueRows>[number];

export interface Activated {
  kind: DefinitionKind;
  hash: string;
  version: number;
}

/**
 * Puts every version in use that all have signed and whose day has come. Versions that need each other come into use
 * together; one that contradicts what is in use waits until what it needs is signed too.
 */
export async function activateSigned(tx: Tx, ctx: Context, recordedAt: Date, settle: Settle): Promise<Activated[]> {
  const moved: Activated[] = [];
  for (let waiting = await readDue(tx, ctx); waiting.length > 0; ) {
    const next = await firstThatFits(tx, ctx, [waiting, ...(waiting.length > 1 ? waiting.map((one) => [one]) : [])]);
    if (next === undefined) break;
    for (const { kind, hash, version, opened_at, active_from } of next) {
      await moveHead(tx, ctx, kind, hash, recordedAt);
      const entry = { kind, hash, state: 'active' as const, signed: true, openedAt: opened_at.toISOString() };
      await writeState(tx, ctx, { ...entry, activeFrom: active_from, reason: null }, recordedAt);
      moved.push({ kind, hash, version });
    }
    waiting = waiting.filter((one) => !next.includes(one));
  }
  await settle(tx, moved, recordedAt);
  return moved;
}

/** The same as a step of its own, before work that should use what is due. A short read when nothing is. */
export async function activateDue(ctx: Context, settle: Settle): Promise<Activated[]> {
  requireScope(ctx, 'write');
  if ((await readWorkspace(ctx, (tx) => readDue(tx, ctx))).length === 0) return [];
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const moved = await activateSigned(tx, ctx, recordedAt, settle);
    if (moved.length > 0) await audit(tx, ctx, 'activate_definition', activatedText(moved));
    return moved;
  });
}

/** What came into use, as the audit names it. */
export function activatedText(moved: readonly Activated[]): string {
  return moved.map(({ kind, hash, version }) => `${kind} v${version} ${hash} active`).join(', ');
}

async function readDue(tx: Tx, ctx: Context): Promise<Due[]> {
  const rows = await tx.query(
    `select s.kind, s.hash, s.opened_at, s.active_from, v.version, v.document from (
       select distinct on (kind, hash) kind, hash, state, opened_at, active_from from definition_state
       where workspace_id = $1 order by kind, hash, recorded_at desc
     ) s join definition_version v on v.workspace_id = $1 and v.kind = s.kind and v.hash = s.hash
     where s.state = 'signed' and (s.active_from is null or s.active_from <= $2) order by s.kind`,
    [ctx.workspaceId, isoFromDay(dayOf(ctx.now()))],
    { prepare: true },
  );
  return dueRows.parse(rows);
}

async function firstThatFits(tx: Tx, ctx: Context, sets: readonly Due[][]): Promise<Due[] | undefined> {
  for (const set of sets) {
    try {
      const documents = set.map(({ document }): unknown => JSON.parse(document));
      await checkedDocuments(tx, ctx, documents);
      return set;
    } catch (error) {
      if (!(error instanceof SamepageError)) throw error;
    }
  }
  return undefined;
}
