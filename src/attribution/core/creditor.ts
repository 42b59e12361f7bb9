import type { AttributionModel } from '../../definitions/core/attribution.ts';
import { isoFromDay } from '../../kernel/dates.ts';
import { creditOf, type PathwiseModel, type Touch } from './credit.ts';
import type { CreditedRow, Dimension, TouchDimension } from './credited-row.ts';
import { conversionDay, type Deal, type DealTouch, type PathRules, pathOf } from './deal.ts';
import { PathCounts } from './path-counts.ts';
import { groupKey, MILLION, Tally } from './tally.ts';

/** A touch's value of a dimension, but for the period. */
type ValueIn = (dimension: TouchDimension, deal: Deal, touch: DealTouch) => string | null;

/** The month of a day, as in 2026-11. */
const monthOf = (day: number) => isoFromDay(day).slice(0, 7);

/** Credits deals, one after the other, under each of several models. */
export class Creditor {
  readonly #by: readonly Dimension[];
  /** The dimensions of a touch: all but the period, which is the deal's. */
  readonly #ofTouch: readonly TouchDimension[];
  readonly #rules: PathRules;
  readonly #isDirect: (touch: DealTouch) => boolean;
  readonly #valueIn: ValueIn;
  readonly #models: readonly ({ tally: Tally } & ({ model: PathwiseModel } | { counts: PathCounts }))[];

  /** @param asked.isDirect whether a touch came by itself */
  constructor(asked: {
    by: readonly Dimension[];
    models: readonly AttributionModel[];
    rules: PathRules;
    isDirect: (touch: DealTouch) => boolean;
    valueIn: ValueIn;
  }) {
    this.#by = asked.by;
    this.#ofTouch = asked.by.filter((dimension) => dimension !== 'period');
    this.#rules = asked.rules;
    this.#isDirect = asked.isDirect;
    this.#valueIn = asked.valueIn;
    this.#models = asked.models.map((model) => ({
      tally: new Tally(asked.by),
      ...(model.type === 'markov' ? { counts: new PathCounts(model.order) } : { model }),
    }));
  }

  /** Adds a deal. One that was lost counts for the models that look at what led to nothing, and for no others. */
  add(deal: Deal, touches: readonly DealTouch[], isLost: boolean): void {
    const period = this.#by.includes('period') ? monthOf(conversionDay(deal, this.#rules.conversion)) : null;
    const of = { currency: deal.currency, millionths: MILLION, cents: deal.cents ?? 0, period };
    const steps = touches.map((touch) => this.#stepOf(deal, touch));
    const groups = period === null ? steps : steps.map((step) => this.#groupOf(step, period));
    const path = isLost ? undefined : pathOf(deal, touches, this.#deed(steps, touches), this.#rules);
    for (const one of this.#models) {
      if ('counts' in one && touches.length > 0) one.counts.add(steps, isLost ? null : of);
      if (path === undefined) continue;
      if (touches.length === 0) one.tally.leave(of, this.#groupOf('', period));
      else if ('model' in one) one.tally.share(of, groups, creditOf(one.model, path));
    }
  }

  /** What each model credits, in their order. */
  finish(): CreditedRow[][] {
    return this.#models.map((one) => {
      if ('counts' in one) one.counts.shareInto(one.tally, (step, period) => this.#groupOf(step, period));
      return one.tally.rows();
    });
  }

  #stepOf(deal: Deal, touch: DealTouch): string {
    const [only] = this.#ofTouch;
    if (this.#ofTouch.length === 1 && only !== undefined) return this.#valueIn(only, deal, touch) ?? '';
    return groupKey(this.#ofTouch.map((dimension) => this.#valueIn(dimension, deal, touch)));
  }

  #deed(steps: readonly string[], touches: readonly DealTouch[]): Touch[] {
    return touches.map((touch, i) => ({ channel: steps[i] ?? '', at: touch.at, direct: this.#isDirect(touch) }));
  }

  /** The key of a group, of the touch's part of it and the period's. */
  #groupOf(step: string, period: string | null): string {
    if (period === null && this.#by.length === this.#ofTouch.length) return step;
    const values = step.split('\u0000');
    let next = 0;
    return groupKey(
      this.#by.map((dimension) => {
        if (dimension === 'period') return period;
        next += 1;
        return values[next - 1] ?? '';
      }),
    );
  }
}
