import { readWorkspace } from '../db/workspace.ts';
import { checkedDocuments } from '../definitions/checked-documents.ts';
import type { Definition } from '../definitions/core/definition.ts';
import { differences, differenceText } from '../definitions/core/difference.ts';
import { applyChanges, type Change } from '../definitions/core/patch.ts';
import { DEFAULT_MAX, rubricDocument } from '../definitions/core/rubric.ts';
import { labelsOf } from '../definitions/core/sentence.ts';
import { openProposal } from '../definitions/core/signing.ts';
import { readSigning } from '../definitions/read-signing.ts';
import type { Context } from '../kernel/context.ts';
import { dayOf } from '../kernel/dates.ts';
import { SamepageError } from '../kernel/errors.ts';
import { icpEdits } from './core/draft-icp.ts';
import { changesOf, type DraftLine } from './core/draft-lines.ts';
import { movedTiers, scoresOf, tierMoves } from './core/draft-tiers.ts';
import type { HandOver, RefreshDraft } from './core/refresh.ts';
import { dealTiers } from './core/won-shares.ts';
import { phase } from './phase.ts';
import type { ReadOutcomes } from './read-outcomes.ts';
import { scorePairs } from './score-pairs.ts';
import { tiersOfKept } from './score-then.ts';

interface Base {
  icp: Definition<'icp'>;
  rubric: Definition<'rubric'>;
  taxonomy: Definition<'taxonomy'>;
  /** Names the quarter in the reason of the proposal. */
  period: string;
}

const MOST_REASON = 500;

/**
 * A draft of rubric and profile from lines of evidence: the changes, what they read like, what they would do to today's records, and the
 * closed deals under it. Nothing is written.
 * @throws SamepageError where the definitions in use do not allow the draft; its message says which and why.
 */
export async function draftRefresh(ctx: Context, lines: readonly DraftLine[], outcomes: ReadOutcomes, base: Base): Promise<RefreshDraft> {
  const { rubric, icp, taxonomy } = base;
  const lineChanges = changesOf(lines, rubric.document);
  const edits = icpEdits(lines, icp.document);
  const lined = rubricDocument.parse(patched(rubric.document, lineChanges));
  const today = Math.max(dayOf(ctx.now()), dayOf(outcomes.knownAt));
  const pairs = await scorePairs(phase(ctx, 0, 50), rubric.document, lined, today);
  const [current, draft] = [scoresOf(pairs, 'before'), scoresOf(pairs, 'after')];
  const tiers = { before: rubric.document.tiers, after: movedTiers(current, draft, rubric.document.tiers, lined.max ?? DEFAULT_MAX) };
  const tierChanges = (['A', 'B'] as const).flatMap((tier): Change[] =>
    tiers.before[tier] === tiers.after[tier] ? [] : [{ path: `tiers.${tier}`, value: tiers.after[tier] }],
  );
  const proposals = handOvers(lines, { icp: edits.map(({ change }) => change), rubric: [...lineChanges, ...tierChanges] }, base.period);
  const after = {
    icp: patched(
      icp.document,
      edits.map(({ change }) => change),
    ),
    rubric: rubricDocument.parse(patched(lined, tierChanges)),
  };
  const open = await readWorkspace(ctx, async (tx) => {
    await checkedDocuments(tx, ctx, edits.length === 0 ? [after.rubric] : [after.icp, after.rubric]);
    const found: RefreshDraft['open'] = [];
    for (const { kind } of proposals) {
      const proposed = openProposal(await readSigning(tx, ctx, kind));
      if (proposed !== undefined) found.push({ kind, hash: proposed.hash });
    }
    return found;
  });
  const labels = labelsOf(taxonomy.document);
  const linesOf = (before: unknown, then: unknown) => differences(before, then, labels).map(differenceText);
  // a draft's lines are about columns of the table, so it reads nothing that the scores in force were not read with
  const again = await tiersOfKept(
    phase(ctx, 50, 100),
    after.rubric,
    outcomes.asked.map((standpoint, i) => ({ standpoint, kept: outcomes.scores[i]?.kept })),
  );
  return {
    lines: [...lines],
    tiers,
    icp: edits,
    proposals,
    difference: { icp: linesOf(icp.document, after.icp), rubric: linesOf(rubric.document, after.rubric) },
    // thresholds move no score
    effect: tierMoves(pairs, tiers),
    on_deals: dealTiers(
      outcomes.scores.map(({ tier }) => tier),
      again.map((tier) => tier ?? 'C'),
      outcomes.table.won,
    ),
    open,
  };
}

/** The profile first: what a rubric rewards has to be wanted. */
function handOvers(lines: readonly DraftLine[], changes: Record<HandOver['kind'], Change[]>, period: string): HandOver[] {
  // by the criteria's ids: what came from outside would have to be marked, and the marks would be signed
  const points = (change: number) => `${change > 0 ? '+' : ''}${change}`;
  const reason = `ICP refresh ${period}: ${lines.map(({ id, before, after }) => `${id} ${points(after - before)}`).join(', ')}`;
  return (['icp', 'rubric'] as const)
    .filter((kind) => changes[kind].length > 0)
    .map((kind) => ({
      kind,
      changes: changes[kind],
      reason: reason.length > MOST_REASON ? `${reason.slice(0, MOST_REASON - 1)}…` : reason,
    }));
}

function patched(document: unknown, changes: readonly Change[]): unknown {
  const { document: after, problems } = applyChanges(document, changes);
  const [first] = problems;
  if (first === undefined) return after;
  throw new SamepageError(
    'conflict',
    `The draft's ${first.path} ${first.reason}.`,
    'Change the definition by hand with propose_definition.',
  );
}
