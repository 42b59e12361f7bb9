import { z } from 'zod';
import { paragraphs, table } from '../kernel/markdown.ts';
import { receipt as receiptSchema, scoreResult } from '../scoring/core/receipt.ts';
import { verifyScore } from '../scoring/verify-score.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs } from './shared.ts';
import { definitionsLine } from './text.ts';

export const verifyScoreTool = defineTool({
  name: 'verify_score',
  title: 'Verify a score',
  toolset: 'scoring',
  description: `Recomputes a receipt from what was known then, under its own rubric: "reproduced", or the exact differences. Use it to prove or to audit a score that someone quotes. Not for the score of today (get_score). Example: {"receipt": <the receipt that get_score gave, unchanged>}`,
  input: z.strictObject({ receipt: z.record(z.string(), z.json()).describe('as it was given, whole') }),
  output: z.strictObject({
    outcome: z.enum(['reproduced', 'different']),
    differences: z.array(z.strictObject({ what: z.string(), receipt: z.string(), recomputed: z.string() })),
    recomputed: scoreResult.nullable(),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (ctx, input) => verifyScore(ctx, input),
  text(output, input) {
    const receipt = receiptSchema.parse(input.receipt);
    return paragraphs(
      output.outcome === 'reproduced'
        ? `Reproduced: score ${receipt.result.score}, tier ${receipt.result.tier}, as of ${receipt.as_of} with what was known at ${receipt.known_at}.`
        : 'Different: the receipt is not what the data and the rubric of then give.',
      output.differences.length > 0 &&
        table(
          ['what', 'receipt', 'recomputed'],
          output.differences.map((d) => [d.what, d.receipt, d.recomputed]),
        ),
      output.outcome === 'different' && output.recomputed !== null && `Recomputed: ${JSON.stringify(output.recomputed)}`,
      definitionsLine(output.definitions),
    );
  },
});
