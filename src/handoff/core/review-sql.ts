import type { SqlParams } from '../../kernel/sql-params.ts';
import { COUNTED, DECIDED, sidesSql } from './segment-sql.ts';
import type { Side } from './segments.ts';

/** Instants as ISO 8601: the period before, this one, its end; and now, up to which clocks are read. */
export interface ReviewScope {
  params: SqlParams;
  workspaceId: string;
  before: string;
  from: string;
  to: string;
  now: string;
}

/** The statements of a review; each is of a scope of its own, whose parameters it alone uses. */
export class ReviewSql {
  readonly #scope: ReviewScope;
  readonly #placed = new Map<string, string>();

  constructor(scope: ReviewScope) {
    this.#scope = scope;
  }

  /** A placeholder for a value of the scope, added where it is first used. */
  #place(name: 'workspaceId' | 'before' | 'from' | 'to' | 'now'): string {
    const { params, ...values } = this.#scope;
    const placed = this.#placed.get(name) ?? `${params.add(values[name])}${name === 'workspaceId' ? '' : '::timestamptz'}`;
    this.#placed.set(name, placed);
    return placed;
  }

  get #ws() {
    return this.#place('workspaceId');
  }
  get #before() {
    return this.#place('before');
  }
  get #from() {
    return this.#place('from');
  }
  get #to() {
    return this.#place('to');
  }
  get #now() {
    return this.#place('now');
  }

  /** Handed off in one of the two periods; what last changed before them was not. */
  handed(): string {
    return `select h.source, h.handed_at >= ${this.#from} as this, (h.override is not null) as overridden, (h.waits_for = 'assignment' and h.closed_at is null) is true as waits,
        not ${COUNTED} as merged, count(*) as n
      from hand_off h where h.workspace_id = ${this.#ws} and h.changed_at >= ${this.#before} and h.handed_at >= ${this.#before} and h.handed_at < ${this.#to}
      group by 1, 2, 3, 4, 5`;
  }

  /** Decided in one of the two periods, with who decided: a lead that was rejected has no owner any more. */
  decided(): string {
    const owner = `coalesce(d.owner, (select e.detail ->> 'owner' from hand_off_event e where e.workspace_id = ${this.#ws} and e.hand_off_id = d.id
      and e.kind in ('hand_off', 'assign') order by e.ordinal desc limit 1))`;
    return `select d.source, d.code, d.this, d.kept, ${owner} as owner, count(*) as n from (${this.#decisions(this.#before)} offset 0) d group by 1, 2, 3, 4, 5`;
  }

  /** The same of this period alone, by the segments of each side. */
  segments(sides: readonly Side[]): string {
    return `select side.side, side.segment, h.code, count(*) as n
      from (${this.#decisions(this.#from)} offset 0) h cross join lateral ${sidesSql(sides, this.#scope.params)} group by 1, 2, 3`;
  }

  /** `kept`: sales took it on. A hand-off is of the day of its first disposition; one that was only sent on, of its last change. */
  #decisions(since: string): string {
    const at = 'coalesce(h.disposed_at, h.changed_at)';
    return `select h.id, h.source, h.code, h.owner, h.facts, ${at} >= ${this.#from} as this, ${KEPT} as kept from hand_off h
      where h.workspace_id = ${this.#ws} and h.changed_at >= ${since} and ${DECIDED} and ${at} >= ${since} and ${at} < ${this.#to}`;
  }

  /** Clocks of which it became known in one of the two periods whether they kept their promise. */
  clocks(): string {
    return `select c.clock, c.source, c.settles_at >= ${this.#from} as this, count(*) as n, count(*) filter (where not ${BREACHED}) as kept
      from hand_off_clock c where ${this.#settled(this.#before)} group by 1, 2, 3`;
  }

  /** Whole minutes at the median and p90 of this period, by clock and source and by clock alone. What has not ended yet is longest, and null. */
  clockTimes(): string {
    const part = 'partition by clock, source, whole';
    return `with e as (select c.clock, c.source, (c.elapsed_ms / 60000)::int as minutes, count(*) as n from hand_off_clock c where ${this.#settled(this.#from)} group by 1, 2, 3),
      g as (select clock, source, grouping(source) = 1 as whole, minutes, sum(n) as n from e group by grouping sets ((clock, source, minutes), (clock, minutes))),
      u as (select clock, source, whole, minutes, sum(n) over (${part} order by minutes nulls last) as upto, sum(n) over (${part}) as total from g)
      select clock, source, whole, min(minutes) filter (where upto * 2 >= total) as median, min(minutes) filter (where upto * 10 >= total * 9) as p90
      from u group by 1, 2, 3`;
  }

  /** The breaches of this period, the one longest due first. */
  breaches(most: number): string {
    return `select b.hand_off_id::text as hand_off, b.clock, b.due_at, b.ended_at, p.name as person, coalesce(h.owner, (
          select e.detail ->> 'owner' from hand_off_event e where e.workspace_id = ${this.#ws} and e.hand_off_id = h.id
            and e.kind in ('hand_off', 'assign') order by e.ordinal desc limit 1)) as owner
      from (select c.* from hand_off_clock c where ${this.#settled(this.#from)} and ${BREACHED} order by c.due_at, c.hand_off_id, c.clock limit ${most}) b
      join hand_off h on h.workspace_id = ${this.#ws} and h.id = b.hand_off_id
      left join person p on p.workspace_id = ${this.#ws} and p.id = h.person_id order by b.due_at, b.hand_off_id, b.clock`;
  }

  #settled(since: string): string {
    return `c.workspace_id = ${this.#ws} and c.settles_at >= ${since} and c.settles_at < least(${this.#to}, ${this.#now})`;
  }

  /** Open hand-offs as of now, by stage and how many days ago they were handed off. */
  ageing(days: readonly number[]): string {
    return `select h.stage, width_bucket(extract(epoch from ${this.#now} - h.handed_at)::numeric / 86400, ${this.#scope.params.numbers(days)}) as step, count(*) as n
      from hand_off h where h.workspace_id = ${this.#ws} and h.closed_at is null group by 1, 2`;
  }

  overrides(most: number): string {
    return `select h.id::text as hand_off, p.name as person, h.override as reason, h.stage, h.code
      from (select * from hand_off h where h.workspace_id = ${this.#ws} and h.changed_at >= ${this.#from} and h.handed_at >= ${this.#from} and h.handed_at < ${this.#to}
        and h.override is not null and ${COUNTED} order by h.handed_at desc, h.id limit ${most}) h
      left join person p on p.workspace_id = ${this.#ws} and p.id = h.person_id order by h.handed_at desc, h.id`;
  }

  /** Sent back in this period; handed off again in it, and what became of those; and those whose day has come. */
  recycled(): string {
    return `select
      (select count(*) from hand_off h where h.workspace_id = ${this.#ws} and h.changed_at >= ${this.#from} and h.stage = 'recycled'
        and h.closed_at >= ${this.#from} and h.closed_at < ${this.#to}) as sent_back,
      (select count(*) from hand_off h where h.workspace_id = ${this.#ws} and h.followed_by is null and h.stage = 'recycled' and h.next_at <= ${this.#now}) as due,
      again.n as again, again.kept, again.rejected
      from (select count(*) as n, count(*) filter (where ${KEPT}) as kept, count(*) filter (where h.code is not null and not ${KEPT}) as rejected
        from hand_off h where h.workspace_id = ${this.#ws} and h.changed_at >= ${this.#from} and h.handed_at >= ${this.#from} and h.handed_at < ${this.#to} and ${COUNTED}
          and exists (select 1 from hand_off p where p.workspace_id = ${this.#ws} and p.person_id = h.person_id and p.followed_by = h.id and p.stage = 'recycled')) again`;
  }
}

const KEPT = `(h.stage in ('accepted', 'qualified', 'opportunity', 'won', 'lost'))`;
const BREACHED = '(c.due_at is not null and (c.ended_at is null or c.ended_at > c.due_at))';
