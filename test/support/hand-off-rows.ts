import { deriveInWorkspace } from '../../src/db/workspace.ts';
import type { Context } from '../../src/kernel/context.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { SqlParams } from '../../src/kernel/sql-params.ts';

/** A hand-off as it stands, without the way there. */
export interface HandOffRow {
  handed: Date;
  source: string | null;
  facts: Record<string, unknown>;
  stage: string;
  /** Who has or had it. */
  owner: string | null;
  code?: string;
  disposed?: Date;
  override?: string;
  person?: string;
  account?: string;
}

const OPEN = ['mql', 'accepted', 'qualified', 'opportunity'];

/** Hand-offs as a year of work leaves them, each of a person of its own unless it says whose; with who had it in the log. Gives their ids. */
export async function addHandOffs(ctx: Context, rows: readonly HandOffRow[], name = 'h'): Promise<string[]> {
  const ids = rows.map((_, i) => derivedId('hand_off', ctx.workspaceId, name, String(i)));
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const of = (value: (row: HandOffRow, i: number) => string | null | undefined) => rows.map((row, i) => value(row, i) ?? null);
  const isOpen = ({ stage }: HandOffRow) => OPEN.includes(stage);
  const given = params.rows('r', {
    id: ['uuid', ids],
    person_id: ['uuid', of(({ person }, i) => person ?? derivedId('person', ctx.workspaceId, name, String(i)))],
    account_id: ['uuid', of(({ account }) => account)],
    handed_at: ['timestamptz', of(({ handed }) => handed.toISOString())],
    source: ['text', of(({ source }) => source)],
    facts: ['jsonb', of(({ facts }) => JSON.stringify(facts))],
    stage: ['text', of(({ stage }) => stage)],
    owner: ['text', of((row) => (isOpen(row) ? row.owner : null))],
    decider: ['text', of(({ owner }) => owner)],
    code: ['text', of(({ code }) => code)],
    disposed_at: ['timestamptz', of(({ disposed }) => disposed?.toISOString())],
    changed_at: ['timestamptz', of(({ disposed, handed }) => (disposed ?? handed).toISOString())],
    closed_at: ['timestamptz', of((row) => (isOpen(row) ? null : (row.disposed ?? row.handed).toISOString()))],
    override: ['text', of(({ override }) => override)],
  });
  await deriveInWorkspace(ctx, (tx) =>
    tx.query(
      `with r as (select * from ${given}),
       logged as (insert into hand_off_event (workspace_id, hand_off_id, ordinal, at, recorded_at, actor, kind, sla, detail)
         select ${ws}, r.id, 0, r.handed_at, r.handed_at, 'test', 'hand_off', 'none', jsonb_build_object('owner', r.decider) from r)
       insert into hand_off (workspace_id, id, person_id, account_id, handed_at, source, holds, facts, sla, taxonomy, override, ordinal, changed_at, stage, owner,
         waits_for, code, disposed_at, closed_at, next_at)
       select ${ws}, r.id, r.person_id, r.account_id, r.handed_at, r.source, '[]', r.facts, 'none', 'none', r.override, 0, r.changed_at, r.stage, r.owner,
         case when r.stage = 'mql' and r.owner is null then 'assignment' end, r.code, r.disposed_at, r.closed_at, '9999-12-31' from r`,
      params.values,
    ),
  );
  return ids;
}
