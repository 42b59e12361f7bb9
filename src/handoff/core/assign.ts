import type { Routing } from '../../definitions/core/routing.ts';

/** What one owner has to do already. */
export interface Load {
  /** Leads handed over and not yet accepted or rejected. */
  open: number;
  /** Leads handed over to them today. */
  today: number;
  /** When they got their last one, epoch milliseconds; null: never. */
  last: number | null;
}

export interface Routed {
  /** As the CRM has them; null: nobody has room, and the lead waits in the pool. */
  owner: string | null;
  /** The way that found them; null with no owner. */
  by: Routing['order'][number] | null;
  /** The pool they were found in, or in which the lead waits. */
  pool: string | null;
  /** Their calendar in the SLA; null: the SLA's own. */
  calendar: string | null;
  /** Why each way before it found nobody, in the order in which they were tried. */
  passed: string[];
}

interface Lead {
  account_owner: string | null;
  /** Territories that hold for it. */
  territories: ReadonlySet<string>;
  /** Owners who do not get it: those who sent it on. */
  not: ReadonlySet<string>;
}

type Pool = Routing['pools'][number];
type Member = Pool['members'][number];

/**
 * Who gets a lead: the first way of the routing that finds somebody with room. In a pool it is the turn of whoever got a lead longest
 * ago, of equals the first listed. An account's owner has room by the figures of the first pool that lists them, else by everybody's.
 * @param loads of all who have any, by owner
 */
export function assign(routing: Routing, lead: Lead, loads: ReadonlyMap<string, Load>): Routed {
  const territory = routing.territories?.find(({ id }) => lead.territories.has(id));
  const passed: string[] = [];
  for (const by of routing.order) {
    const pool = by === 'round_robin' ? routing.otherwise : by === 'territory' ? (territory?.pool ?? null) : null;
    const asked = by === 'account_owner' ? ownerOf(routing, lead.account_owner) : membersOf(routing, pool);
    const full = asked.map((member) => ({ member, why: noRoom(routing, member, lead, loads) }));
    const free = full.filter(({ why }) => why === null).map(({ member }) => member);
    const next = free.reduce<Member | undefined>(
      (best, one) => (best === undefined || turn(loads, one) < turn(loads, best) ? one : best),
      undefined,
    );
    if (next !== undefined) return { owner: next.owner, by, pool, calendar: next.calendar ?? null, passed };
    passed.push(full.length === 0 ? nobody(by, pool) : full.map(({ why }) => why).join(', '));
  }
  return { owner: null, by: null, pool: territory?.pool ?? routing.otherwise, calendar: null, passed };
}

const membersOf = ({ pools }: Routing, pool: string | null) => pools.find(({ id }) => id === pool)?.members ?? [];

function ownerOf({ pools }: Routing, owner: string | null): Member[] {
  if (owner === null) return [];
  return [pools.flatMap(({ members }) => members).find((member) => member.owner === owner) ?? { owner }];
}

const turn = (loads: ReadonlyMap<string, Load>, { owner }: Member) => loads.get(owner)?.last ?? Number.NEGATIVE_INFINITY;

/** Why somebody gets no more leads now; null: they have room. */
function noRoom(
  { capacity }: Routing,
  { owner, open_leads, per_day }: Member,
  { not }: Lead,
  loads: ReadonlyMap<string, Load>,
): string | null {
  const [open, day] = [open_leads ?? capacity?.open_leads, per_day ?? capacity?.per_day];
  const load = loads.get(owner);
  if (not.has(owner)) return `${owner} sent it on`;
  if (open !== undefined && (load?.open ?? 0) >= open) return `${owner} has ${load?.open} of ${open} open leads`;
  if (day !== undefined && (load?.today ?? 0) >= day) return `${owner} got ${load?.today} of ${day} leads today`;
  return null;
}

function nobody(by: Routing['order'][number], pool: string | null): string {
  if (by === 'account_owner') return 'its account has no owner';
  return pool === null ? 'no territory holds for it' : `the pool ${pool} has no members`;
}
