import type { Predicate } from '../../definitions/core/predicate.ts';
import { type FieldType, jsonFieldSql, predicateSql } from '../../definitions/core/predicate-sql.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';

export type RecordKind = 'account' | 'person' | 'opportunity';

/** Whose events a `count` or a `signal` of a search looks at. */
const EVENT_OWNER: Readonly<Record<RecordKind, string>> = {
  account: 'e.account_id = r.id',
  person: 'e.person_id = r.id',
  opportunity: 'e.account_id = r.account_id',
};

export interface WhereScope {
  params: SqlParams;
  workspaceId: string;
  kind: RecordKind;
  asOfDay: number;
}

/** A predicate over the row `r`; the fields of its account come from the row `a`. Unknown is not a match. */
export function whereSql(predicate: Predicate, scope: WhereScope): string {
  return `(${truthSql(predicate, scope)}) is true`;
}

/** The same as true, false, or null for unknown. */
export function truthSql(predicate: Predicate, scope: WhereScope): string {
  const { params } = scope;
  const events = (types: readonly string[], days: number) =>
    `from event e where e.workspace_id = ${params.add(scope.workspaceId)} and ${EVENT_OWNER[scope.kind]} and e.superseded_at is null
      and e.type = any(${params.texts(types)}) and e.occurred_day between ${scope.asOfDay - days + 1} and ${scope.asOfDay}`;
  return predicateSql(predicate, {
    params,
    lists: {},
    field: (name, type) => fieldSql(name, type, scope.kind),
    count: (types, days) => `(select count(*) ${events(types, days)})`,
    signal: (type, days) => `exists (select 1 ${events([type], days)})`,
  });
}

function fieldSql(name: string, type: FieldType, kind: RecordKind): string {
  const [entity, key] = name.split('.') as [string, string];
  return jsonFieldSql(entity === kind ? 'r.fields' : 'a.fields', key, type);
}
