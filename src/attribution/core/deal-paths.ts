import { type Attribution, type AttributionModel, MILESTONES } from '../../definitions/core/attribution.ts';
import type { Taxonomy } from '../../definitions/core/taxonomy.ts';
import type { Milestone, Path } from './credit.ts';
import type { Conversion, Dimension, TouchDimension } from './credited-row.ts';
import { Creditor } from './creditor.ts';
import { type Deal, type DealTouch, meaningOf, type PathRules, pathOf, type StageMeaning } from './deal.ts';
import { type Known, NOTHING_KNOWN, type Origin } from './known.ts';
import { TouchWords } from './touch-words.ts';

export interface PathScope {
  attribution: Attribution;
  taxonomy: Taxonomy;
  conversion: Conversion;
  models: readonly AttributionModel[];
  by: readonly Dimension[];
}

/** What the touches of deals are of, and the paths that they make, by the definitions. */
export class DealPaths {
  readonly #scope: PathScope;
  /** By event type. */
  readonly #channels: ReadonlyMap<string, Attribution['channels'][number]>;
  readonly #words: TouchWords;
  readonly #rules: PathRules;
  #known = NOTHING_KNOWN;

  /** @param marked whether all milestones are looked for, also those that no model credits */
  constructor(scope: PathScope, marked: boolean) {
    const { attribution, taxonomy, conversion, models } = scope;
    this.#scope = scope;
    this.#channels = new Map(attribution.channels.flatMap((channel) => channel.types.map((type) => [type, channel])));
    this.#words = new TouchWords(taxonomy);
    const asked = MILESTONES.filter((milestone) => marked || models.some((model) => isAsked(model, milestone)));
    this.#rules = {
      conversion,
      lookbackDays: attribution.lookback_days,
      milestones: asked.map((milestone) => [milestone, meaningOf(milestone, attribution, taxonomy)]),
      reached: (person, stage) => this.#known.reached.get(stage)?.get(person) ?? [],
    };
  }

  /** The event types that are touches. */
  get types(): string[] {
    return [...this.#channels.keys()];
  }

  get lookbackDays(): number {
    return this.#rules.lookbackDays;
  }

  /** The stages of people by which milestones are told. */
  get stages(): Set<StageMeaning> {
    return new Set(
      this.#rules.milestones.flatMap(([, stage]) => (stage === undefined || stage === 'opportunity' || stage === 'won' ? [] : stage)),
    );
  }

  /** From here on deals are read with this. */
  know(known: Known): void {
    this.#known = known;
  }

  creditor(): Creditor {
    const { by, models } = this.#scope;
    return new Creditor({
      by,
      models,
      rules: this.#rules,
      isDirect: (touch) => this.#channels.get(touch.type)?.direct === true,
      valueIn: (dimension, deal, touch) => this.valueIn(dimension, deal, touch),
    });
  }

  /** What led to a deal, channel by channel. */
  path(deal: Deal, touches: readonly DealTouch[]): Path {
    const steps = touches.map(({ at, type }) => {
      const channel = this.#channels.get(type);
      return { channel: channel?.id ?? '', at, direct: channel?.direct === true };
    });
    return pathOf(deal, touches, steps, this.#rules);
  }

  personOf({ person }: DealTouch): Origin | undefined {
    return person === null ? undefined : this.#known.people.get(person);
  }

  /** The source is what the event says, else its person's, else the account's; the campaign the event's, else its person's. */
  valueIn(dimension: TouchDimension, deal: Deal, touch: DealTouch): string | null {
    if (dimension === 'channel') return this.#channels.get(touch.type)?.id ?? null;
    if (dimension === 'campaign') return this.#words.campaign(touch.attributes) ?? this.personOf(touch)?.campaign ?? null;
    const account = deal.accountId === null ? undefined : this.#known.accounts.get(deal.accountId);
    return this.#words.source(touch.type, touch.attributes) ?? this.personOf(touch)?.source ?? account?.source ?? null;
  }
}

function isAsked(model: AttributionModel, milestone: Milestone): boolean {
  return model.type === 'weighted' && (model.weights[milestone] ?? 0) > 0;
}
