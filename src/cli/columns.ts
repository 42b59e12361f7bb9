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

/**
 * A table of figures beside a name each: to the right, never broken over lines, under heads that are. What is wider than the terminal goes on in a
 * further table below, with the names again.
 */
export function figureColumns(head: readonly string[], rows: readonly (readonly string[])[], most = 30): string {
  const texts = rows.map((cells) => cells.map((cell) => clean(cell)));
  const [, ...labels] = head;
  const first = Math.min(most, Math.max(lengthOf(head[0] ?? ''), ...texts.map(([name = '']) => lengthOf(name))));
  const widths = labels.map((label, i) =>
    Math.max(...label.split(' ').map(lengthOf), ...texts.map((cells) => lengthOf(cells[i + 1] ?? ''))),
  );
  const line = (name: string, cells: readonly string[], of: readonly number[]) =>
    [`${' '.repeat(INDENT)}${padded(cut(name, first), first, false)}`, ...of.map((i, at) => padded(cells[at] ?? '', widths[i] ?? 0, true))]
      .join(' '.repeat(GAP))
      .trimEnd();
  return blocksOf(widths, WIDTH - INDENT - first)
    .map((of) => {
      const heads = of.map((i) => wrapped(labels[i] ?? '', widths[i] ?? 0, 1));
      const height = Math.max(...heads.map(({ length }) => length));
      return [
        ...Array.from({ length: height }, (_, at) =>
          line(
            at === height - 1 ? (head[0] ?? '') : '',
            heads.map((lines) => lines[at - height + lines.length] ?? ''),
            of,
          ),
        ),
        ...texts.map((cells) =>
          line(
            cells[0] ?? '',
            of.map((i) => cells[i + 1] ?? ''),
            of,
          ),
        ),
      ].join('\n');
    })
    .join('\n\n');
}

/** Columns by their places, in as many tables as it takes: at least one column in each. */
function blocksOf(widths: readonly number[], room: number): number[][] {
  const blocks: number[][] = [];
  let left = 0;
  for (const [i, width] of widths.entries()) {
    if (blocks.length === 0 || width + GAP > left) {
      blocks.push([]);
      left = room;
    }
    blocks.at(-1)?.push(i);
    left -= width + GAP;
  }
  return blocks;
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

function wrapped(text: string, width: number, narrowest = NARROWEST): string[] {
  const room = Math.max(narrowest, width);
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
