import { z } from 'zod';
import { identityKind } from '../identity/decision.ts';
import { unmergeEntities } from '../identity/unmerge-entities.ts';
import { count, paragraphs, table } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { decisionReason, definitionRefs, reasonGiven } from './shared.ts';
import { definitionsLine } from './text.ts';

export const unmergeRecordTool = defineTool({
  name: 'unmerge_record',
  title: 'Unmerge a record',
  toolset: 'identity',
  description: `Takes back a merge, or splits records off the one they were merged into: each has again what its own sources and events say. Use it when two turn out not to be one; get_match names the merge. Not to note that two unmerged ones differ (decide_match). Example: {"kind":"person","merge":"0b5f7d0e-2a4c-5d3e-9f10-6a7b8c9d0e1f"}`,
  input: z
    .strictObject({
      kind: identityKind,
      merge: z.uuid().toLowerCase().optional().describe('id of the decision to take back'),
      records: z.array(z.uuid().toLowerCase()).min(1).max(1000).optional().describe('or the ids that leave, together'),
      keep_apart: z.boolean().default(true).describe('no model merges them again'),
      reason: decisionReason,
    })
    .refine((input) => (input.merge === undefined) !== (input.records === undefined), {
      error: 'give merge or records, one of the two',
      path: ['merge'],
    }),
  output: z.strictObject({
    kind: identityKind,
    decision: z.string(),
    was: z.array(z.string()).describe('what all counted as before'),
    now: z.array(z.strictObject({ id: z.string(), aliases: z.array(z.string()) })),
    kept_apart_by: z.array(z.string()).describe('decisions'),
    withdrew: z.array(z.string()).describe('decisions that they are one, which no longer hold'),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run(ctx, { kind, merge, records, keep_apart, reason }) {
    const outcome = await unmergeEntities(ctx, {
      kind,
      ...(merge !== undefined && { merge }),
      ...(records !== undefined && { nodes: records }),
      keep_apart,
      decision: { by: 'person', ...reasonGiven(reason) },
    });
    return {
      kind,
      decision: outcome.decision,
      was: outcome.before,
      now: outcome.groups.map(([id = '', ...aliases]) => ({ id, aliases })),
      kept_apart_by: outcome.apart,
      withdrew: outcome.withdrew,
      definitions: outcome.definitions,
    };
  },
  text: ({ kind, decision, was, now, kept_apart_by, withdrew, definitions }) =>
    paragraphs(
      `Decision ${decision}: what counted as ${was.join(', ')} is ${count(now.length, kind, kind === 'person' ? 'people' : 'accounts')} now.`,
      table(
        ['now', 'aliases that answer as it'],
        now.map(({ id, aliases }) => [id, aliases.join(' ')]),
      ),
      kept_apart_by.length === 0
        ? 'Nothing keeps them apart: a model may merge them again.'
        : `No model merges them again: ${kept_apart_by.join(', ')}.`,
      withdrew.length > 0 && `It took back ${withdrew.join(', ')}, by which they were one.`,
      'Facts, events and memberships are as they were; call rescore_records for the scores of all of them.',
      definitionsLine(definitions),
    ),
  changes: ({ kind, was, now }) =>
    kind === 'person'
      ? ['samepage://accounts/*']
      : [...new Set([...was, ...now.flatMap(({ id, aliases }) => [id, ...aliases])])].map((id) => `samepage://accounts/${id}`),
  changesList: ({ kind, now }) => kind === 'account' && now.length > 1,
});
