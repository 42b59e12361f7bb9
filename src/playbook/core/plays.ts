import type { Playbook } from '../../definitions/core/playbook.ts';
import { fieldsOf, type PredicateDocument, readPredicate } from '../../definitions/core/predicate.ts';
import { type Labels, predicateSentence } from '../../definitions/core/sentence.ts';
import { numberText, orList } from '../../definitions/core/words.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';

export type Play = NonNullable<Playbook['plays']>[number];
export const PLAYED_ON = ['account', 'person', 'opportunity'] as const;
export type PlayedOn = (typeof PLAYED_ON)[number];

/** What is so of a record, as far as plays ask: true, false, or null for unknown. */
export type Truth = boolean | null;

export interface Standing {
  tier: string | null;
  heat: string | null;
  score: number | null;
  /** Of the conditions that were asked, by `conditionKey`. */
  truths: ReadonlyMap<string, Truth>;
}

export interface Judged {
  play: Play;
  /** The conditions that hold, and those that do not, each as a sentence. */
  met: string[];
  missing: { condition: string; isUnknown: boolean }[];
}

/** A play whose conditions are at hand with their keys and sentences. */
export interface ReadyPlay {
  play: Play;
  conditions: readonly { key: string; sentence: string }[];
}

/** The conditions of a play that a record's fields and events decide: the parts of `all`, or the one that there is. */
export function conditionsOf({ when }: Pick<Play, 'when'>): PredicateDocument[] {
  return when.all === undefined ? [when] : when.all.flatMap((part) => conditionsOf({ when: part }));
}

/** The same condition in two plays is asked once. */
export function conditionKey(condition: PredicateDocument): string {
  return canonicalJson(condition);
}

export function readyPlay(play: Play, labels: Labels): ReadyPlay {
  return { play, conditions: conditionsOf(play).map((one) => ({ key: conditionKey(one), sentence: predicateSentence(one, labels) })) };
}

/** Whether a play is for a kind of record: a person's or opportunity's fields are of such records alone. */
export function isFor(play: Pick<Play, 'when'>, kind: PlayedOn): boolean {
  return [...entitiesOf(play)].every((entity) => entity === kind || entity === 'account');
}

/** The kind of record that a play is about first; undefined where no record has all the fields that it reads. */
export function aboutKind(play: Pick<Play, 'when'>): PlayedOn | undefined {
  return PLAYED_ON.find((kind) => isFor(play, kind));
}

function entitiesOf({ when }: Pick<Play, 'when'>): Set<string> {
  return new Set(fieldsOf(readPredicate(when)).map((field) => field.slice(0, field.indexOf('.'))));
}

/** A play held against what is so: all its conditions, with tier, heat and score. */
export function judge({ play, conditions }: ReadyPlay, { tier, heat, score, truths }: Standing): Judged {
  const asked: [string, Truth][] = conditions.map(({ key, sentence }) => [sentence, truths.get(key) ?? null]);
  const among = (value: string | null, wanted: readonly string[] | undefined, name: string): [string, Truth][] =>
    wanted === undefined ? [] : [[`${name} is ${orList(wanted)}`, value === null ? null : wanted.includes(value)]];
  const all = [...asked, ...among(tier, play.tiers, 'tier'), ...among(heat, play.heat, 'heat'), ...scored(play, score)];
  return {
    play,
    met: all.filter(([, truth]) => truth === true).map(([condition]) => condition),
    missing: all.filter(([, truth]) => truth !== true).map(([condition, truth]) => ({ condition, isUnknown: truth === null })),
  };
}

function scored({ score: wanted }: Play, score: number | null): [string, Truth][] {
  if (wanted === undefined) return [];
  const { min, max } = wanted;
  const text =
    max === undefined
      ? `score is ${numberText(min ?? 0)} or more`
      : `score is ${min === undefined ? `at most ${numberText(max)}` : `between ${numberText(min)} and ${numberText(max)}`}`;
  return [[text, score === null ? null : score >= (min ?? 0) && score <= (max ?? score)]];
}
