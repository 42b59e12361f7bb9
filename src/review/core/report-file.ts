import { count } from '../../kernel/markdown.ts';
import type { ReadColumn } from './file-column.ts';
import type { FileTable } from './file-table.ts';
import { figuresTable, list, literal, outside, quoted, section } from './markdown.ts';
import { listed, whole } from './report-format.ts';

/** What a report says of the file that it is of. */
export interface FileRead {
  name: string;
  /** Rows of the file, with an outcome or without. */
  rows: number;
  columns: ReadColumn[];
  outcome: { column: string } & FileTable['outcomes'];
  /** What the reader should know, a sentence each. */
  notes: string[];
}

const KINDS: Readonly<Record<ReadColumn['as'], string>> = {
  number: 'numbers',
  level: 'levels',
  id: 'the id',
  outcome: 'the outcome',
  time: 'the time of the outcome',
  opened: 'the day of opening',
  score: 'the score in force',
  left_out: 'left out',
};
const MOST_VALUES = 12;

/** The part of the report that says what was read, and as what. */
export function fileSection({ name, rows, columns, outcome, notes }: FileRead): string {
  const { lost, open, empty } = outcome;
  return section(
    'What was read',
    `${outside(name)}: ${count(rows, 'row')}. By ${quoted(outcome.column)}, ${listed(outcome.won.map(quoted))} is won${lost.length === 0 ? ', and nothing is lost' : `; lost is ${values(lost)}`}.`,
    open.length > 0 && `Neither, and left out: ${values(open)}. If deals of these were lost, name them with --lost.`,
    empty > 0 && `${count(empty, 'row')} without an outcome, left out.`,
    list(notes.map(literal)),
    figuresTable(
      ['column', 'read as', 'note'],
      columns.map((one) => [outside(one.name), KINDS[one.as], literal(one.note)]),
      ['column', 'read as', 'note'],
    ),
    'Empty cells, “NA”, “?”, a dash and their like are missing, which is a group of its own. “Unknown” and “none” are levels where a column holds words, missing where it holds numbers or dates.',
  );
}

function values(given: readonly { value: string; n: number }[]): string {
  const shown = given.slice(0, MOST_VALUES).map(({ value, n }) => `${quoted(value)} (${whole(n)})`);
  return `${listed(shown)}${given.length > MOST_VALUES ? ` and ${whole(given.length - MOST_VALUES)} more values` : ''}`;
}
