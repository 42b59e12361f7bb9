import { z } from 'zod';
import { definitionKind } from '../definitions/core/definition.ts';
import { STATES } from '../definitions/core/signing.ts';
import { type DefinitionView, getDefinition, getDefinitionInput, type SigningView } from '../definitions/get-definition.ts';
import { bullets, paragraphs } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { definitionRef, definitionRefs, outsideText, responseFormat } from './shared.ts';
import { definitionsLine, facts } from './text.ts';

export const getDefinitionTool = defineTool({
  name: 'get_definition',
  title: 'Get a definition',
  toolset: 'definitions',
  description: `What both teams agreed on: the ICP, taxonomy (fields, event types, rejection codes, MQL rule), scoring rubric, SLA, attribution, review cadence or playbook, its rules as sentences; detailed adds the document. Use it for "what is an MQL?", "how do we score?". Not for the score of a record (get_score). Example: {"kind":"rubric"}`,
  input: getDefinitionInput.safeExtend({
    hash: getDefinitionInput.shape.hash.describe('a version by its hash or the start of it'),
    known_at: getDefinitionInput.shape.known_at.describe('the version then in use'),
    compare_to: getDefinitionInput.shape.compare_to.describe('in_use or a hash: adds the difference from it'),
    response_format: responseFormat,
  }),
  output: z.strictObject({
    kind: definitionKind,
    hash: z.string(),
    version: z.int(),
    versions: z.int().describe('how many versions of the kind there are'),
    status: z.enum(['draft', 'signed']),
    state: z.enum(STATES),
    signed_by: z.array(z.strictObject({ team: z.string(), name: outsideText, at: z.string(), way: z.string() })),
    must_sign: z.array(z.string()).describe('teams whose leaders sign this kind'),
    open: z
      .strictObject({
        hash: z.string(),
        version: z.int(),
        state: z.enum(STATES),
        active_from: z.string().nullable(),
        missing: z.array(z.string()),
      })
      .nullable()
      .describe('the version that waits for signatures, or for its day'),
    history: z
      .array(z.strictObject({ at: z.string(), what: outsideText }))
      .optional()
      .describe('with response_format detailed'),
    difference: z.strictObject({ from: definitionRef, lines: z.array(z.string()) }).nullable(),
    name: z.string().nullable(),
    description: z.string().nullable(),
    recorded_at: z.string(),
    recorded_by: z.string(),
    in_use_since: z.string().nullable().describe('null: another version is in use'),
    summary: z.array(z.strictObject({ heading: z.string(), lines: z.array(z.string()) })),
    // checked when it was saved, and as large as a taxonomy: not looked through again value by value
    document: z.record(z.string(), z.unknown()).optional().describe('with response_format detailed'),
    due: z
      .array(z.strictObject({ id: z.string(), next: z.string(), last_held: z.string().nullable(), overdue_since: z.string().nullable() }))
      .optional()
      .describe('of the cadence in use'),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, ...input }) {
    const view = await getDefinition(ctx, input);
    const shapes = shaped.get(view) ?? {};
    shaped.set(view, shapes);
    shapes[response_format] ??= shapeOf(view, response_format);
    return shapes[response_format];
  },
  text(output) {
    return paragraphs(
      `${output.name ?? output.kind}: ${output.kind}, version ${output.version} of ${output.versions}, ${output.status}, ${
        output.in_use_since === null ? 'not in use' : `in use since ${output.in_use_since}`
      }.`,
      output.description,
      ...output.summary.map((section) => `${section.heading}\n${bullets(section.lines)}`),
      facts({
        hash: output.hash,
        recorded: `${output.recorded_at} by ${output.recorded_by}`,
        state: output.state,
        'must sign': output.must_sign.join(', '),
        signed: output.signed_by.map((s) => `${s.team}: ${s.name}, ${s.at} (${s.way})`).join('; ') || 'by nobody yet',
      }),
      output.open !== null && openText(output.kind, output.open),
      output.difference !== null &&
        `Different from v${output.difference.from.version} (${output.difference.from.status}) ${output.difference.from.hash}:\n${bullets(output.difference.lines)}`,
      output.history !== undefined && `What happened to it:\n${bullets(output.history.map(({ at, what }) => `${at} ${what}`))}`,
      output.document !== undefined && `Document:\n${JSON.stringify(output.document)}`,
      definitionsLine(output.definitions),
    );
  },
});

/** An answer that is given again is made again only from another view. */
const shaped = new WeakMap<DefinitionView, Partial<Record<'concise' | 'detailed', ReturnType<typeof shapeOf>>>>();

function shapeOf(view: DefinitionView, response_format: 'concise' | 'detailed') {
  const { kind, hash, version, status, document } = view.definition;
  return {
    kind,
    hash,
    version,
    versions: view.versions,
    status,
    state: view.signing.state,
    signed_by: view.signing.signatures.map(({ team, name, recordedAt, way }) => ({ team, name, at: recordedAt, way })),
    must_sign: view.signing.required,
    open: shapeOpen(view.signing.open),
    difference: view.difference,
    name: document.name ?? null,
    description: document.description ?? null,
    recorded_at: view.recordedAt,
    recorded_by: view.recordedBy,
    in_use_since: view.inUseSince,
    summary: view.summary,
    ...(response_format === 'detailed' && {
      history: view.signing.history,
      document: { ...document },
    }),
    ...(view.due.length > 0 && {
      due: view.due.map(({ id, next, lastHeld, overdueSince }) => ({ id, next, last_held: lastHeld, overdue_since: overdueSince })),
    }),
    definitions: view.used,
  };
}

type Open = NonNullable<SigningView['open']>;

function shapeOpen(open: Open | null) {
  if (open === null) return null;
  const { activeFrom, ...rest } = open;
  return { ...rest, active_from: activeFrom };
}

function openText(
  kind: string,
  { version, hash, missing, active_from }: { version: number; hash: string; missing: string[]; active_from: string | null },
): string {
  const waits =
    missing.length > 0
      ? `waits for ${missing.join(' and ')}`
      : `is signed and waits ${active_from === null ? 'for a version that it needs' : `for ${active_from}`}`;
  return `Proposed: ${kind} v${version} ${hash} ${waits}.`;
}
