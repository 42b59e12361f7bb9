import { shown } from '../../kernel/errors.ts';
import { bullets, paragraphs } from '../../kernel/markdown.ts';
import { NO_FIGURE } from './report-format.ts';

/** Text from outside as Markdown that says just that: one line of at most 80 characters, nothing of which is more than its letters. */
export function outside(text: string): string {
  return literal(shown(text)) || '(blank)';
}

/** Text as Markdown that says just that, on one line: nothing in it is a mark, a tag, a link or the end of a cell. */
export function literal(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .replace(/[\\`*[\]|~$]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\b(www)\./gi, '$1\\.')
    .replace(/@/g, '&#64;');
}

/** Text from outside within a sentence of ours. */
export function quoted(text: string): string {
  return `“${outside(text)}”`;
}

/** A table whose cells are Markdown already; empty without rows. `left` names the columns of words; figures stand to the right. */
export function figuresTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly string[] = [head[0] ?? ''],
): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => (cell === '' ? NO_FIGURE : cell)).join(' | ')} |`;
  return [line(head), `|${head.map((name) => (left.includes(name) ? '---' : '---:')).join('|')}|`, ...rows.map(line)].join('\n');
}

/** A list; nothing when nothing is in it. */
export const list = (items: readonly string[]) => (items.length === 0 ? '' : bullets(items));

/** A part under its heading; nothing when nothing is in it. */
export function section(heading: string, ...given: readonly (string | false | undefined)[]): string {
  const body = paragraphs(...given);
  return body === '' ? '' : `## ${heading}\n\n${body}`;
}

/** A picture in a file beside the document. `describes` is read where it cannot be seen. */
export function picture(describes: string, file: string): string {
  return `![${describes.replace(/[[\]\\]/g, '\\$&')}](<${file.replace(/[<>\\\r\n]/g, (mark) => encodeURIComponent(mark))}>)`;
}
