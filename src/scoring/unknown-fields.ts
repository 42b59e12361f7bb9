import { z } from 'zod';
import { SCORED_TIERS } from '../definitions/core/common.ts';
import type { Definition } from '../definitions/core/definition.ts';
import type { SubjectKind } from '../definitions/core/rubric.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { candidateValues, type FieldValue } from './core/candidate-values.ts';
import { fieldsRead } from './core/explain.ts';
import { oneSubjectSql } from './core/one-subject-sql.ts';
import type { ScoreResult } from './core/receipt.ts';
import type { Variant } from './core/subject-sql.ts';

export interface Outcome {
  value: FieldValue;
  score: number;
  tier: ScoreResult['tier'];
}

export interface UnknownField {
  field: string;
  /** What the highest and the lowest score would be if only this field were known. */
  best: Outcome;
  worst: Outcome;
  couldChangeTier: boolean;
}

const MOST_FIELDS = 30;
const fieldsRow = z.array(z.object({ af: z.record(z.string(), z.unknown()), pf: z.record(z.string(), z.unknown()) }));

/** What the score would be for each value of each unknown field, by field. */
export type Trials = ReadonlyMap<string, readonly Outcome[]>;

/**
 * The fields that the rubric reads and nobody knows, with what each could change. Those that could change the tier come first.
 * @param trials what `tryUnknownFields` found
 */
export function unknownFields(trials: Trials, now: ScoreResult): UnknownField[] {
  const found = [...trials].map(([field, results]): UnknownField => {
    const ranked = [...results].sort(betterFirst);
    const [best] = ranked;
    const worst = ranked.at(-1);
    if (best === undefined || worst === undefined) throw new Error('a field was tried without a value');
    return { field, best, worst, couldChangeTier: results.some((outcome) => outcome.tier !== now.tier) };
  });
  return found.sort(
    (a, b) => Number(b.couldChangeTier) - Number(a.couldChangeTier) || betterFirst(a.best, b.best) || (a.field < b.field ? -1 : 1),
  );
}

/** What is known of a subject: fields of the account and, of a lead, of the person. */
type KnownFields = z.infer<typeof fieldsRow>[number];

/** Undefined for a subject that nobody knows. */
export async function knownFields(tx: Tx, ctx: Context, kind: SubjectKind, id: string): Promise<KnownFields | undefined> {
  const [known] = fieldsRow.parse(
    await tx.query(
      kind === 'account'
        ? `select fields as af, '{}'::jsonb as pf from account where workspace_id = $1 and id = $2::uuid`
        : `select coalesce(a.fields, '{}') as af, p.fields as pf from person p
           left join account a on a.workspace_id = p.workspace_id and a.id = p.account_id where p.workspace_id = $1 and p.id = $2::uuid`,
      [ctx.workspaceId, id],
      { prepare: true },
    ),
  );
  return known;
}

/** Scores the subject once for every value that the rubric tells apart of every field that is not known, by the same statement. */
export async function tryUnknownFields(
  tx: Tx,
  ctx: Context,
  known: KnownFields,
  { rubric, kind, id, asOfDay }: { rubric: Definition<'rubric'>; kind: SubjectKind; id: string; asOfDay: number },
): Promise<Trials> {
  const byField = new Map<string, Outcome[]>();
  const missing = fieldsRead(rubric.document, kind).filter((field) => {
    const [entity, key] = split(field);
    return (entity === 'account' ? known.af : known.pf)[key] === undefined;
  });
  const tried = missing
    .slice(0, MOST_FIELDS)
    .flatMap((field) => candidateValues(rubric.document, field).map((value) => ({ field, value })));
  if (tried.length === 0) return byField;
  const variants = tried.map(({ field, value }): Variant => {
    const [entity, key] = split(field);
    return { accountFields: entity === 'account' ? { [key]: value } : {}, personFields: entity === 'person' ? { [key]: value } : {} };
  });
  for (const { variant, score, tier } of await tryVariants(tx, ctx, { rubric, kind, id, asOfDay, variants })) {
    const trial = tried[variant];
    if (trial === undefined) continue;
    byField.set(trial.field, [...(byField.get(trial.field) ?? []), { value: trial.value, score, tier }]);
  }
  return byField;
}

const trialRow = z.array(z.object({ variant: z.number(), score: z.number(), tier: z.enum(SCORED_TIERS) }));

async function tryVariants(
  tx: Tx,
  ctx: Context,
  given: { rubric: Definition<'rubric'>; kind: SubjectKind; id: string; asOfDay: number; variants: readonly Variant[] },
): Promise<z.infer<typeof trialRow>> {
  const { rubric, kind, id, asOfDay, variants } = given;
  const { text, values } = oneSubjectSql({ workspaceId: ctx.workspaceId, rubric: rubric.document, kind, id, asOfDay, variants });
  return trialRow.parse(await tx.query(`select t.variant, t.score, t.tier from (${text}) t order by t.variant`, values, { prepare: true }));
}

/** Whoever is disqualified comes last, whatever the score. */
function betterFirst(a: Outcome, b: Outcome): number {
  return Number(a.tier === 'disqualified') - Number(b.tier === 'disqualified') || b.score - a.score;
}

function split(field: string): [string, string] {
  const dot = field.indexOf('.');
  return [field.slice(0, dot), field.slice(dot + 1)];
}
