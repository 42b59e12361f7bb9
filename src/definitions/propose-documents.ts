import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { checkedDocuments } from './checked-documents.ts';
import { type DefinitionDocument, type DefinitionKind, definitionKind, readStored } from './core/definition.ts';
import { openProposal } from './core/signing.ts';
import { currentDocuments } from './current-documents.ts';
import { readSigning } from './read-signing.ts';
import type { Saved } from './save-definition.ts';
import { SIGNED, statusOf } from './stored.ts';
import { writeState } from './write-state.ts';
import { keepVersion } from './write-versions.ts';

const openRows = z.array(z.object({ kind: definitionKind, document: z.string() }));
const signedRows = z.array(z.object({ kind: definitionKind, signed: z.boolean().nullable() }));

/**
 * Opens documents for signature, in place of what is open of their kinds. They are checked against the definitions that
 * would be in use with them: those proposed, and for the other kinds those in use.
 * @throws SamepageError as `checkedDocuments` does.
 */
export async function proposeDocuments(
  tx: Tx,
  ctx: Context,
  { documents, activeFrom, reason }: { documents: readonly unknown[]; activeFrom: string | null; reason: string | null },
  recordedAt: Date,
): Promise<Saved[]> {
  const around = new Map([...(await currentDocuments(tx, ctx)), ...(await openDocuments(tx, ctx))]);
  const proposed: Saved[] = [];
  for (const checked of await checkedDocuments(tx, ctx, documents, around)) {
    const { kind, hash } = checked;
    const signing = await readSigning(tx, ctx, kind);
    const open = openProposal(signing);
    const isSame = open?.hash === hash && open.activeFrom === activeFrom;
    const { version, head } = await keepVersion(tx, ctx, checked, recordedAt);
    if (isSame || signing.head.hash === hash) {
      proposed.push({ kind, hash, version, status: 'draft', outcome: isSame ? 'proposed_already' : 'unchanged', previous: head });
      continue;
    }
    if (open !== undefined && open.hash !== hash)
      await writeState(tx, ctx, { ...open, kind, state: 'superseded', reason: null }, recordedAt);
    const openedAt = recordedAt.toISOString();
    await writeState(tx, ctx, { kind, hash, state: 'proposed', signed: false, openedAt, activeFrom, reason }, recordedAt);
    proposed.push({ kind, hash, version, status: 'draft', outcome: 'proposed', previous: head });
  }
  return proposed;
}

async function openDocuments(tx: Tx, ctx: Context): Promise<Map<DefinitionKind, DefinitionDocument>> {
  const rows = await tx.query(
    `select s.kind, v.document from (
       select distinct on (kind, hash) kind, hash, state from definition_state
       where workspace_id = $1 order by kind, hash, recorded_at desc
     ) s join definition_version v on v.workspace_id = $1 and v.kind = s.kind and v.hash = s.hash
     where s.state in ('proposed', 'signed')`,
    [ctx.workspaceId],
  );
  return new Map(openRows.parse(rows).map(({ kind, document }) => [kind, readStored(kind, document)]));
}

/** The kinds whose version in use is signed: it gives way to another that is signed, and to nothing else. */
export async function signedKinds(tx: Tx, ctx: Context): Promise<Set<DefinitionKind>> {
  const rows = await tx.query(
    `select v.kind, ${SIGNED} from (
       select distinct on (kind) workspace_id, kind, hash from definition_head where workspace_id = $1 order by kind, recorded_at desc
     ) v`,
    [ctx.workspaceId],
  );
  return new Set(
    signedRows
      .parse(rows)
      .filter(({ signed }) => statusOf(signed) === 'signed')
      .map(({ kind }) => kind),
  );
}
