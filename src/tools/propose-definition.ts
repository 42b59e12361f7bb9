import { z } from 'zod';
import { definitionEffect } from '../accounts/definition-effect.ts';
import { clockEffect } from '../definitions/clock-effect.ts';
import { definitionKind } from '../definitions/core/definition.ts';
import { clockChangeText } from '../definitions/core/sla-effect.ts';
import { getDefinition } from '../definitions/get-definition.ts';
import { proposeDefinition, proposeDefinitionInput } from '../definitions/propose-definition.ts';
import { bullets, paragraphs, table } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs } from './shared.ts';
import { definitionsLine } from './text.ts';

const shape = proposeDefinitionInput.shape;

export const proposeDefinitionTool = defineTool({
  name: 'propose_definition',
  title: 'Propose a definition',
  toolset: 'definitions',
  description: `Opens a changed ICP, rubric, taxonomy or other definition for the teams' leaders to sign; until all have, the one in use stays. Use it when a team wants another rule. Answers with the difference and what it would do to today's data; to look only, simulate_rubric. Example: {"kind":"rubric","changes":[{"path":"criteria.pricing.events.points","value":8}]}`,
  input: proposeDefinitionInput.safeExtend({
    document: shape.document.describe('whole, in place of changes'),
    changes: shape.changes.describe('list members by id; no value: remove'),
    withdraw: shape.withdraw.describe('take back what is proposed'),
    active_from: shape.active_from.describe('first day of use'),
  }),
  output: z.strictObject({
    kind: definitionKind,
    hash: z.string(),
    version: z.int(),
    outcome: z.enum(['proposed', 'proposed_already', 'withdrawn']),
    active_from: z.string().nullable(),
    must_sign: z.array(z.string()),
    missing: z.array(z.string()),
    in_place_of: z.strictObject({ hash: z.string(), version: z.int() }).nullable(),
    difference: z.array(z.string()),
    effect: z
      .array(
        z.strictObject({ of: z.enum(['account', 'lead']), by: z.enum(['tier', 'segment']), from: z.string(), to: z.string(), n: z.int() }),
      )
      .describe('records by tier or segment, now and under the proposal'),
    clocks: z
      .array(
        z.strictObject({
          clock: z.string(),
          source: z.string().nullable(),
          tier: z.string().nullable(),
          when: z.string().nullable(),
          from: z.string().nullable(),
          to: z.string().nullable(),
        }),
      )
      .describe('of an SLA: clocks that would run otherwise; null: any, or no clock'),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, input) {
    const { kind, hash, version, outcome, previous } = await proposeDefinition(ctx, input);
    const view = await getDefinition(ctx, { kind, hash, compare_to: 'in_use' });
    const { open, required } = view.signing;
    return {
      kind,
      hash,
      version,
      outcome: z.enum(['proposed', 'proposed_already', 'withdrawn']).parse(outcome),
      active_from: open?.activeFrom ?? null,
      must_sign: required,
      missing: open?.missing ?? [],
      in_place_of: previous,
      difference: view.difference?.lines ?? [],
      effect: outcome === 'withdrawn' ? [] : await definitionEffect(ctx, { kind, hash }),
      clocks: outcome === 'withdrawn' || kind !== 'sla' ? [] : await clockEffect(ctx, { hash }),
      definitions: view.used,
    };
  },
  text: ({ kind, version, hash, outcome, in_place_of: before, ...output }) =>
    paragraphs(
      outcome === 'withdrawn'
        ? `The proposal of ${kind} v${version} ${hash} was taken back; v${before?.version} stays in use.`
        : `${kind} v${version} ${hash} is proposed${before === null ? '' : ` in place of v${before.version} ${before.hash}`}${output.active_from === null ? '' : `, for use from ${output.active_from}`}.`,
      outcome !== 'withdrawn' &&
        `It is a draft until the leaders of ${output.must_sign.join(' and ')} sign it; missing: ${output.missing.join(', ') || 'none'}.`,
      output.difference.length > 0 && `Difference:\n${bullets(output.difference)}`,
      output.effect.length > 0 &&
        table(
          ['records', 'by', 'now', 'under the proposal', 'n'],
          output.effect.map((one) => [one.of, one.by, one.from, one.to, one.n]),
        ),
      output.clocks.length > 0 &&
        `Clocks of leads handed off from then on; those that run stay as they are:\n${bullets(output.clocks.map(clockChangeText))}`,
      definitionsLine(output.definitions),
    ),
});
