import { normaliseCompany } from '../../identity/core/normalise-company.ts';
import { normaliseCity } from '../../identity/core/normalise-place.ts';
import { type Candidate, fuse, type Vote } from './fusion.ts';
import type { ProvidedValue } from './provider.ts';

export type Value = ProvidedValue['value'];
export type FieldVote = Vote<Value> & Pick<ProvidedValue, 'role' | 'observedAt'>;
export type FieldCandidate = Candidate<FieldVote>;

/** A value given for a field that does not exist is as rare, beside one for a field that does. */
const GIVEN_IN_VAIN = 0.04;

/** What is known of each field of one record while it is enriched, by the market's numbers. */
export class FieldStates {
  readonly #votes: FieldVote[][];
  readonly #candidates: FieldCandidate[][];
  readonly #families: number;
  readonly #spoke: Uint8Array;
  /** Probability that the best value is right, and that any value heard is. */
  readonly best: Float64Array;
  readonly any: Float64Array;
  /** Probability that the field exists: hits without it speak against it. */
  readonly exists: Float64Array;

  constructor(families: number, exists: Float64Array) {
    const count = exists.length;
    this.#votes = Array.from({ length: count }, () => []);
    this.#candidates = Array.from({ length: count }, () => []);
    this.#families = families;
    this.#spoke = new Uint8Array(count * families);
    this.best = new Float64Array(count);
    this.any = new Float64Array(count);
    this.exists = exists.slice();
  }

  hasSpoken(field: number, family: number): boolean {
    return this.#spoke[field * this.#families + family] === 1;
  }

  candidates(field: number): readonly FieldCandidate[] {
    return this.#candidates[field] ?? [];
  }

  votes(field: number): readonly FieldVote[] {
    return this.#votes[field] ?? [];
  }

  /** @param family number of the voter's family; left out for one that no provider is of, as the CRM. */
  vote(field: number, vote: FieldVote, family?: number): void {
    const votes = this.#votes[field];
    if (votes === undefined) return;
    votes.push(vote);
    if (family !== undefined) this.#spoke[field * this.#families + family] = 1;
    const candidates = fuse(votes);
    this.#candidates[field] = candidates;
    this.best[field] = candidates[0]?.confidence ?? 0;
    this.any[field] = candidates.reduce((sum, { confidence }) => sum + confidence, 0);
  }

  /** A hit did not have the field. */
  lacked(field: number, fill: number, usual: number): void {
    const there = this.exists[field] ?? 0;
    const ifThere = Math.min(0.95, fill / usual);
    const lacks = there * (1 - ifThere);
    this.exists[field] = lacks / (lacks + (1 - there) * (1 - GIVEN_IN_VAIN * ifThere));
  }
}

const company = (text: string) => normaliseCompany(text)?.baseCompact;
const city = (text: string) => normaliseCity(text) ?? undefined;
/** Fields that every source spells in its own way: `Acme, Inc.` and `ACME`, `München` and `Munich`. */
const SPELLINGS: Readonly<Record<string, (text: string) => string | undefined>> = {
  'account.name': company,
  'person.company': company,
  'account.city': city,
  'person.city': city,
};

/** Equal for values of a field that are the same but for spelling: case, accents, width and spaces, and a company's legal form. */
export function valueKey(field: string, value: Value): string {
  if (typeof value === 'string') return SPELLINGS[field]?.(value) ?? plain(value);
  return typeof value === 'object' ? [...value].map(plain).sort().join('\u0000') : String(value);
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim();
}
