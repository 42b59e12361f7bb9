import type { Playbook } from '../../definitions/core/playbook.ts';
import { fieldsOf, type PredicateDocument, readPredicate } from '../../definitions/core/predicate.ts';
import { type Labels, predicateSentence } from '../../definitions/core/sentence.ts';
import { orList } from '../../definitions/core/words.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';

export type Play = NonNullable<Playbook['plays']>[number];
export type PlayedOn = 'account' | 'person' | 'opportunity';

/** What is so of a record, as far as plays ask: true, false, or null for unknown. */
export type Truth = boolean | null;

export interface Standing {
  tier: string | null;
  heat: string | null;
  /** Of the conditions that were asked, by `conditionKey`. */
  truths: ReadonlyMap<string, Truth>;
}

export interface Judged {
  play: Play;
  /** The conditions that hold, and those that do not, each as a sentence. */
  met: string[];
  missing: { condition: string; isUnknown: boolean }[];
}

/** The conditions of a play that a record's fields and events decide: the parts of `all`, or the one that there is. */
export function conditionsOf({ when }: Pick<Play, 'when'>): PredicateDocument[] {
  return when.all === undefined ? [when] : when.all.flatMap((part) => conditionsOf({ when: part }));
}

/** The same condition in two plays is asked once. */
export function conditionKey(condition: PredicateDocument): string {
  return canonicalJson(condition);
}

/** Whether a play is for a kind of record: a person's or opportunity's fields are of such records alone. */
export function isFor(play: Play, kind: PlayedOn): boolean {
  const entities = new Set(fieldsOf(readPredicate(play.when)).map((field) => field.split('.')[0]));
  return [...entities].every((entity) => entity === kind || entity === 'account');
}

/** A play held against what is so: all its conditions, with tier and heat. */
export function judge(play: Play, { tier, heat, truths }: Standing, labels: Labels): Judged {
  const conditions: [string, Truth][] = conditionsOf(play).map((one) => [
    predicateSentence(one, labels),
    truths.get(conditionKey(one)) ?? null,
  ]);
  const among = (value: string | null, wanted: readonly string[] | undefined, name: string): [string, Truth][] =>
    wanted === undefined ? [] : [[`${name} is ${orList(wanted)}`, value === null ? null : wanted.includes(value)]];
  const all = [...conditions, ...among(tier, play.tiers, 'tier'), ...among(heat, play.heat, 'heat')];
  return {
    play,
    met: all.filter(([, truth]) => truth === true).map(([condition]) => condition),
    missing: all.filter(([, truth]) => truth !== true).map(([condition, truth]) => ({ condition, isUnknown: truth === null })),
  };
}
