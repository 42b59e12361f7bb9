import type { z } from 'zod';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { paragraphs } from '../kernel/markdown.ts';
import { analyzeIcpRefresh, analyzeIcpRefreshInput } from '../review/analyze-icp-refresh.ts';
import { refreshFigures } from '../review/core/refresh-figures.ts';
import { restatementText } from '../review/core/restatement-text.ts';
import { restate } from '../review/restatement.ts';
import { refreshOutput, shapeRefresh } from './analyze-icp-refresh-shape.ts';
import { refreshText } from './analyze-icp-refresh-text.ts';
import { defineTool } from './define-tool.ts';
import { restatementOut, shapeRestatement } from './restatement-shape.ts';
import { responseFormat } from './shared.ts';

/** What is published is asked for with nothing said. */
const usual = analyzeIcpRefreshInput.parse({});

const output = refreshOutput.safeExtend({ frozen: restatementOut });

export const analyzeIcpRefreshTool = defineTool({
  name: 'analyze_icp_refresh',
  title: 'Analyse the ICP refresh',
  toolset: 'review',
  description: `What tells won deals from lost ones, by what was known before: evidence by level, a draft of rubric and ICP to hand to propose_definition, backtest, leaks, reversals, what is too thin to judge. Use it for the quarterly refresh. Not to try a draft of your own (simulate_rubric). Nothing is changed. Example: {"period":"2026-Q3"}`,
  input: analyzeIcpRefreshInput.safeExtend({ response_format: responseFormat }),
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, period, ...input }) {
    const refresh = await analyzeIcpRefresh(ctx, { ...input, ...(period !== undefined && { period }) });
    const detailed = response_format === 'detailed';
    // another window or cut-off is another question than the published one
    const isPublished = canonicalJson(input) === canonicalJson(usual);
    const figures = refreshFigures(refresh);
    const frozen = isPublished ? await restate(ctx, { kind: 'quarterly', period: refresh.period.name, figures }) : null;
    return { ...shapeRefresh(refresh, detailed), frozen: shapeRestatement(frozen, detailed) };
  },
  text: ({ frozen, ...refresh }: z.output<typeof output>) => paragraphs(refreshText(refresh), frozen !== null && restatementText(frozen)),
});
