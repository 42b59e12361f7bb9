import type { Rubric, SubjectKind } from '../../definitions/core/rubric.ts';
import { SqlParams } from '../../kernel/sql-params.ts';
import { scoreSql } from './score-sql.ts';
import { patchesOf, type Variant } from './subject-sql.ts';

export interface OneSubject {
  workspaceId: string;
  rubric: Rubric;
  kind: SubjectKind;
  id: string;
  asOfDay: number;
  /** To be scored in place of what is known; left out for what is. */
  variants?: readonly Variant[];
}

type Values = SqlParams['values'];

interface Template {
  asOfDay: number;
  text: string;
  values: Readonly<Values>;
}

/** Stand for what differs from call to call. No value of a rubric has a NUL: nothing stored does. */
const WORKSPACE = '\0workspace';
const SUBJECT = '\0subject';
const VARIANTS: readonly Variant[] = [{ accountFields: { '\0variants': true }, personFields: {} }];
const [SUBJECT_VALUE, VARIANTS_VALUE] = [subjectValue(SUBJECT), variantsValue(VARIANTS)];

/** By rubric, which a process keeps by its hash, then by kind and source: of a day, the last one asked for. */
const TEMPLATES = new WeakMap<Rubric, Map<string, Template>>();

/**
 * `scoreSql` of one subject from the projections of today. Its text hangs on the rubric and the day alone: putting it together costs more than
 * the rest of a score does in this process, so it is done once and only its values change.
 */
export function oneSubjectSql({ workspaceId, rubric, kind, id, asOfDay, variants }: OneSubject): { text: string; values: Values } {
  const templates = TEMPLATES.get(rubric) ?? new Map<string, Template>();
  TEMPLATES.set(rubric, templates);
  const key = `${kind} ${variants === undefined ? 'today' : 'variants'}`;
  let template = templates.get(key);
  if (template?.asOfDay !== asOfDay) {
    const params = new SqlParams();
    const source = variants === undefined ? ({ mode: 'today' } as const) : ({ mode: 'variants', variants: VARIANTS } as const);
    const text = scoreSql({ params, workspaceId: WORKSPACE, rubric, kind, selection: { ids: [SUBJECT] }, source, asOfDay });
    template = { asOfDay, text, values: params.values };
    templates.set(key, template);
  }
  const filled = new Map<Values[number], string>([
    [WORKSPACE, workspaceId],
    [SUBJECT_VALUE, subjectValue(id)],
    [VARIANTS_VALUE, variantsValue(variants ?? [])],
  ]);
  return { text: template.text, values: template.values.map((value) => filled.get(value) ?? value) };
}

function subjectValue(id: string): string {
  return theValue((params) => params.uuids([id]));
}

function variantsValue(variants: readonly Variant[]): string {
  return theValue((params) => params.json(patchesOf(variants)));
}

/** As the statement's own parameters would have it. */
function theValue(add: (params: SqlParams) => string): string {
  const params = new SqlParams();
  add(params);
  return String(params.values[0]);
}
