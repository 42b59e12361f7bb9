import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import { checkedDocuments } from '../definitions/checked-documents.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import { type Rubric, rubricDocument, type SubjectKind } from '../definitions/core/rubric.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import { documentHash } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import { dayOf, isoFromDay } from '../kernel/dates.ts';
import { SamepageError } from '../kernel/errors.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { boundsOf, partsFor } from './core/rescore-plan.ts';
import { simulateSql } from './core/simulate-sql.ts';
import { subjectKind } from './get-score.ts';

export const simulateInput = z.strictObject({
  rubric: z
    .record(z.string(), z.unknown())
    .describe('the draft: a whole rubric document, as get_definition gives it, with the changes made'),
  kinds: z.array(subjectKind).min(1).max(2).default(['account', 'lead']),
  movers: z.int().min(0).max(100).default(20).describe('how many of the records that move most are listed'),
});

export interface Mover {
  id: string;
  name: string | null;
  key: string | null;
  from: string;
  to: string;
  score: number;
  draftScore: number;
}

export interface Simulated {
  subjects: number;
  /** Records whose score or tier differs. */
  changed: number;
  heatChanged: number;
  migration: { from: string; to: string; n: number }[];
  movers: Mover[];
}

export interface Simulation {
  asOf: string;
  draftHash: string;
  byKind: Partial<Record<SubjectKind, Simulated>>;
  definitions: DefinitionRef[];
}

const partRow = z.object({
  subjects: z.number(),
  changed: z.number(),
  heat_changed: z.number(),
  migration: z.array(z.object({ from: z.string(), to: z.string(), n: z.number() })),
  movers: z.array(z.object({ id: z.string(), from: z.string(), to: z.string(), score: z.number(), draft_score: z.number() })),
});
type Row = z.infer<typeof partRow>;

/**
 * What a draft rubric would do to today's data: tier migration and the records that move. Nothing is written.
 * @throws SamepageError `invalid_input` with every problem of the draft.
 */
export async function simulateRubric(ctx: Context, given: z.input<typeof simulateInput>): Promise<Simulation> {
  requireScope(ctx, 'read');
  const input = simulateInput.parse(given);
  const { rubric, draft, knownAt, counts } = await readWorkspace(ctx, async (tx) => {
    const [checked] = await checkedDocuments(tx, ctx, [input.rubric]);
    if (checked?.kind !== 'rubric') {
      throw new SamepageError(
        'invalid_input',
        `rubric: the document is of kind ${checked?.kind ?? 'none'}.`,
        'Give a document with kind: rubric.',
        {
          problems: [{ path: 'rubric.kind', value: String(checked?.kind), reason: 'is not rubric' }],
        },
      );
    }
    const state = await tx.query(
      `select w.known_at, (select count(*) from account a where a.workspace_id = $1) as account, (select count(*) from person p where p.workspace_id = $1) as lead
       from workspace w where w.workspace_id = $1`,
      [ctx.workspaceId],
    );
    const row = z.object({ known_at: z.coerce.date(), account: z.coerce.number(), lead: z.coerce.number() }).parse(state[0]);
    return {
      rubric: await currentDefinition(tx, ctx, 'rubric'),
      draft: rubricDocument.parse(checked.document),
      knownAt: row.known_at,
      counts: row,
    };
  });
  const asOfDay = Math.max(dayOf(ctx.now()), dayOf(knownAt));
  const total = input.kinds.reduce((sum, kind) => sum + partsFor(counts[kind]), 0);
  let done = 0;
  const byKind: Simulation['byKind'] = {};
  for (const kind of input.kinds) {
    const parts = partsFor(counts[kind]);
    let sum: Row = { subjects: 0, changed: 0, heat_changed: 0, migration: [], movers: [] };
    for (let part = 0; part < parts; part += 1) {
      ctx.signal.throwIfAborted();
      sum = add(sum, await simulatePart(ctx, rubric.document, draft, kind, boundsOf(part, parts), asOfDay, input.movers), input.movers);
      done += 1;
      ctx.progress.report(done, total, `${sum.subjects.toLocaleString('en-US')} ${kind}s compared`);
    }
    byKind[kind] = {
      subjects: sum.subjects,
      changed: sum.changed,
      heatChanged: sum.heat_changed,
      migration: sum.migration,
      movers: await named(ctx, kind, sum.movers),
    };
  }
  return { asOf: isoFromDay(asOfDay), draftHash: documentHash(input.rubric), byKind, definitions: [refOf(rubric)] };
}

async function simulatePart(
  ctx: Context,
  rubric: Rubric,
  draft: Rubric,
  kind: SubjectKind,
  selection: { from: string | undefined; to: string | undefined },
  asOfDay: number,
  most: number,
): Promise<Row> {
  const params = new SqlParams();
  const text = simulateSql({
    params,
    workspaceId: ctx.workspaceId,
    rubric,
    draft,
    kind,
    selection,
    source: { mode: 'today' },
    asOfDay,
    most,
  });
  const rows = await readWorkspace(ctx, (tx) => tx.query(text, params.values));
  return partRow.parse(rows[0]);
}

function add(a: Row, b: Row, most: number): Row {
  const migration = new Map(a.migration.map((one) => [`${one.from} ${one.to}`, one]));
  for (const one of b.migration) {
    const key = `${one.from} ${one.to}`;
    migration.set(key, { ...one, n: one.n + (migration.get(key)?.n ?? 0) });
  }
  const distance = (mover: Row['movers'][number]) => (mover.from === mover.to ? 0 : 1e6) + Math.abs(mover.draft_score - mover.score);
  return {
    subjects: a.subjects + b.subjects,
    changed: a.changed + b.changed,
    heat_changed: a.heat_changed + b.heat_changed,
    migration: [...migration.values()].sort((x, y) => (`${x.from}${x.to}` < `${y.from}${y.to}` ? -1 : 1)),
    movers: [...a.movers, ...b.movers].sort((x, y) => distance(y) - distance(x) || (x.id < y.id ? -1 : 1)).slice(0, most),
  };
}

const nameRow = z.array(z.object({ id: z.string(), name: z.string().nullable(), key: z.string().nullable() }));

async function named(ctx: Context, kind: SubjectKind, movers: Row['movers']): Promise<Mover[]> {
  const params = new SqlParams();
  const table = kind === 'account' ? 'account' : 'person';
  const text = `select id, name, ${kind === 'account' ? 'domain' : 'email'} as key from ${table}
    where workspace_id = ${params.add(ctx.workspaceId)} and id = any(${params.uuids(movers.map((mover) => mover.id))})`;
  const names = new Map(nameRow.parse(await readWorkspace(ctx, (tx) => tx.query(text, params.values))).map((row) => [row.id, row]));
  return movers.map(({ id, from, to, score, draft_score }) => ({
    id,
    name: names.get(id)?.name ?? null,
    key: names.get(id)?.key ?? null,
    from,
    to,
    score,
    draftScore: draft_score,
  }));
}
