import { type PredicateDocument, readPredicate } from '../../definitions/core/predicate.ts';
import { jsonFieldSql, predicateSql } from '../../definitions/core/predicate-sql.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import type { PlayedOn } from './plays.ts';

/** Whose events a condition counts. */
const OWN_EVENTS: Readonly<Record<PlayedOn, string>> = {
  account: 'e.account_id = r.id',
  person: 'e.person_id = r.id',
  opportunity: 'e.account_id = r.account_id',
};

export interface ConditionScope {
  params: SqlParams;
  /** SQL of the workspace's id, and of the day that windows end on. */
  workspace: string;
  day: string;
  kind: PlayedOn;
}

/**
 * Conditions of plays over the row `r`, whose account is the row `a`. A record's events are read once for all of them: a playbook may ask
 * for hundreds of counts. A person has the signals of the account too, as a lead has that is scored.
 */
export class ConditionSql {
  readonly #scope: ConditionScope;
  readonly #own: EventCounts;
  readonly #ofAccount: EventCounts;

  constructor(scope: ConditionScope) {
    this.#scope = scope;
    this.#own = new EventCounts('ev', OWN_EVENTS[scope.kind], scope);
    this.#ofAccount = new EventCounts('av', 'e.account_id = r.account_id', scope);
  }

  /** SQL of a boolean, null for unknown. */
  truth(condition: PredicateDocument): string {
    const { params, kind } = this.#scope;
    const wasThere = (counts: EventCounts, type: string, days: number) => `${counts.count([type], days)} > 0`;
    return predicateSql(readPredicate(condition), {
      params,
      lists: {},
      field: (name, type) => {
        const [entity = '', key = ''] = name.split('.');
        return jsonFieldSql(entity === kind ? 'r.fields' : 'a.fields', key, type);
      },
      count: (types, days) => this.#own.count(types, days),
      signal: (type, days) =>
        kind === 'person'
          ? `(${wasThere(this.#own, type, days)} or ${wasThere(this.#ofAccount, type, days)})`
          : `(${wasThere(this.#own, type, days)})`,
    });
  }

  /** The joins that the conditions read their counts from. Call it after the last `truth`. */
  events(): string {
    return `${this.#own.join()} ${this.#ofAccount.join()}`;
  }
}

/** Counts of one owner's events, each kind and window once. */
class EventCounts {
  readonly #name: string;
  readonly #owner: string;
  readonly #scope: ConditionScope;
  readonly #counts = new Map<string, { place: number; sql: string }>();
  readonly #types = new Set<string>();
  #longest = 0;

  constructor(name: string, owner: string, scope: ConditionScope) {
    this.#name = name;
    this.#owner = owner;
    this.#scope = scope;
  }

  count(types: readonly string[], days: number): string {
    const wanted = [...new Set(types)].sort();
    const key = `${days} ${wanted.join(' ')}`;
    const place = this.#counts.get(key)?.place ?? this.#counts.size + 1;
    if (!this.#counts.has(key)) {
      const { params, day } = this.#scope;
      const ofType = wanted.length === 1 ? `e.type = ${params.add(wanted[0] ?? '')}` : `e.type = any(${params.texts(wanted)})`;
      // the first test is the cheaper one
      this.#counts.set(key, { place, sql: `count(*) filter (where e.occurred_day > ${day} - ${days} and ${ofType})` });
      for (const type of wanted) this.#types.add(type);
      this.#longest = Math.max(this.#longest, days);
    }
    return `${this.#name}.n[${place}]`;
  }

  join(): string {
    if (this.#counts.size === 0) return '';
    const { params, workspace, day } = this.#scope;
    const counts = [...this.#counts.values()].map(({ sql }) => sql);
    // one array: a statement has at most 1,664 columns
    return `left join lateral (select array[${counts.join(', ')}] as n from event e
      where e.workspace_id = ${workspace} and ${this.#owner} and e.superseded_at is null and e.type = any(${params.texts([...this.#types])})
        and e.occurred_day between ${day} - ${this.#longest - 1} and ${day}) ${this.#name} on true`;
  }
}
