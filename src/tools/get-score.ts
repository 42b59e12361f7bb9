import { getScore, getScoreInput } from '../scoring/get-score.ts';
import { defineTool } from './define-tool.ts';
import { scoreShape, scoreText, shapeScore } from './score-shape.ts';
import { responseFormat } from './shared.ts';

export const getScoreTool = defineTool({
  name: 'get_score',
  title: 'Get a score',
  toolset: 'scoring',
  description: `The score of one account or lead, computed now: tier, every part, caps, what is unknown and could change the tier, and a receipt. Use it for "why this score?" or, with as_of and known_at, for what it was. Not for "is it hot?" (get_account_heat), nor to write (score_record). Example: {"record":"acme.com"}`,
  input: getScoreInput.extend({ response_format: responseFormat }),
  output: scoreShape,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: async (ctx, { response_format, ...input }) => shapeScore(await getScore(ctx, input), response_format === 'detailed'),
  text: (output) => scoreText(output),
});
