import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { findAccount } from '../records/find-account.ts';
import { findOpportunity } from '../records/find-opportunity.ts';
import { findPerson } from '../records/find-person.ts';
import { type Judged, judge, PLAYED_ON, type PlayedOn } from './core/plays.ts';
import { type Talk, talkFor } from './core/talk.ts';
import { readStanding } from './read-standing.ts';
import { readyPlays } from './ready-plays.ts';

export const findPlaysInput = z.strictObject({
  kind: z.enum(PLAYED_ON).default('account'),
  record: z.string().trim().min(1).max(300),
});

export interface FoundPlays {
  kind: PlayedOn;
  subject: { id: string; name: string | null };
  tier: string | null;
  heat: string | null;
  segment: string | null;
  role: string | null;
  /** Plays of which every condition holds, and those of which one does not, in the playbook's order. */
  playable: Judged[];
  near: Judged[];
  /** Plays of the playbook that are for this kind of record. */
  considered: number;
  talk: Talk;
  definitions: DefinitionRef[];
}

/**
 * What to do now with a record, by the playbook: the plays that its facts, events, score, tier and heat call for, those that miss by
 * one condition, and what to say in its situation.
 * @throws SamepageError `invalid_input`, `not_found`, `ambiguous`.
 */
export async function findPlays(ctx: Context, given: z.input<typeof findPlaysInput>): Promise<FoundPlays> {
  requireScope(ctx, 'read');
  const { kind, record } = parseInput(findPlaysInput, given, 'find_plays');
  const read = async (tx: Tx) => {
    const [id, playbook, icp, taxonomy] = await Promise.all([
      idOf(tx, ctx, kind, record),
      currentDefinition(tx, ctx, 'playbook'),
      currentDefinition(tx, ctx, 'icp'),
      currentDefinition(tx, ctx, 'taxonomy'),
    ]);
    const ready = readyPlays({ playbook, icp, taxonomy }, kind);
    const standing = await readStanding(tx, ctx, ready, id);
    const holds = ({ key }: { key: string }) => standing.truths.get(key) === true;
    const judged = ready.plays.map((play) => judge(play, standing));
    const segment = ready.segments.find(holds)?.id ?? null;
    const role = ready.roles.find(holds)?.role ?? null;
    const { name, tier, heat, stage, competitor } = standing;
    return {
      kind,
      subject: { id, name },
      tier,
      heat,
      segment,
      role,
      playable: judged.filter(({ missing }) => missing.length === 0),
      near: judged.filter(({ missing }) => missing.length === 1),
      considered: judged.length,
      talk: talkFor(playbook.document, { segment, role, stage, competitor }),
      definitions: [refOf(playbook), refOf(icp), refOf(taxonomy)],
    };
  };
  // planning what two hundred plays ask takes longer than answering it
  return readWorkspace(ctx, read, { planning: 'once' });
}

async function idOf(tx: Tx, ctx: Context, kind: PlayedOn, record: string): Promise<string> {
  if (kind === 'account') return (await findAccount(tx, ctx, record, 'record')).id;
  if (kind === 'person') return (await findPerson(tx, ctx, record)).id;
  return (await findOpportunity(tx, ctx, record, 'record')).id;
}
