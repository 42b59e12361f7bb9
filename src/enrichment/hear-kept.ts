import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { callKey } from './core/ledger.ts';
import type { Market } from './core/market.ts';
import { worstMicros } from './core/provider.ts';
import type { Waterfall } from './core/waterfall.ts';
import { answerAgain, type KeptAnswer, readAnswers } from './provider-values.ts';

/** Answers that were kept, by the provider's number. */
export type Kept = ReadonlyMap<number, KeptAnswer>;

/** What was answered before to the questions that each record's inputs make, and still holds. */
export async function keptAnswers(
  tx: Tx,
  ctx: Context,
  market: Market,
  records: readonly Readonly<Record<string, string>>[],
): Promise<Kept[]> {
  const keys = records.map((inputs) => market.offers.map((offer) => callKey(offer, inputs)));
  const kept = await readAnswers(tx, ctx, [...new Set(keys.flat().filter((key) => key !== undefined))]);
  return keys.map(
    (own) =>
      new Map(
        own.flatMap((key, p): [number, KeptAnswer][] => {
          const answer = kept.get(key ?? '');
          return answer === undefined ? [] : [[p, answer]];
        }),
      ),
  );
}

/** Lets a planner hear them: who has said all there is to say is not asked again. @returns what they would have cost again, in micros */
export function hearKept(waterfall: Waterfall, market: Market, kept: Kept, wanted: readonly string[]): number {
  let saved = 0;
  for (const [p, answer] of kept) {
    const offer = market.offers[p];
    if (offer === undefined) continue;
    const fields = offer.fields.map(({ field }) => field).filter((field) => wanted.includes(field));
    const again = answerAgain(answer, [...answer.fields.keys()]);
    if (again === undefined || fields.length === 0) continue;
    waterfall.hear(
      p,
      fields,
      again,
      fields.every((field) => answer.fields.has(field)),
    );
    saved += offer.billing === 'request' || again.outcome === 'hit' ? worstMicros(offer, fields) : 0;
  }
  return saved;
}
