import { keywordKey } from '../../definitions/core/keyword.ts';
import type { Taxonomy } from '../../definitions/core/taxonomy.ts';
import { squash } from '../../records/core/targets.ts';

/** Attributes of an event that may name its source or campaign, as headers are compared; the first that does is taken. */
const SOURCE_ATTRIBUTES = ['leadsource', 'source', 'utmmedium', 'utmsource'];
const CAMPAIGN_ATTRIBUTES = ['campaign', 'campaignname', 'utmcampaign'];

type Attributes = Readonly<Record<string, unknown>> | null;

/** Tells what an event itself says of its source, by the taxonomy's lead sources, and of its campaign. */
export class TouchWords {
  /** A word's key → the source it means. */
  readonly #sources = new Map<string, string>();
  readonly #byType = new Map<string, string | null>();

  constructor({ lead_sources, fields, event_types }: Taxonomy) {
    const add = (word: string, source: string) => {
      const key = keywordKey(word);
      if (key !== '' && !this.#sources.has(key)) this.#sources.set(key, source);
    };
    for (const { id } of lead_sources) add(id, id);
    for (const { id, label, aliases = [], from = {} } of lead_sources)
      for (const word of [label, ...aliases, ...Object.values(from).flat()]) if (word !== undefined) add(word, id);
    for (const [value, words] of Object.entries(fields.find(({ name }) => name === 'person.lead_source')?.values ?? {}))
      for (const word of [value, ...words]) add(word, value);
    for (const { id, label } of event_types) {
      this.#byType.set(id, this.#sourceOf(id) ?? this.#sourceOf(label));
    }
  }

  /** By an attribute that is a word of a lead source, else by a type that is one (`webinar`); null where the event does not say. */
  source(type: string, attributes: Attributes): string | null {
    return firstOf(attributes, SOURCE_ATTRIBUTES, (word) => this.#sourceOf(word)) ?? this.#byType.get(type) ?? null;
  }

  campaign(attributes: Attributes): string | null {
    return firstOf(attributes, CAMPAIGN_ATTRIBUTES, (word) => keywordKey(word) || null);
  }

  #sourceOf(word: string): string | null {
    return this.#sources.get(keywordKey(word)) ?? null;
  }
}

function firstOf(attributes: Attributes, names: readonly string[], read: (word: string) => string | null): string | null {
  if (attributes === null) return null;
  let best: string | null = null;
  let rank = names.length;
  // the order of the keys decides nothing: the better name wins, and of one name written twice the word that sorts first
  for (const [key, value] of Object.entries(attributes)) {
    const place = names.indexOf(squash(key));
    if (place < 0 || place > rank || typeof value !== 'string') continue;
    const found = read(value);
    if (found === null || (place === rank && best !== null && found >= best)) continue;
    best = found;
    rank = place;
  }
  return best;
}
