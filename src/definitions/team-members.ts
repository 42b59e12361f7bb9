import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { team } from './core/common.ts';
import type { Team } from './core/signing.ts';

export const ROLES = ['leader', 'member', 'none'] as const;

export interface TeamMember {
  team: Team;
  name: string;
  role: 'leader' | 'member';
}

const memberRows = z.array(z.object({ team, name: z.string(), role: z.enum(ROLES) }));

/** Who belongs to the teams now, leaders first. */
export async function teamMembers(tx: Tx, ctx: Context): Promise<TeamMember[]> {
  const rows = await tx.query(
    `select distinct on (team, name) team, name, role from team_member
     where workspace_id = $1 order by team, name, recorded_at desc`,
    [ctx.workspaceId],
  );
  const members = memberRows.parse(rows).flatMap(({ role, ...rest }) => (role === 'none' ? [] : [{ ...rest, role }]));
  return [...members.filter(({ role }) => role === 'leader'), ...members.filter(({ role }) => role === 'member')];
}
