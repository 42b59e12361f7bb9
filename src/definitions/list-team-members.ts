import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { type TeamMember, teamMembers } from './team-members.ts';

/** Who belongs to which team, leaders first. */
export function listTeamMembers(ctx: Context): Promise<TeamMember[]> {
  requireScope(ctx, 'read');
  return readWorkspace(ctx, (tx) => teamMembers(tx, ctx));
}
