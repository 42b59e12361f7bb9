import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { audit, deriveInWorkspace, readWorkspace, recordInWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition, type DefinitionRef, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import { cancelled } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { connectedParts } from '../records/core/identity-groups.ts';
import { type ClusterMerge, clusterMerges } from './core/cluster-merges.ts';
import { clusterReviews } from './core/cluster-reviews.ts';
import { isHeldApart } from './core/held-apart.ts';
import { type Regrouping, regroupingsOf } from './core/plan-regrouping.ts';
import { type Stitched, stitchSteps } from './core/stitch.ts';
import { whyNotOne } from './core/why-not-one.ts';
import { coverNodes } from './cover-nodes.ts';
import { type IdentityKind, identityKind } from './decision.ts';
import { findStaleMerges } from './find-stale-merges.ts';
import { saveFitted } from './identity-index.ts';
import { keepReviews } from './keep-reviews.ts';
import { loadStitching, type Stitching } from './load-stitching.ts';
import { mergeNodes, type TakenBack } from './merge-nodes.ts';
import { type PlacedLeads, placeWaiting } from './place-waiting.ts';

export const stitchRecordsInput = z.strictObject({
  kinds: z.array(identityKind).min(1).max(2).default(['account', 'person']),
  preview: z.boolean().default(false).describe('only say what would be merged'),
});

export interface StitchedKind {
  /** Records compared: each with what its own sources say. */
  nodes: number;
  entitiesBefore: number;
  entitiesAfter: number;
  merges: number;
  /** Merges of models that are no longer found, and were taken back. */
  takenBack: number;
  /** Clusters that were left, since a decision or a domain of their own holds a part of them apart. */
  heldApart: number;
  /** Pairs that are left to a person; the most valuable MOST_REVIEWS are kept. */
  reviews: number;
  examples: { entity: string; merged: string[]; decision: string | null; sentence: string }[];
}

export interface StitchRecordsReport {
  preview: boolean;
  kinds: Partial<Record<IdentityKind, StitchedKind>>;
  /** Leads who were asked about again; null where that was not looked at: in a preview, and of people alone. */
  leads: PlacedLeads | null;
  definitions: DefinitionRef[];
}

/** Merges of one transaction: it holds the workspace's writers up for so long. */
const MERGES_AT_ONCE = 100;
const MOST_EXAMPLES = 10;

/**
 * Finds which people, and which accounts, of the workspace are one, and merges them; what a model merged and is not found any more is taken
 * back. What people decided holds: what they joined stays joined, what is held apart stays apart, a suppressed identifier is not looked at.
 * Each record is compared by its own facts, and what models merged is no evidence, so that what was merged before changes nothing of what is
 * found: in however many parts the records came, the groups are those of one run over all; a second run finds nothing more, and one that
 * was cut off goes on where it was.
 * Of leads whose account may be another since the matcher is asked again.
 * @throws SamepageError `cancelled`: what was merged until then stays
 */
export async function stitchRecords(ctx: Context, given: z.input<typeof stitchRecordsInput>): Promise<StitchRecordsReport> {
  requireScope(ctx, 'write');
  const { kinds, preview } = parseInput(stitchRecordsInput, given, 'stitch_records');
  const wanted = (['account', 'person'] as const).filter((kind) => kinds.includes(kind));
  const report: StitchRecordsReport = { preview, kinds: {}, leads: null, definitions: [] };
  for (const [i, kind] of wanted.entries()) {
    const percent = (share: number, message: string) =>
      ctx.progress.report(Math.floor(((i + share) / wanted.length) * 100), 100, `${kind}: ${message}`);
    report.kinds[kind] = await stitchKind(ctx, kind, preview, percent);
  }
  if (!preview && wanted.includes('account'))
    report.leads = await placeWaiting(ctx, (asked) => ctx.progress.report(99, 100, `leads: ${asked} asked about again`));
  const taxonomy = await readWorkspace(ctx, (tx) => currentDefinition(tx, ctx, 'taxonomy'));
  ctx.progress.report(100, 100, 'done');
  return { ...report, definitions: [refOf(taxonomy)] };
}

/** Brings up to date what those who come in are compared by until the next run. */
async function leaveIndex(ctx: Context, kind: IdentityKind, { comparisons, fitted, prior, table }: Stitched): Promise<void> {
  await coverNodes(ctx, { kinds: [kind] });
  const weights = comparisons.map(({ id }, c) => [id, (fitted.weights[c] ?? []).map(({ m, u }): [number, number] => [m, u])] as const);
  const model = { records: table.size, prior, weights: Object.fromEntries(weights) };
  await deriveInWorkspace(ctx, (tx) => saveFitted(tx, ctx, kind, model));
}

type Percent = (share: number, message: string) => void;

async function stitchKind(ctx: Context, kind: IdentityKind, preview: boolean, percent: Percent): Promise<StitchedKind> {
  const stitching = await loadStitching(ctx, kind, (nodes) => percent(0, `${nodes} read`));
  if (stitching === null)
    return { nodes: 0, entitiesBefore: 0, entitiesAfter: 0, merges: 0, takenBack: 0, heldApart: 0, reviews: 0, examples: [] };
  const { ids, entityOf, links } = stitching;
  const stitched = await compared(ctx, stitching, percent);
  const stale = await findStaleMerges(ctx, kind, stitching, stitched);
  const place = new Map(ids.map((id, i) => [id, i]));
  const placeOf = (id: string) => place.get(id) ?? -1;
  const all = clusterMerges(stitched, ids, stale.standing);
  const merges = all.filter((merge) => !isHeldApart(merge, links, placeOf, stale.standing));
  const outcome = preview
    ? { merges: merges.length, takenBack: stale.merges.length, heldApart: 0, made: merges, examples: previewed(merges) }
    : await regroup(
        ctx,
        kind,
        regroupingsOf(merges, stale.merges, (id) => entityOf[placeOf(id)] ?? id),
        { stitching, stitched, percent },
      );
  if (!preview) await leaveIndex(ctx, kind, stitched);
  const after = entitiesAfter(stale.standing, outcome.made);
  return {
    nodes: ids.length,
    entitiesBefore: new Set(entityOf).size,
    entitiesAfter: new Set(after).size,
    merges: outcome.merges,
    takenBack: outcome.takenBack,
    heldApart: all.length - merges.length + outcome.heldApart,
    reviews: preview
      ? clusterReviews(stitched, after, links).length
      : await keepReviews(ctx, kind, { ...stitching, entityOf: after }, stitched),
    examples: outcome.examples,
  };
}

/** Goes through the matcher's steps, letting others have their turn between them. */
async function compared(ctx: Context, { table, links }: Stitching, percent: Percent): Promise<Stitched> {
  const steps = stitchSteps(table, { known: links });
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    const { step, done, total } = next.value;
    percent(step === 'comparing' ? 0.3 + 0.3 * (done / Math.max(1, total)) : step === 'clustering' ? 0.6 : 0.2, step);
    await setImmediate();
    if (ctx.signal.aborted) throw cancelled();
  }
}

interface Regrouped {
  merges: number;
  takenBack: number;
  heldApart: number;
  /** The merges that are in force now. */
  made: ClusterMerge[];
  examples: StitchedKind['examples'];
}

interface Found {
  stitching: Stitching;
  stitched: Stitched;
  percent: Percent;
}

async function regroup(
  ctx: Context,
  kind: IdentityKind,
  regroupings: readonly Regrouping[],
  { stitching, stitched, percent }: Found,
): Promise<Regrouped> {
  const done: Regrouped = { merges: 0, takenBack: 0, heldApart: 0, made: [], examples: [] };
  const byModel = { by: 'model' as const, model: stitched.model.name };
  for (let from = 0; from < regroupings.length; ) {
    percent(0.6 + 0.4 * (from / regroupings.length), `${from} of ${regroupings.length} merged`);
    if (ctx.signal.aborted) throw cancelled();
    const [part, ended]: [ClusterMerge[], TakenBack[]] = [[], []];
    for (; from < regroupings.length && part.length + ended.length < MERGES_AT_ONCE; from += 1) {
      const { merges = [], takenBack = [] } = regroupings[from] ?? {};
      part.push(...merges);
      for (const { decision, nodes, places } of takenBack) {
        const evidence = z.json().parse(whyNotOne(stitched, stitching.ids, places));
        ended.push({ decision, nodes, decider: { ...byModel, evidence } });
      }
    }
    const outcomes = await recordInWorkspace(ctx, async (tx, recordedAt) => {
      const asked = part.map(({ entities, evidence }) => ({
        nodes: entities,
        decider: { ...byModel, evidence: z.json().parse(evidence) },
      }));
      const found = await mergeNodes(tx, ctx, kind, asked, recordedAt, ended);
      const back = ended.length === 0 ? '' : `, ${ended.length} taken back`;
      await audit(tx, ctx, 'stitch_records', `${found.filter(({ isNew }) => isNew).length} merges of ${kind}s${back}`);
      return found;
    });
    done.takenBack += ended.length;
    for (const [i, { decision, entity, forbiddenBy, isNew }] of outcomes.entries()) {
      const merge = part[i];
      if (forbiddenBy !== null) done.heldApart += 1;
      else if (merge !== undefined) done.made.push(merge);
      if (!isNew || entity === null || merge === undefined) continue;
      done.merges += 1;
      const { entities, evidence } = merge;
      if (done.examples.length < MOST_EXAMPLES)
        done.examples.push({ entity, merged: entities.filter((id) => id !== entity), decision, sentence: evidence.sentence });
    }
  }
  return done;
}

/** By place, whom the nodes count as when merges are made of what stood. */
function entitiesAfter(standing: readonly string[], made: readonly ClusterMerge[]): string[] {
  const joined = new Map(connectedParts(made.map(({ entities }) => entities)).flatMap((part) => part.map((id) => [id, part[0] ?? id])));
  return standing.map((entity) => joined.get(entity) ?? entity);
}

/** Which of them would stand for the others shows when they are merged: the oldest. */
function previewed(merges: readonly ClusterMerge[]): StitchedKind['examples'] {
  return merges.slice(0, MOST_EXAMPLES).map(({ entities: [entity = '', ...merged], evidence }) => ({
    entity,
    merged,
    decision: null,
    sentence: evidence.sentence,
  }));
}
