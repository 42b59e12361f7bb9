import { z } from 'zod';
import { paragraphs } from '../kernel/markdown.ts';
import { scoreRecord, scoreRecordInput } from '../scoring/score-record.ts';
import { defineTool } from './define-tool.ts';
import { scoreShape, scoreText, shapeScore } from './score-shape.ts';
import { responseFormat } from './shared.ts';

export const scoreRecordTool = defineTool({
  name: 'score_record',
  title: 'Score a record',
  toolset: 'scoring',
  description: `Scores one account or lead as of today and keeps the score with its receipt; an unchanged score writes nothing. Use it after a record changed. Not for many (rescore_records), nor only to look (get_score). Example: {"kind":"lead","record":"ann@acme.com"}`,
  input: scoreRecordInput.extend({ response_format: responseFormat }),
  output: z.strictObject({ written: z.boolean(), score: scoreShape }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, ...input }) {
    const { written, view } = await scoreRecord(ctx, input);
    return { written, score: shapeScore(view, response_format === 'detailed') };
  },
  text: ({ written, score }) =>
    paragraphs(written ? 'The score was written.' : 'The score on file was the same: nothing was written.', scoreText(score)),
  changes: ({ written, score }) => (written && score.kind === 'account' ? [`samepage://accounts/${score.id}`] : []),
});
