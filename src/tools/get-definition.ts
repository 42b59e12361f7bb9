import { z } from 'zod';
import { definitionKind } from '../definitions/core/definition.ts';
import { getDefinition, getDefinitionInput } from '../definitions/get-definition.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs, responseFormat } from './shared.ts';
import { bullets, definitionsLine, facts, paragraphs } from './text.ts';

export const getDefinitionTool = defineTool({
  name: 'get_definition',
  title: 'Get a definition',
  toolset: 'definitions',
  description: `What both teams agreed on: the ICP, taxonomy (fields, event types, rejection codes, MQL rule), scoring rubric, SLA, attribution, review cadence or playbook, its rules as sentences; detailed adds the document. Use it for "what is an MQL?", "how do we score?". Not for the score of a record (get_score). Example: {"kind":"rubric"}`,
  input: getDefinitionInput.safeExtend({
    hash: getDefinitionInput.shape.hash.describe('a version by its hash or the start of it'),
    known_at: getDefinitionInput.shape.known_at.describe('the version then in use'),
    response_format: responseFormat,
  }),
  output: z.strictObject({
    kind: definitionKind,
    hash: z.string(),
    version: z.int(),
    versions: z.int().describe('how many versions of the kind there are'),
    status: z.enum(['draft', 'signed']),
    signatures: z.array(z.strictObject({ team: z.string(), by: z.string(), at: z.string() })),
    name: z.string().nullable(),
    description: z.string().nullable(),
    recorded_at: z.string(),
    recorded_by: z.string(),
    in_use_since: z.string().nullable().describe('null: another version is in use'),
    summary: z.array(z.strictObject({ heading: z.string(), lines: z.array(z.string()) })),
    document: z.record(z.string(), z.json()).optional().describe('with response_format detailed'),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, ...input }) {
    const view = await getDefinition(ctx, input);
    const { kind, hash, version, status, document } = view.definition;
    return {
      kind,
      hash,
      version,
      versions: view.versions,
      status,
      signatures: [],
      name: document.name ?? null,
      description: document.description ?? null,
      recorded_at: view.recordedAt,
      recorded_by: view.recordedBy,
      in_use_since: view.inUseSince,
      summary: view.summary,
      ...(response_format === 'detailed' ? { document: z.record(z.string(), z.json()).parse(document) } : {}),
      definitions: view.used,
    };
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
        signatures: output.signatures.map((s) => `${s.team} ${s.by} ${s.at}`).join('; ') || 'none yet',
      }),
      output.document !== undefined && `Document:\n${JSON.stringify(output.document, null, 2)}`,
      definitionsLine(output.definitions),
    );
  },
});
