import { z } from 'zod';
import { count, paragraphs, table } from '../kernel/markdown.ts';
import { simulateInput, simulateRubric } from '../scoring/simulate-rubric.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs, outsideText } from './shared.ts';
import { definitionsLine } from './text.ts';

const mover = z.strictObject({
  id: z.string(),
  name: outsideText.nullable(),
  key: outsideText.nullable(),
  from: z.string(),
  to: z.string(),
  score: z.int(),
  draft_score: z.int(),
});
const simulated = z.strictObject({
  records: z.int(),
  changed: z.int(),
  heat_changed: z.int(),
  migration: z.array(z.strictObject({ from: z.string(), to: z.string(), n: z.int() })),
  movers: z.array(mover).describe('tier moves first, then the largest change of score'),
});

export const simulateRubricTool = defineTool({
  name: 'simulate_rubric',
  title: 'Simulate a rubric',
  toolset: 'scoring',
  description: `What a draft rubric would do to today's data: how many records change tier, and which move most. Nothing is written. Use it before proposing a change. Not to rescore (rescore_records). Example: {"rubric":{"kind":"rubric", …the whole document of get_definition with your change…}}`,
  input: simulateInput,
  output: z.strictObject({
    as_of: z.string(),
    draft_hash: z.string(),
    kinds: z.record(z.string(), simulated),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, input) {
    const { asOf, draftHash, byKind, definitions } = await simulateRubric(ctx, input);
    const kinds = Object.entries(byKind).map(([kind, s]) => {
      const movers = s.movers.map(({ draftScore, ...rest }) => ({ ...rest, draft_score: draftScore }));
      return [kind, { records: s.subjects, changed: s.changed, heat_changed: s.heatChanged, migration: s.migration, movers }] as const;
    });
    return { as_of: asOf, draft_hash: draftHash, kinds: Object.fromEntries(kinds), definitions };
  },
  text: (output) =>
    paragraphs(
      `The draft ${output.draft_hash} against the rubric in force, as of ${output.as_of}. Nothing was written.`,
      ...Object.entries(output.kinds).map(([kind, s]) =>
        paragraphs(
          `${count(s.records, kind)}: ${s.changed} change score or tier, ${s.heat_changed} change heat.`,
          table(
            ['tier now', 'tier under the draft', 'records'],
            s.migration.map((m) => [m.from, m.to, m.n]),
          ),
          s.movers.length > 0 &&
            table(
              ['record', 'key', 'now', 'draft', 'id'],
              s.movers.map((m) => [m.name, m.key, `${m.score} (${m.from})`, `${m.draft_score} (${m.to})`, m.id]),
            ),
        ),
      ),
      definitionsLine(output.definitions),
    ),
});
