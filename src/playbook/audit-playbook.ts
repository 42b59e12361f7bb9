import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import { SECTIONS } from '../definitions/core/playbook.ts';
import { fieldsOf, readPredicate } from '../definitions/core/predicate.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import { whereSql } from '../engagement/core/where-sql.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { coverageOf, type Gap, gapsOf } from './core/gaps.ts';
import type { Play } from './core/plays.ts';

export const auditPlaybookInput = z.strictObject({ section: z.enum(SECTIONS).optional() });

export interface PlaybookAudit {
  gaps: Gap[];
  coverage: { area: string; complete: number; sections: number }[];
  definitions: DefinitionRef[];
}

const countRows = z.array(z.object({ value: z.string(), n: z.coerce.number() }));
const MOST_VALUES = 50;

/** What is missing or stale in the playbook in use, held against the ICP, the taxonomy, the lost deals and the records of today. */
export async function auditPlaybook(ctx: Context, given: z.input<typeof auditPlaybookInput>): Promise<PlaybookAudit> {
  requireScope(ctx, 'read');
  const { section } = auditPlaybookInput.parse(given);
  return readWorkspace(ctx, async (tx) => {
    const playbook = await currentDefinition(tx, ctx, 'playbook');
    const icp = await currentDefinition(tx, ctx, 'icp');
    const taxonomy = await currentDefinition(tx, ctx, 'taxonomy');
    const silentPlays: string[] = [];
    for (const play of playbook.document.plays ?? []) {
      ctx.signal.throwIfAborted();
      if (!(await holdsSomewhere(tx, ctx, play))) silentPlays.push(play.id);
    }
    const seen = { lossReasons: await ofLost(tx, ctx, 'loss_reason'), competitors: await ofLost(tx, ctx, 'competitor'), silentPlays };
    const gaps = gapsOf(playbook.document, { icp: icp.document, taxonomy: taxonomy.document, seen, today: dayOf(ctx.now()) });
    return {
      gaps: section === undefined ? gaps : gaps.filter((gap) => gap.section === section),
      coverage: coverageOf(gaps),
      definitions: [refOf(playbook), refOf(icp), refOf(taxonomy)],
    };
  });
}

/** How often lost opportunities name each value of a field. */
async function ofLost(tx: Tx, ctx: Context, field: 'loss_reason' | 'competitor') {
  const rows = await tx.query(
    `select fields ->> '${field}' as value, count(*) as n from opportunity
     where workspace_id = $1 and fields ->> '${field}' is not null
       and (fields ->> 'stage' = 'closed_lost' or (fields -> 'is_closed' = 'true'::jsonb and fields -> 'is_won' = 'false'::jsonb))
     group by 1 order by 2 desc, 1 limit ${MOST_VALUES}`,
    [ctx.workspaceId],
  );
  return countRows.parse(rows);
}

async function holdsSomewhere(tx: Tx, ctx: Context, play: Play): Promise<boolean> {
  const predicate = readPredicate(play.when);
  const entities = new Set(fieldsOf(predicate).map((field) => field.split('.')[0]));
  const kind = entities.has('person') ? 'person' : entities.has('opportunity') ? 'opportunity' : 'account';
  // no record has the fields of both
  if (entities.has('person') && entities.has('opportunity')) return false;
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const account = kind === 'account' ? 'r.id' : 'r.account_id';
  const score = (of: string, subject: string) =>
    `left join score ${of} on ${of}.workspace_id = ${ws} and ${of}.kind = '${of === 'lead' ? 'lead' : 'account'}' and ${of}.subject_id = ${subject}`;
  const tests = [
    `r.workspace_id = ${ws}`,
    ...(kind === 'opportunity' ? [] : ['r.merged_into is null']),
    whereSql(predicate, { params, workspaceId: ctx.workspaceId, kind, asOfDay: dayOf(ctx.now()) }),
    ...(play.tiers === undefined ? [] : [`${kind === 'person' ? 'lead' : 'whole'}.tier = any(${params.texts(play.tiers)})`]),
    ...(play.heat === undefined ? [] : [`whole.heat = any(${params.texts(play.heat)})`]),
  ];
  const rows = await tx.query(
    `select 1 from ${kind} r
     ${kind === 'account' ? '' : `left join account a on a.workspace_id = ${ws} and a.id = r.account_id`}
     ${score('whole', account)} ${kind === 'person' ? score('lead', 'r.id') : ''}
     where ${tests.join(' and ')} limit 1`,
    params.values,
  );
  return rows.length > 0;
}
