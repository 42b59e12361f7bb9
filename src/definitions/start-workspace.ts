import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { signedKinds } from './propose-documents.ts';
import { type Saved, type Settle, saveDefinitions } from './save-definition.ts';
import { setTeamMember, setTeamMemberInput } from './set-team-member.ts';
import { templateDocuments } from './templates.ts';

const startInput = z.strictObject({
  template: z.string(),
  leaders: z.array(setTeamMemberInput.omit({ role: true })).max(50),
});

/**
 * Puts a template's seven documents in use as drafts, and names the leaders who sign them. May be repeated until anything is
 * signed.
 * @throws SamepageError `not_found` for a template that is not there; `conflict` once a definition is signed.
 */
export async function startWorkspace(ctx: Context, given: z.input<typeof startInput>, settle: Settle): Promise<Saved[]> {
  requireScope(ctx, 'write');
  const { template, leaders } = parseInput(startInput, given, 'samepage-mcp init');
  const documents = await templateDocuments(template);
  const signed = await readWorkspace(ctx, (tx) => signedKinds(tx, ctx));
  if (signed.size > 0)
    throw new SamepageError(
      'conflict',
      `This workspace has begun: its ${[...signed].join(', ')} ${signed.size === 1 ? 'is' : 'are'} signed.`,
      'Propose changes with propose_definition or `samepage-mcp definitions import`; name leaders with `samepage-mcp team lead`.',
    );
  const saved = await saveDefinitions(ctx, { documents }, settle);
  for (const leader of leaders) await setTeamMember(ctx, { ...leader, role: 'leader' });
  return saved;
}
