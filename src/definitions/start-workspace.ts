import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { parseDefinition } from './core/definition.ts';
import { type ListedVersion, listDefinitions } from './list-definitions.ts';
import { signedKinds } from './propose-documents.ts';
import { type Saved, type Settle, saveDefinitions } from './save-definition.ts';
import { setTeamMember, setTeamMemberInput } from './set-team-member.ts';
import { templateDocuments } from './templates.ts';

const startInput = z.strictObject({
  template: z.string(),
  leaders: z.array(setTeamMemberInput.omit({ role: true })).max(50),
  replace: z.boolean().default(false),
});

/**
 * Puts a template's seven documents in use as drafts, and names the leaders who sign them. May be repeated until anything is
 * signed; what was put in use since the shipped documents gives way with `replace` alone.
 * @throws SamepageError `not_found` for a template that is not there; `conflict` once a definition is signed, or where one would give way.
 */
export async function startWorkspace(ctx: Context, given: z.input<typeof startInput>, settle: Settle): Promise<Saved[]> {
  requireScope(ctx, 'write');
  const { template, leaders, replace } = parseInput(startInput, given, 'samepage-mcp init');
  const documents = await templateDocuments(template);
  const signed = await readWorkspace(ctx, (tx) => signedKinds(tx, ctx));
  if (signed.size > 0)
    throw new SamepageError(
      'conflict',
      `This workspace has begun: its ${[...signed].join(', ')} ${signed.size === 1 ? 'is' : 'are'} signed.`,
      'Propose changes with propose_definition or `samepage-mcp definitions import`; name leaders with `samepage-mcp team lead`.',
    );
  const replaced = replace ? [] : await madeHere(ctx, documents);
  if (replaced.length > 0)
    throw new SamepageError(
      'conflict',
      `The template would take the place of what is in use: ${replaced.map(({ kind, version, hash }) => `${kind} v${version} (${hash.slice(0, 12)})`).join(', ')}. Nothing was changed.`,
      'Add --replace to do so: they stay as older versions. To keep them as files first: `samepage-mcp definitions export FOLDER`.',
    );
  const saved = await saveDefinitions(ctx, { documents }, settle);
  for (const leader of leaders) await setTeamMember(ctx, { ...leader, role: 'leader' });
  return saved;
}

/** What is in use, is not what the workspace began with, and would give way to other documents. */
async function madeHere(ctx: Context, documents: readonly unknown[]): Promise<ListedVersion[]> {
  const same = new Set(documents.map((document) => parseDefinition(document)).flatMap((one) => (one.ok ? [one.hash] : [])));
  return (await listDefinitions(ctx)).filter(({ inUseSince, version, hash }) => inUseSince !== null && version > 1 && !same.has(hash));
}
