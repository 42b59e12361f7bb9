import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { isoFromDay } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';

export interface Signal {
  type: string;
  label: string;
  occurred_on: string;
  age_days: number;
  source: string;
  attributes: unknown;
}

export interface Signals {
  /** Signals ever, up to today. */
  total: number;
  latest: Signal[];
}

const rowSchema = z.array(
  z.object({
    type: z.string(),
    occurred_day: z.number(),
    source: z.string(),
    attributes: z.unknown(),
    total: z.coerce.number(),
  }),
);

/** The intent signals of an account, newest first. `labels` maps each signal type to its label. */
export async function readSignals(
  tx: Tx,
  ctx: Context,
  accountId: string,
  today: number,
  labels: ReadonlyMap<string, string>,
  limit: number,
): Promise<Signals> {
  const params = new SqlParams();
  const rows = rowSchema.parse(
    await tx.query(
      `select e.type, e.occurred_day, e.source, e.attributes, count(*) over () as total
       from event e
       where e.workspace_id = ${params.add(ctx.workspaceId)} and e.account_id = ${params.add(accountId)}::uuid and e.superseded_at is null
         and e.type = any(${params.texts([...labels.keys()])}) and e.occurred_day <= ${today}
       order by e.occurred_at desc, e.id limit ${limit}`,
      params.values,
    ),
  );
  return {
    total: rows[0]?.total ?? 0,
    latest: rows.map((row) => ({
      type: row.type,
      label: labels.get(row.type) ?? row.type,
      occurred_on: isoFromDay(row.occurred_day),
      age_days: today - row.occurred_day,
      source: row.source,
      attributes: row.attributes ?? null,
    })),
  };
}
