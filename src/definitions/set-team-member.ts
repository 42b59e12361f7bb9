import { z } from 'zod';
import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { team } from './core/common.ts';
import { ROLES } from './team-members.ts';

export const setTeamMemberInput = z.strictObject({
  team,
  /** As the signatures will show it. */
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'one line without invisible characters'),
  /** `none`: is no longer of the team. What they signed stays signed. */
  role: z.enum(ROLES),
});

/** Makes someone a leader or a member of a team, or ends it. Leaders sign for their team. */
export function setTeamMember(ctx: Context, given: z.input<typeof setTeamMemberInput>): Promise<void> {
  requireScope(ctx, 'write');
  const { team, name, role } = parseInput(setTeamMemberInput, given, 'samepage-mcp team');
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    await tx.query(
      'insert into team_member (workspace_id, team, name, recorded_at, role, recorded_by) values ($1, $2, $3, $4::timestamptz, $5, $6)',
      [ctx.workspaceId, team, name, recordedAt.toISOString(), role, ctx.actor.id],
    );
    await audit(tx, ctx, 'set_team_member', `${team} ${role}`);
  });
}
