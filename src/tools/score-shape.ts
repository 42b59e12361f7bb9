import { z } from 'zod';
import { SCORED_TIERS } from '../definitions/core/common.ts';
import { bullets, paragraphs, table } from '../kernel/markdown.ts';
import { receipt } from '../scoring/core/receipt.ts';
import type { ScoreView } from '../scoring/get-score.ts';
import { answersFor, definitionRefs, outsideText } from './shared.ts';
import { aliasLine, definitionsLine } from './text.ts';

const outcome = z.strictObject({ value: z.json(), score: z.int(), tier: z.string() });
const tier = z.enum(SCORED_TIERS);

/** A score with all that made it, as tools give it. */
export const scoreShape = z.strictObject({
  kind: z.enum(['account', 'lead']),
  id: z.string(),
  answers_for: answersFor,
  name: outsideText.nullable(),
  key: outsideText.nullable().describe('domain or e-mail'),
  score: z.int(),
  max: z.int(),
  tier,
  heat: z.enum(['hot', 'warm', 'cold']).nullable(),
  parts: z.array(
    z.strictObject({
      criterion: z.string(),
      meaning: z.string(),
      group: z.string(),
      points: z.int(),
      state: z.enum(['earned', 'not_met', 'unknown']),
    }),
  ),
  groups: z.array(z.strictObject({ group: z.string(), sum: z.int(), cap: z.int(), adjustment: z.int(), points: z.int() })),
  clamp: z.int().describe('parts + group adjustments + clamp = score'),
  coverage: z.strictObject({ decided: z.int(), of: z.int(), percent: z.int() }),
  unknown: z.array(z.strictObject({ field: z.string(), could_change_tier: z.boolean(), best: outcome, worst: outcome })),
  disqualified_by: z.array(z.strictObject({ id: z.string(), meaning: z.string(), reason: z.string() })),
  stored: z.strictObject({ score: z.int(), tier, as_of: z.string(), same: z.boolean() }).nullable().describe('what the last rescore wrote'),
  history: z
    .array(
      z.strictObject({ score: z.int(), tier, heat: z.string().nullable(), as_of: z.string(), replaced_at: z.string().nullable(), receipt }),
    )
    .optional(),
  receipt,
  definitions: definitionRefs,
});
export type ScoreShape = z.infer<typeof scoreShape>;

/** @param detailed every part and the history; else only the parts that count or are unknown. */
export function shapeScore(view: ScoreView, detailed: boolean): ScoreShape {
  const { result, explanation, rubric } = view;
  const parts = explanation.parts.map((part) => ({ ...part, meaning: view.meanings[part.criterion] ?? part.criterion }));
  const disqualifiers = rubric.document.disqualify ?? [];
  return {
    kind: view.kind,
    ...view.subject,
    score: result.score,
    max: explanation.max,
    tier: result.tier,
    heat: result.heat,
    parts: detailed ? parts : parts.filter((part) => part.points !== 0 || part.state === 'unknown'),
    groups: explanation.groups,
    clamp: explanation.clamp,
    coverage: explanation.coverage,
    unknown: view.unknown
      .slice(0, detailed ? undefined : 5)
      .map(({ field, couldChangeTier, best, worst }) => ({ field, could_change_tier: couldChangeTier, best, worst })),
    disqualified_by: disqualifiers.flatMap(({ id, reason }) =>
      explanation.disqualifiedBy.includes(id) ? [{ id, meaning: view.meanings[id] ?? id, reason }] : [],
    ),
    stored:
      view.stored === null
        ? null
        : {
            score: view.stored.receipt.result.score,
            tier: view.stored.receipt.result.tier,
            as_of: view.stored.receipt.as_of,
            same: JSON.stringify(view.stored.receipt.result) === JSON.stringify(result),
          },
    ...(detailed && {
      history: view.history.map(({ receipt: earlier, replacedAt }) => ({
        score: earlier.result.score,
        tier: earlier.result.tier,
        heat: earlier.result.heat,
        as_of: earlier.as_of,
        replaced_at: replacedAt,
        receipt: earlier,
      })),
    }),
    receipt: view.receipt,
    definitions: view.definitions,
  };
}

/** The same as readable text. */
export function scoreText(score: ScoreShape): string {
  const heat = score.heat === null ? '' : `, ${score.heat}`;
  const adjustments = [
    ...score.groups
      .filter((group) => group.adjustment !== 0)
      .map((group) => [`${group.group} capped at ${group.cap}`, '', group.adjustment, 'cap'] as const),
    ...(score.clamp === 0 ? [] : [[`clamped to 0–${score.max}`, '', score.clamp, 'clamp'] as const]),
  ];
  return paragraphs(
    `${score.kind === 'account' ? 'Account' : 'Lead'} ${score.name ?? score.key ?? score.id} (${score.key ?? score.id}): ${score.score} of ${score.max}, tier ${score.tier}${heat}.`,
    score.answers_for !== undefined && aliasLine(score.answers_for, score.id),
    score.disqualified_by.length > 0 && `Disqualified: ${score.disqualified_by.map((d) => d.meaning).join('; ')}.`,
    table(
      ['criterion', 'group', 'points', 'state'],
      [
        ...score.parts.map((part) => [part.meaning, part.group, part.points, part.state] as const),
        ...adjustments,
        ['score', '', score.score, ''],
      ],
    ),
    `Known: ${score.coverage.decided} of ${score.coverage.of} criteria that need fields (${score.coverage.percent} %).`,
    score.unknown.length > 0 && `Unknown fields:\n${bullets(score.unknown.map(unknownLine))}`,
    score.stored === null
      ? 'Never written: score_record or rescore_records writes it.'
      : `On file: ${score.stored.score}, tier ${score.stored.tier}, as of ${score.stored.as_of}${score.stored.same ? '' : ' (differs)'}.`,
    score.history !== undefined &&
      score.history.length > 0 &&
      `Earlier scores:\n${table(
        ['as of', 'score', 'tier', 'heat', 'replaced'],
        score.history.map((h) => [h.as_of, h.score, h.tier, h.heat, h.replaced_at]),
      )}`,
    `Receipt (verify_score takes it as it is): ${JSON.stringify(score.receipt)}`,
    definitionsLine(score.definitions),
  );
}

function unknownLine(unknown: ScoreShape['unknown'][number]): string {
  const end = (o: z.infer<typeof outcome>) => `${JSON.stringify(o.value)} → ${o.score} (${o.tier})`;
  return `${unknown.field}: best ${end(unknown.best)}, worst ${end(unknown.worst)}${unknown.could_change_tier ? ': could change the tier' : ''}`;
}
