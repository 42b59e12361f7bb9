import { neutralText } from '../server/neutralise.ts';

export type Cell = string | number | null | undefined;

/** Lines of this many characters read well in any terminal. */
export const WIDTH = 100;
const GAP = 2;
const INDENT = 2;
const NARROWEST = 12;

/**
 * A table for a terminal: numbers to the right, the last column wrapped to what is left of the width, the others cut at
 * `most` characters. Nothing that a cell holds can move the cursor.
 */
export function columns(head: readonly string[], rows: readonly (readonly Cell[])[], most = 30): string {
  const texts = [head, ...rows].map((cells) => cells.map((cell) => clean(cell)));
  const last = head.length - 1;
  const widths = head.map((_, i) => Math.min(most, Math.max(...texts.map((cells) => lengthOf(cells[i] ?? '')))));
  const isNumber = head.map((_, i) => rows.length > 0 && rows.every((cells) => typeof (cells[i] ?? 0) === 'number'));
  const before = INDENT + widths.slice(0, last).reduce((sum, width) => sum + width + GAP, 0);
  return texts
    .flatMap((cells) => {
      const fixed = cells
        .slice(0, last)
        .map((text, i) => padded(cut(text, widths[i] ?? 0), widths[i] ?? 0, isNumber[i] ?? false) + ' '.repeat(GAP));
      const end = cells[last] ?? '';
      const lines = isNumber[last] ? [padded(end, widths[last] ?? 0, true)] : wrapped(end, WIDTH - before);
      return lines.map((line, i) => `${' '.repeat(INDENT)}${i === 0 ? fixed.join('') : ' '.repeat(before - INDENT)}${line}`.trimEnd());
    })
    .join('\n');
}

/** Text as paragraphs of lines that fit the width; a line's indent and bullet stay in front of what follows. */
export function paragraph(text: string, indent = 0): string {
  return neutralText(text)
    .split('\n')
    .flatMap((line) => {
      const bullet = /^\s*(?:- )?/.exec(line)?.[0].length ?? 0;
      const room = WIDTH - indent - bullet;
      return wrapped(line.slice(bullet), room).map((piece, i) =>
        `${' '.repeat(indent)}${i === 0 ? line.slice(0, bullet) : ' '.repeat(bullet)}${piece}`.trimEnd(),
      );
    })
    .join('\n');
}

function wrapped(text: string, width: number): string[] {
  const room = Math.max(NARROWEST, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((whole) => pieces(whole, room))) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A word in pieces that fit: most are one. */
function pieces(word: string, room: number): string[] {
  const letters = [...word];
  const count = Math.max(1, Math.ceil(letters.length / room));
  return Array.from({ length: count }, (_, i) => letters.slice(i * room, (i + 1) * room).join(''));
}

function clean(cell: Cell): string {
  if (cell === null || cell === undefined || cell === '') return '–';
  return typeof cell === 'number' ? cell.toLocaleString('en-US') : neutralText(cell).replace(/\s+/g, ' ').trim();
}

const lengthOf = (text: string) => [...text].length;

function cut(text: string, width: number): string {
  return lengthOf(text) > width ? `${[...text].slice(0, width - 1).join('')}…` : text;
}

function padded(text: string, width: number, right: boolean): string {
  const fill = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return right ? fill + text : text + fill;
}
