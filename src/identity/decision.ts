import { z } from 'zod';
import { UUID_PATTERN } from '../kernel/ids.ts';

/** The kinds of entities of which two rows may be one. */
export const identityKind = z.enum(['account', 'person']);
export type IdentityKind = z.infer<typeof identityKind>;

/** What decisions are about: two rows of a kind, or a lead (a person) and the account that it may belong to. */
export const decisionKind = z.enum([...identityKind.options, 'lead']);
export type DecisionKind = z.infer<typeof decisionKind>;

/** What the nodes on each side of a decision are. */
export function sideKinds(kind: DecisionKind): readonly [IdentityKind, IdentityKind] {
  return kind === 'lead' ? ['person', 'account'] : [kind, kind];
}

/** The id of a node or a decision. */
export const recordId = z.string().regex(UUID_PATTERN, 'an id (a UUID)');

export const DECISION_VERBS = [
  'merged', // these nodes are one entity
  'unmerged', // a merge is taken back, or nodes leave their entity
  'must_link', // a person says that they are one, or that the lead is of the account; a matcher has to bring them together
  'cannot_link', // they are not one, or the lead is not of the account, whatever a matcher finds
  'related', // a subsidiary, a brand, a branch: one knows of the other, and they stay two; the lead is not of the account
  'suppressed', // an identifier tells nobody apart: a switchboard, a role address
  'unsuppressed', // it does after all
  'withdrawn', // an earlier decision is taken back
] as const;
export type DecisionVerb = (typeof DECISION_VERBS)[number];

/** Who decided, and why. */
export const decider = z.strictObject({
  by: z.enum(['person', 'model']),
  model: z.string().trim().min(1).max(200).optional().describe('name and version of the model'),
  evidence: z.json().optional().describe('what was before it, as it is to be shown later'),
});
export type Decider = z.infer<typeof decider>;
