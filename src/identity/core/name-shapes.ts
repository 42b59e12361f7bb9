import { nicknameGroup } from './nicknames.ts';
import type { Texts } from './texts.ts';

const [SMALL_A, SMALL_Z] = [0x61, 0x7a] as const;
/** Longer names are compared by their first characters alone. */
const LONGEST = 64;

/**
 * What shows of names at a glance: which letters are in them, and how many. It tells of most pairs that they are different names, without
 * a look at their texts.
 */
export class NameShapes {
  /** By code, the letters of a single word of small Latin letters; 0 for other names, of which nothing shows. */
  readonly #letters: Uint32Array;
  /** 1 for an initial, 0 for other names of which nothing shows. */
  readonly #lengths: Uint8Array;
  readonly #firsts: Uint8Array;
  readonly #hasNicknames: Uint8Array;

  constructor(values: Texts) {
    this.#letters = new Uint32Array(values.length);
    this.#lengths = new Uint8Array(values.length);
    this.#firsts = new Uint8Array(values.length);
    this.#hasNicknames = new Uint8Array(values.length);
    for (let code = 0; code < values.length; code += 1) this.#look(values.at(code) as string, code);
  }

  #look(name: string, code: number): void {
    if (name.length === 1) this.#lengths[code] = 1;
    if (name.length < 2 || name.length > LONGEST) return;
    let letters = 0;
    for (let i = 0; i < name.length; i += 1) {
      const unit = name.charCodeAt(i);
      if (unit < SMALL_A || unit > SMALL_Z) return;
      letters |= 1 << (unit - SMALL_A);
    }
    this.#letters[code] = letters;
    this.#lengths[code] = name.length;
    this.#firsts[code] = name.charCodeAt(0);
    this.#hasNicknames[code] = nicknameGroup(name).length > 0 ? 1 : 0;
  }

  isInitial(code: number): boolean {
    return this.#lengths[code] === 1;
  }

  /** False for two names, not the same, that `compareGiven` and `compareFamily` are sure to find different. */
  mayBeAlike(a: number, b: number): boolean {
    const [left, right] = [this.#letters[a] as number, this.#letters[b] as number];
    if (left === 0 || right === 0) return true;
    if (this.#hasNicknames[a] === 1 && this.#hasNicknames[b] === 1) return true;
    const [onlyLeft, onlyRight] = [bitsIn(left & ~right), bitsIn(right & ~left)];
    // one may be the start of the other
    if (onlyLeft === 0 || onlyRight === 0) return true;
    const [n, m] = [this.#lengths[a] as number, this.#lengths[b] as number];
    const least = Math.min(n, m);
    const edits = Math.max(onlyLeft, onlyRight, n > m ? n - m : m - n);
    if (edits <= (least >= 7 ? 3 : least >= 5 || Math.max(n, m) >= 7 ? 2 : 1)) return true;
    const shared = Math.min(n - onlyLeft, m - onlyRight);
    const jaro = (shared / n + shared / m + 1) / 3;
    return (this.#firsts[a] === this.#firsts[b] ? jaro + 0.4 * (1 - jaro) : jaro) >= 0.88;
  }
}

function bitsIn(set: number): number {
  let bits = set - ((set >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
