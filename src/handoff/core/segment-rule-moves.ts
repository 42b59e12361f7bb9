/** `doubted`: in force still, and proposed for removal. `removed`: taken back, or a proposal that stopped being true. */
export const RULE_STATES = ['proposed', 'in_force', 'doubted', 'declined', 'removed'] as const;
export type RuleState = (typeof RULE_STATES)[number];
export const RULE_DECISIONS = ['accept', 'decline', 'withdraw', 'keep'] as const;
export type RuleDecision = (typeof RULE_DECISIONS)[number];
/** What the comparison does by itself. */
export type RuleNote = 'propose' | 'apply' | 'doubt' | 'lapse';
export type RuleMove = RuleDecision | RuleNote;

const NEW = [null, 'declined', 'removed'] as const;

const MOVES: Readonly<Record<RuleMove, { from: readonly (RuleState | null)[]; to: RuleState }>> = {
  propose: { from: NEW, to: 'proposed' },
  apply: { from: NEW, to: 'in_force' },
  doubt: { from: ['in_force'], to: 'doubted' },
  lapse: { from: ['proposed'], to: 'removed' },
  accept: { from: ['proposed'], to: 'in_force' },
  decline: { from: ['proposed'], to: 'declined' },
  withdraw: { from: ['in_force', 'doubted'], to: 'removed' },
  keep: { from: ['doubted'], to: 'in_force' },
};

/** The rules that hand-offs go by. */
export const IN_FORCE: readonly RuleState[] = ['in_force', 'doubted'];

/** The state after a move; undefined where it is none. @param state null: there is no such rule yet */
export function ruleAfter(state: RuleState | null, move: RuleMove): RuleState | undefined {
  const { from, to } = MOVES[move];
  return from.includes(state) ? to : undefined;
}

/** What a person can decide about a rule in a state. */
export function decisionsOn(state: RuleState): RuleDecision[] {
  return RULE_DECISIONS.filter((decision) => MOVES[decision].from.includes(state));
}
