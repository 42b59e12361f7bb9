import { z } from 'zod';
import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { decisionsOn, RULE_DECISIONS, type RuleState, ruleAfter } from './core/segment-rule-moves.ts';
import { readSegmentRules, type SegmentRule } from './segment-rule.ts';
import { writeSegmentRules } from './write-segment-rules.ts';

/** Decisions against what the comparison found: somebody will ask why. */
const NEEDS_REASON = new Set<string>(['decline', 'keep']);

export const decideSegmentRuleInput = z
  .strictObject({
    rule: z.uuid().toLowerCase().describe('its id, as review_handoffs gives it'),
    decision: z
      .enum(RULE_DECISIONS)
      .describe('accept or decline a proposal; withdraw ends a rule in force; keep one that is proposed for removal'),
    reason: z.string().trim().min(1).max(500).optional().describe('needed to decline and to keep'),
  })
  .superRefine(({ decision, reason }, issue) => {
    if (NEEDS_REASON.has(decision) && reason === undefined)
      issue.addIssue({ code: 'custom', path: ['reason'], message: `is missing: say why you ${decision} it` });
  });

export interface DecidedRule {
  rule: SegmentRule;
  was: RuleState;
  state: RuleState;
}

/**
 * A person's decision about a segment rule. What was decided is not proposed again for a quarter, and its history stays.
 * @throws SamepageError `not_found`; `conflict` when the rule is in a state in which that is no decision
 */
export async function decideSegmentRule(ctx: Context, given: z.input<typeof decideSegmentRuleInput>): Promise<DecidedRule> {
  requireScope(ctx, 'write');
  const { rule: id, decision, reason } = parseInput(decideSegmentRuleInput, given, 'decide_segment_rule');
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const rules = await readSegmentRules(tx, ctx);
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) throw unknownRule(id, rules);
    const state = ruleAfter(rule.state, decision);
    if (state === undefined) {
      const possible = decisionsOn(rule.state);
      throw new SamepageError(
        'conflict',
        `The rule on ${rule.label} (${rule.code}) is ${rule.state.replaceAll('_', ' ')}: there is nothing to ${decision}.`,
        possible.length === 0 ? 'It is proposed again when the rejections speak for it.' : `Decide one of ${possible.join(', ')}.`,
        { problems: [{ path: 'decision', value: decision, reason: `is no decision about a rule that is ${rule.state}` }] },
      );
    }
    const why = reason ?? null;
    const moved = { ...rule, state, move: decision, ordinal: rule.ordinal + 1, why };
    await writeSegmentRules(tx, ctx, [moved], { by: 'person', recordedAt });
    await audit(tx, ctx, 'decide_segment_rule', `${decision} ${id}, ${rule.code}, ${rule.action}`);
    return { rule: { ...rule, state, changed_at: recordedAt, changed_by: 'person', ordinal: moved.ordinal, why }, was: rule.state, state };
  });
}

function unknownRule(id: string, rules: readonly SegmentRule[]): SamepageError {
  const open = rules.filter(({ state }) => decisionsOn(state).length > 0).map((rule) => `${rule.id} (${rule.label}, ${rule.code})`);
  return new SamepageError(
    'not_found',
    `There is no segment rule ${id}.`,
    open.length === 0
      ? 'No segment rule can be decided on now; review_handoffs shows them.'
      : `Name one of ${open.slice(0, 5).join('; ')}.`,
    { problems: [{ path: 'rule', value: id, reason: 'is not known' }] },
  );
}
