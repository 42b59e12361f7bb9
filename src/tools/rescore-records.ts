import { z } from 'zod';
import { definitionKind } from '../definitions/core/definition.ts';
import { count, paragraphs, table } from '../kernel/markdown.ts';
import { rescoreInput, rescoreRecords } from '../scoring/rescore-records.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs, definitionUris } from './shared.ts';
import { definitionsLine } from './text.ts';

const tierMove = z.strictObject({ from: z.string(), to: z.string(), because: z.string(), n: z.int(), examples: z.array(z.string()) });
const counts = z.strictObject({
  scored: z.int(),
  new: z.int(),
  changed: z.int(),
  tiers: z.record(z.string(), z.int()),
  moves: z.array(tierMove),
});

export const rescoreRecordsTool = defineTool({
  name: 'rescore_records',
  title: 'Rescore records',
  toolset: 'scoring',
  description: `Scores all records, those that can have changed, or those a predicate picks, as of today; gives counts, tier moves and what moved them. Use it daily and after imports. Not for one record (score_record), nor to try a rubric (simulate_rubric). Example: {"scope":"changed"}`,
  input: rescoreInput,
  output: z.strictObject({
    run: z.string(),
    scope: z.enum(['all', 'changed', 'filter']),
    note: z.string().nullable(),
    as_of: z.string(),
    known_at: z.string(),
    kinds: z.record(z.string(), counts),
    in_use_now: z.array(definitionKind).describe('definitions whose day had come'),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, input) {
    const result = await rescoreRecords(ctx, input);
    const kinds = Object.entries(result.counts).map(([kind, c]) => {
      const moves = c.moves.map(({ from, to, reason, n, examples }) => ({
        from,
        to,
        because: result.reasons[reason] ?? reason,
        n,
        examples,
      }));
      return [kind, { scored: c.subjects, new: c.created, changed: c.replaced, tiers: c.tiers, moves }] as const;
    });
    return {
      run: result.run,
      scope: result.scope,
      note: result.note,
      as_of: result.asOf,
      known_at: result.knownAt,
      kinds: Object.fromEntries(kinds),
      in_use_now: result.activated.map(({ kind }) => kind),
      definitions: result.definitions,
    };
  },
  text: (output) =>
    paragraphs(
      `Rescored as of ${output.as_of} (${output.scope}; run ${output.run}; known at ${output.known_at}).`,
      output.note,
      output.in_use_now.length > 0 && `In use since this run: ${output.in_use_now.join(', ')}.`,
      ...Object.entries(output.kinds).map(([kind, c]) =>
        paragraphs(
          `${count(c.scored, kind)}: ${c.new} new, ${c.changed} changed. Tiers: ${
            Object.entries(c.tiers)
              .map(([tier, n]) => `${tier} ${n}`)
              .join(', ') || 'none'
          }.`,
          c.moves.length > 0 &&
            table(
              ['from', 'to', 'because', 'n', 'examples'],
              c.moves.map((m) => [m.from, m.to, m.because, m.n, m.examples.join(' ')]),
            ),
        ),
      ),
      definitionsLine(output.definitions),
    ),
  changes: ({ kinds: { account }, in_use_now }) => [
    ...(account !== undefined && account.new + account.changed > 0 ? ['samepage://accounts/*'] : []),
    ...in_use_now.flatMap(definitionUris),
  ],
  changesList: ({ in_use_now }) => in_use_now.length > 0,
});
