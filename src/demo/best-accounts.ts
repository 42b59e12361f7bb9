import { searchRecords } from '../accounts/search-records.ts';
import type { Context } from '../kernel/context.ts';
import type { Explanation } from '../scoring/core/explain.ts';
import type { Receipt } from '../scoring/core/receipt.ts';
import { getScore } from '../scoring/get-score.ts';

export interface BestAccount {
  name: string;
  domain: string;
  score: number;
  tier: string;
  heat: string | null;
  explanation: Explanation;
  /** What earned points, most first, as `label points`. */
  reasons: string[];
  receipt: Receipt;
}

export interface Best {
  /** All that are in the tier. */
  total: number;
  shown: BestAccount[];
}

/** The first accounts of a tier by score, each with what earned its points. */
export async function bestAccounts(ctx: Context, tier: 'A' | 'B', limit: number): Promise<Best> {
  const found = await searchRecords(ctx, { kind: 'account', tier, limit });
  const shown: BestAccount[] = [];
  for (const { id, name, domain } of found.records) {
    ctx.signal.throwIfAborted();
    const { result, explanation, receipt, rubric } = await getScore(ctx, { kind: 'account', record: id });
    const labels = new Map(rubric.document.criteria.map((criterion) => [criterion.id, criterion.label ?? criterion.id]));
    const earned = explanation.parts.filter((part) => part.points !== 0).sort((a, b) => b.points - a.points);
    shown.push({
      name: name ?? domain ?? id,
      domain: domain ?? id,
      score: result.score,
      tier: result.tier,
      heat: result.heat,
      explanation,
      reasons: earned.map((part) => `${labels.get(part.criterion) ?? part.criterion} ${part.points}`),
      receipt,
    });
  }
  return { total: found.total, shown };
}
