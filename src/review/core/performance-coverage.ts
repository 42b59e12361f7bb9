import type { Icp } from '../../definitions/core/icp.ts';
import type { Coverage } from './performance.ts';
import type { RoleRow } from './performance-rows.ts';
import { type Rate, rateOf } from './performance-statistics.ts';

/** The roles without which a deal is at risk. */
export function requiredRoles({ buying_group }: Pick<Icp, 'buying_group'>): Icp['buying_group'] {
  return buying_group.filter(({ required }) => required);
}

/** Which of the required roles are among the people of the accounts of deals. @param roles in the order in which `has` has them */
export function coverageOf(roles: Icp['buying_group'], rows: readonly RoleRow[]): Coverage {
  const rate = (state: RoleRow['state'], holds: (has: readonly boolean[]) => boolean): Rate => {
    const own = rows.filter((row) => row.state === state);
    const sum = (part: readonly RoleRow[]) => part.reduce((total, { n }) => total + n, 0);
    return rateOf({ hits: sum(own.filter(({ has }) => has !== null && holds(has))), of: sum(own) });
  };
  const all = (has: readonly boolean[]) => has.every(Boolean);
  return {
    roles: roles.map(({ role }, i) => {
      const holds = (has: readonly boolean[]) => has[i] === true;
      return { role, open: rate('open', holds), won: rate('won', holds), lost: rate('lost', holds) };
    }),
    complete: { open: rate('open', all), won: rate('won', all), lost: rate('lost', all), won_before: rate('won_before', all) },
    without_account: rows.reduce((sum, { has, state, n }) => (has === null && state !== 'won_before' ? sum + n : sum), 0),
  };
}
