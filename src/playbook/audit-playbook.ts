import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import { SECTIONS } from '../definitions/core/playbook.ts';
import { labelsOf, predicateSentence } from '../definitions/core/sentence.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { conditionsThen } from './core/conditions-then.ts';
import type { PlayFigures } from './core/data-gaps.ts';
import { type Coverage, coverageOf, type Gap, gapsOf } from './core/gaps.ts';
import { CLOSED, WON } from './core/plays-sql.ts';
import { compareAllWonRates, type WonRates } from './core/won-rates.ts';
import { tallyPlays } from './tally-plays.ts';

export const auditPlaybookInput = z.strictObject({ section: z.enum(SECTIONS).optional() });

export interface PlaybookAudit {
  gaps: Gap[];
  coverage: Coverage[];
  /** How each play does, in the playbook's order. */
  plays: PlayFigures[];
  /** What cannot be seen in the data yet. */
  unseen: string[];
  definitions: DefinitionRef[];
}

const countRows = z.array(z.object({ value: z.string(), n: z.coerce.number() }));
const MOST_VALUES = 50;

/**
 * What is missing or stale in the playbook in use, held against the ICP, the taxonomy, the lost deals and the records of today. Reads a part
 * of the records at a time: it tells how far it is and can be cancelled.
 * @throws SamepageError `invalid_input`, `cancelled`.
 */
export async function auditPlaybook(ctx: Context, given: z.input<typeof auditPlaybookInput>): Promise<PlaybookAudit> {
  requireScope(ctx, 'read');
  const { section } = parseInput(auditPlaybookInput, given, 'audit_playbook');
  const { playbook, icp, taxonomy, ...answers } = await readWorkspace(ctx, async (tx) => ({
    playbook: await currentDefinition(tx, ctx, 'playbook'),
    icp: await currentDefinition(tx, ctx, 'icp'),
    taxonomy: await currentDefinition(tx, ctx, 'taxonomy'),
    lossReasons: await ofLost(tx, ctx, 'loss_reason'),
    competitors: await ofLost(tx, ctx, 'competitor'),
    rejections: await ofRejected(tx, ctx),
  }));
  const labels = labelsOf(taxonomy.document);
  const tallies = await tallyPlays(ctx, playbook.document.plays ?? []);
  const asked = tallies.flatMap(({ deals }) => deals ?? []);
  const compared = new Map(compareAllWonRates(asked).map((one, i) => [asked[i], one]));
  const verdictOf = (deals: WonRates) => compared.get(deals) ?? { verdict: 'too_little' as const, difference: null };
  const plays = tallies.map(
    ({ play, kind, holds, deals }): PlayFigures => ({
      id: play.id,
      kind: kind ?? null,
      holds,
      deals: deals === undefined ? null : { ...deals, ...verdictOf(deals) },
      leftOut: conditionsThen(play).leftOut.map((one) => predicateSentence(one, labels)),
    }),
  );
  const gaps = gapsOf(playbook.document, {
    icp: icp.document,
    taxonomy: taxonomy.document,
    seen: { ...answers, plays },
    today: dayOf(ctx.now()),
  });
  return {
    gaps: section === undefined ? gaps : gaps.filter((gap) => gap.section === section),
    coverage: coverageOf(gaps),
    plays: section === undefined || section === 'plays' ? plays : [],
    unseen: [
      'Which plays were carried out is not recorded: a play counts for a deal when its conditions held on the day the deal was opened.',
    ],
    definitions: [refOf(playbook), refOf(icp), refOf(taxonomy)],
  };
}

/** How often lost opportunities name each value of a field. */
async function ofLost(tx: Tx, ctx: Context, field: 'loss_reason' | 'competitor') {
  const rows = await tx.query(
    `select o.fields ->> '${field}' as value, count(*) as n from opportunity o
     where o.workspace_id = $1 and o.fields ->> '${field}' is not null and ${CLOSED} and not ${WON}
     group by 1 order by 2 desc, 1 limit ${MOST_VALUES}`,
    [ctx.workspaceId],
  );
  return countRows.parse(rows);
}

/** How many leads stand rejected with each code. */
async function ofRejected(tx: Tx, ctx: Context) {
  const rows = await tx.query(
    'select code as value, count(*) as n from hand_off where workspace_id = $1 and code is not null group by 1 order by 2 desc, 1',
    [ctx.workspaceId],
  );
  return countRows.parse(rows);
}
