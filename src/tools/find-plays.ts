import { z } from 'zod';
import { bullets, paragraphs } from '../kernel/markdown.ts';
import type { Judged } from '../playbook/core/plays.ts';
import { findPlays, findPlaysInput } from '../playbook/find-plays.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs, outsideText, responseFormat } from './shared.ts';
import { definitionsLine } from './text.ts';

/** Of those that are not played, and of objections, a concise answer has so many. */
const MOST_CONCISE = 10;

const step = z.strictObject({ do: z.string(), by: z.string().nullable(), within_hours: z.int().nullable() });
const said = z.array(z.strictObject({ for: z.string(), lines: z.array(z.string()) }));
const missing = z.strictObject({ condition: z.string(), unknown: z.boolean() });

export const findPlaysTool = defineTool({
  name: 'find_plays',
  title: 'Find plays',
  toolset: 'playbook',
  description: `What to do now with an account, person or opportunity, by the playbook: the plays whose conditions hold, those that miss by one, and what to say (pains, persona, stage, competitor, objections). Use it for "what is our next step?". Not for why it is hot (get_account_heat). Example: {"record":"acme.com"}`,
  input: findPlaysInput.safeExtend({
    record: findPlaysInput.shape.record.describe('id, domain, e-mail or exact name; of an opportunity also the id in the CRM'),
    response_format: responseFormat,
  }),
  output: z.strictObject({
    kind: z.enum(['account', 'person', 'opportunity']),
    id: z.string(),
    name: outsideText.nullable(),
    tier: z.string().nullable(),
    heat: z.string().nullable(),
    segment: z.string().nullable(),
    role: z.string().nullable(),
    considered: z.int().describe('plays for this kind of record'),
    plays: z.array(
      z.strictObject({
        id: z.string(),
        label: z.string(),
        purpose: z.string(),
        owner: z.string(),
        because: z.array(z.string()),
        steps: z.array(step),
        talk_track: z.array(z.string()),
        content: z.array(z.string()),
        measure: z.string().nullable(),
      }),
    ),
    near: z.array(z.strictObject({ id: z.string(), label: z.string(), missing })),
    near_total: z.int(),
    talk: z.strictObject({
      pains: z.array(z.string()),
      persona: z.strictObject({ label: z.string(), cares_about: z.array(z.string()), asks: z.array(z.string()) }).nullable(),
      stage: z.strictObject({ label: z.string(), exit: z.array(z.string()) }).nullable(),
      competitor: z.strictObject({ label: z.string(), counter_moves: z.array(z.string()) }).nullable(),
      track: said.describe('what to say'),
      assets: said.describe('what to show or send'),
      objections: z.array(z.strictObject({ objection: z.string(), answer: z.string() })),
      objections_total: z.int(),
    }),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, ...input }) {
    const { subject, playable, near, talk, ...rest } = await findPlays(ctx, input);
    const { customer, persona, stage, competitor, objections, track, assets } = talk;
    const most = response_format === 'concise' ? MOST_CONCISE : undefined;
    return {
      ...rest,
      ...subject,
      plays: playable.map(shapePlay),
      near: near.slice(0, most).map(({ play, missing: [one] }) => ({
        id: play.id,
        label: play.label,
        missing: { condition: one?.condition ?? '', unknown: one?.isUnknown ?? false },
      })),
      near_total: near.length,
      talk: {
        pains: customer?.pains ?? [],
        persona: persona && { label: persona.label, cares_about: persona.cares_about, asks: persona.asks ?? [] },
        stage: stage && { label: stage.label, exit: stage.exit ?? [] },
        competitor: competitor && { label: competitor.label, counter_moves: competitor.counter_moves },
        track,
        assets,
        objections: objections.slice(0, most).map(({ objection, answer }) => ({ objection, answer })),
        objections_total: objections.length,
      },
    };
  },
  text: ({ kind, name, id, tier, heat, segment, role, considered, plays, near, near_total, talk, definitions }) =>
    paragraphs(
      `${name ?? id} (${kind} ${id}): ${[`tier ${tier ?? 'not scored'}`, heat, segment && `segment ${segment}`, role?.replaceAll('_', ' ')].filter(Boolean).join(', ')}. ${plays.length} of ${considered} plays hold.`,
      ...plays.map((play) =>
        [
          `${play.label} (${play.id}, ${play.owner}): ${play.purpose}`,
          `Because ${play.because.join('; ')}.`,
          bullets(
            play.steps.map(
              ({ do: what, by, within_hours }) =>
                `${what}${by === null ? '' : ` (${by})`}${within_hours === null ? '' : `, within ${within_hours} h`}`,
            ),
          ),
          ...(play.talk_track.length > 0 ? [`Say: ${play.talk_track.join(' ')}`] : []),
          ...(play.content.length > 0 ? [`Content: ${play.content.join('; ')}`] : []),
          ...(play.measure === null ? [] : [`It worked when: ${play.measure}`]),
        ].join('\n'),
      ),
      near.length > 0 &&
        `One condition short:\n${bullets(near.map((one) => `${one.label} (${one.id}): ${one.missing.condition}${one.missing.unknown ? ' (unknown)' : ''}`))}${more(near.length, near_total)}`,
      talk.pains.length > 0 && `Pains of the segment:\n${bullets(talk.pains)}`,
      talk.persona !== null &&
        `${talk.persona.label} cares about ${talk.persona.cares_about.join('; ')}${talk.persona.asks.length > 0 ? `, and asks: ${talk.persona.asks.join(' ')}` : '.'}`,
      talk.stage !== null && `Stage ${talk.stage.label}, done when: ${talk.stage.exit.join('; ') || 'the playbook does not say'}.`,
      talk.competitor !== null && `Against ${talk.competitor.label}:\n${bullets(talk.competitor.counter_moves)}`,
      talk.track.length > 0 && `What to say:\n${bullets(talk.track.map((one) => `${one.for}: ${one.lines.join(' ')}`))}`,
      talk.assets.length > 0 && `What to show or send:\n${bullets(talk.assets.map((one) => `${one.for}: ${one.lines.join('; ')}`))}`,
      talk.objections.length > 0 &&
        `Objections:\n${bullets(talk.objections.map((one) => `${one.objection} ${one.answer}`))}${more(talk.objections.length, talk.objections_total)}`,
      definitionsLine(definitions),
    ),
});

const more = (shown: number, total: number) => (shown === total ? '' : `\n(${total - shown} more with response_format detailed)`);

function shapePlay({ play, met }: Judged) {
  const { id, label, purpose, owner, steps, talk_track = [], content = [], measure = null } = play;
  return {
    id,
    label,
    purpose,
    owner,
    because: met,
    steps: steps.map(({ do: what, by = null, within_hours = null }) => ({ do: what, by, within_hours })),
    talk_track,
    content,
    measure,
  };
}
