import { isDeeperThan } from '../../kernel/json.ts';

/** One line of JSONL: an object, a blank line, or what is wrong with it. */
export interface ScannedLine {
  line: number;
  /** The line as it came, without blanks around it. */
  text: string;
  value?: Readonly<Record<string, unknown>>;
  problem?: string;
}

/** A line longer than this is refused. */
export const LONGEST_LINE = 8 * 1_048_576;
/** One whose arrays and objects lie deeper within each other as well. */
const DEEPEST = 64;

/** Cuts text into lines, whole or in pieces, and reads each as a JSON object. */
export class JsonlScanner {
  #rest = '';
  #line = 1;
  #skipping = false;

  push(text: string): ScannedLine[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    const read = lines.flatMap((line) => this.#read(line));
    if (this.#rest.length > LONGEST_LINE && !this.#skipping) {
      read.push({ line: this.#line, text: this.#rest.slice(0, 100), problem: tooLong });
      this.#skipping = true;
    }
    if (this.#skipping) this.#rest = '';
    return read;
  }

  end(): ScannedLine[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' && !this.#skipping ? [] : this.#read(rest);
  }

  #read(raw: string): ScannedLine[] {
    const line = this.#line;
    this.#line += 1;
    if (this.#skipping) {
      this.#skipping = false;
      return [];
    }
    if (raw.length > LONGEST_LINE) return [{ line, text: raw.slice(0, 100), problem: tooLong }];
    const text = raw.trim();
    if (text === '') return [{ line, text }];
    try {
      const value: unknown = JSON.parse(text);
      // what is read of it, and PostgreSQL, go as deep as the stack allows
      if (isDeeperThan(value, DEEPEST)) return [{ line, text: text.slice(0, 100), problem: tooDeep }];
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return [{ line, text, value: value as Record<string, unknown> }];
      return [{ line, text, problem: 'is JSON, but not an object' }];
    } catch {
      return [{ line, text, problem: 'is not JSON' }];
    }
  }
}

const tooLong = `is longer than ${LONGEST_LINE.toLocaleString('en-US')} characters`;
const tooDeep = `is nested more than ${DEEPEST} levels deep`;
