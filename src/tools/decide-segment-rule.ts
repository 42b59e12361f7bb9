import { z } from 'zod';
import { SEGMENT_ACTIONS } from '../definitions/core/taxonomy.ts';
import { RULE_STATES } from '../handoff/core/segment-rule-moves.ts';
import { decideSegmentRule, decideSegmentRuleInput } from '../handoff/decide-segment-rule.ts';
import { paragraphs } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { definitionUris, outsideText } from './shared.ts';

const MEANS = {
  exclude: 'such leads are not handed off without a reason',
  lower_score: 'such leads count a tier lower at a hand-off, and those of tier C are not handed off without a reason',
  reroute: 'such leads go past the owners that sent them on',
  require_enrichment: 'such leads are enriched before they are handed off',
} as const;

export const decideSegmentRuleTool = defineTool({
  name: 'decide_segment_rule',
  title: 'Decide a segment rule',
  toolset: 'handoff',
  description: `Notes what a person decided about a segment rule, proposed because a segment is rejected clearly more often than the rest. Use it after review_handoffs, when a person says so; never on your own. Not to write segments by hand (propose_definition of the taxonomy). Example: {"rule":"00000000-0000-8000-8000-000000000000","decision":"accept"}`,
  input: decideSegmentRuleInput,
  output: z.strictObject({
    rule: z.string(),
    segment: outsideText,
    code: z.string(),
    action: z.enum(SEGMENT_ACTIONS),
    was: z.enum(RULE_STATES),
    state: z.enum(RULE_STATES),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run(ctx, input) {
    const { rule, was, state } = await decideSegmentRule(ctx, input);
    return { rule: rule.id, segment: rule.label, code: rule.code, action: rule.action, was, state };
  },
  text: ({ rule, segment, code, action, was, state }) =>
    paragraphs(
      `The rule ${rule} on ${segment} (${code}) was ${was.replaceAll('_', ' ')} and is ${state.replaceAll('_', ' ')} now.`,
      state === 'in_force' ? `It means that ${MEANS[action]}. Decide withdraw to end it.` : 'Hand-offs do not go by it.',
    ),
  changes: () => definitionUris('taxonomy'),
});
