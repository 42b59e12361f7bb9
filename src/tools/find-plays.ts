import { z } from 'zod';
import type { Judged } from '../playbook/core/plays.ts';
import { findPlays, findPlaysInput } from '../playbook/find-plays.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs, outsideText } from './shared.ts';
import { bullets, definitionsLine, paragraphs } from './text.ts';

const step = z.strictObject({ do: z.string(), by: z.string().nullable(), within_hours: z.int().nullable() });
const missing = z.strictObject({ condition: z.string(), unknown: z.boolean() });

export const findPlaysTool = defineTool({
  name: 'find_plays',
  title: 'Find plays',
  toolset: 'playbook',
  description: `What to do now with an account, person or opportunity, by the playbook: the plays whose conditions hold, those that miss by one, and what to say (pains, persona, stage, competitor, objections). Use it for "what is our next step?". Not for why it is hot (get_account_heat). Example: {"record":"acme.com"}`,
  input: findPlaysInput.safeExtend({
    record: findPlaysInput.shape.record.describe('id, domain, e-mail or exact name; of an opportunity the id'),
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
        content: z.array(z.string()),
        measure: z.string().nullable(),
      }),
    ),
    near: z.array(z.strictObject({ id: z.string(), label: z.string(), missing })),
    talk: z.strictObject({
      pains: z.array(z.string()),
      persona: z.strictObject({ label: z.string(), cares_about: z.array(z.string()), asks: z.array(z.string()) }).nullable(),
      stage: z.strictObject({ label: z.string(), exit: z.array(z.string()), content: z.array(z.string()) }).nullable(),
      competitor: z.strictObject({ label: z.string(), counter_moves: z.array(z.string()) }).nullable(),
      objections: z.array(z.strictObject({ objection: z.string(), answer: z.string() })),
    }),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, input) {
    const { subject, playable, near, talk, ...rest } = await findPlays(ctx, input);
    const { customer, persona, stage, competitor, objections } = talk;
    return {
      ...rest,
      ...subject,
      plays: playable.map(shapePlay),
      near: near.map(({ play, missing: [one] }) => ({
        id: play.id,
        label: play.label,
        missing: { condition: one?.condition ?? '', unknown: one?.isUnknown ?? false },
      })),
      talk: {
        pains: customer?.pains ?? [],
        persona: persona && { label: persona.label, cares_about: persona.cares_about, asks: persona.asks ?? [] },
        stage: stage && { label: stage.label, exit: stage.exit, content: stage.content ?? [] },
        competitor: competitor && { label: competitor.label, counter_moves: competitor.counter_moves },
        objections: objections.map(({ objection, answer }) => ({ objection, answer })),
      },
    };
  },
  text: ({ kind, name, id, tier, heat, segment, role, considered, plays, near, talk, definitions }) =>
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
          ...(play.content.length > 0 ? [`Content: ${play.content.join('; ')}`] : []),
          ...(play.measure === null ? [] : [`It worked when: ${play.measure}`]),
        ].join('\n'),
      ),
      near.length > 0 &&
        `One condition short:\n${bullets(near.map((one) => `${one.label} (${one.id}): ${one.missing.condition}${one.missing.unknown ? ' (unknown)' : ''}`))}`,
      talk.pains.length > 0 && `Pains of the segment:\n${bullets(talk.pains)}`,
      talk.persona !== null &&
        `${talk.persona.label} cares about ${talk.persona.cares_about.join('; ')}${talk.persona.asks.length > 0 ? `, and asks: ${talk.persona.asks.join(' ')}` : '.'}`,
      talk.stage !== null &&
        `Stage ${talk.stage.label}, done when: ${talk.stage.exit.join('; ')}${talk.stage.content.length > 0 ? `. Content: ${talk.stage.content.join('; ')}` : ''}`,
      talk.competitor !== null && `Against ${talk.competitor.label}:\n${bullets(talk.competitor.counter_moves)}`,
      talk.objections.length > 0 && `Objections:\n${bullets(talk.objections.map((one) => `${one.objection} ${one.answer}`))}`,
      definitionsLine(definitions),
    ),
});

function shapePlay({ play, met }: Judged) {
  const { id, label, purpose, owner, steps, content = [], measure = null } = play;
  return {
    id,
    label,
    purpose,
    owner,
    because: met,
    steps: steps.map(({ do: what, by = null, within_hours = null }) => ({ do: what, by, within_hours })),
    content,
    measure,
  };
}
