import { z } from 'zod';
import { unlessOvertaken } from '../db/unless-overtaken.ts';
import { recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { findSubject } from '../scoring/get-score.ts';
import { type HandedOff, startHandOff } from './start-hand-off.ts';

export const handOffLeadInput = z.strictObject({
  person: z.string().trim().min(1).max(300).describe('id, e-mail address or exact name'),
  reason: z.string().trim().min(1).max(500).optional().describe('why, where something speaks against it'),
});

/**
 * Hands a lead from marketing to sales: checks the MQL rule, finds who gets it and starts its clocks. Against the rule it takes a reason,
 * which is reported.
 * @throws SamepageError `conflict` naming what stands against it; `not_found`, `ambiguous`, `invalid_input`, `permission_denied`
 */
export async function handOffLead(ctx: Context, given: z.input<typeof handOffLeadInput>): Promise<HandedOff> {
  requireScope(ctx, 'write');
  const { person, reason } = parseInput(handOffLeadInput, given, 'hand_off_lead');
  return unlessOvertaken(() =>
    recordInWorkspace(ctx, async (tx, recordedAt) => {
      const subject = await findSubject(tx, ctx, 'lead', person);
      return startHandOff(tx, ctx, { subject, by: 'marketing', reason: reason ?? null, verb: 'hand_off_lead' }, recordedAt);
    }),
  );
}
