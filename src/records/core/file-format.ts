import { z } from 'zod';
import { SamepageError } from '../../kernel/errors.ts';

/** The encodings that are read. The first three are recognised; the last must be said. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const SIGNATURES: readonly (readonly [readonly number[], string, string])[] = [
  [
    [0x50, 0x4b, 0x03, 0x04],
    'a spreadsheet (.xlsx) or a zip archive',
    'Save the sheet as "CSV UTF-8", or unpack the archive, and import that.',
  ],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old spreadsheet (.xls)', 'Save the sheet as "CSV UTF-8" and import that.'],
  [[0x1f, 0x8b], 'gzip-compressed', 'Unpack it with gunzip and import the file inside.'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd-compressed', 'Unpack it and import the file inside.'],
  [[0x42, 0x5a, 0x68], 'bzip2-compressed', 'Unpack it and import the file inside.'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF', 'Export the data as CSV from the system that holds it.'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file', 'Convert it to CSV or JSONL first.'],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], 'an SQLite database', 'Export the table as CSV.'],
  [[0x89, 0x50, 0x4e, 0x47], 'an image', 'Export the data as CSV from the system that holds it.'],
  [[0xff, 0xd8, 0xff], 'an image', 'Export the data as CSV from the system that holds it.'],
];

/**
 * The encoding that the first bytes of a file show.
 * @throws SamepageError `file_rejected` when they are those of something that is no text.
 */
export function detectEncoding(head: Uint8Array): Encoding {
  for (const [bytes, what, next] of SIGNATURES) {
    if (bytes.every((byte, i) => head[i] === byte))
      throw new SamepageError('file_rejected', `The file is ${what}, not CSV or JSONL.`, next);
  }
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const sample = head.subarray(0, 2000);
  let even = 0;
  let odd = 0;
  for (const [i, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (i % 2 === 0) even += 1;
    else odd += 1;
  }
  const half = sample.length / 2;
  if (odd > half * 0.4 && even < half * 0.05) return 'utf-16le';
  if (even > half * 0.4 && odd < half * 0.05) return 'utf-16be';
  if (even + odd > sample.length * 0.1) {
    throw new SamepageError(
      'file_rejected',
      'The file is binary, not CSV or JSONL.',
      'Export the data as CSV from the system that holds it.',
    );
  }
  return 'utf-8';
}

export type FileFormat =
  | { readonly form: 'csv'; readonly delimiter: string; readonly newline: '\n' | '\r'; readonly preamble: boolean }
  | { readonly form: 'jsonl' };

const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * CSV with which delimiter, or JSONL, from a file's first text. `preamble`: the first line is Excel's `sep=` hint.
 * @throws SamepageError `file_rejected` when it is neither.
 */
export function detectFormat(head: string, ext: string, names?: number): FileFormat {
  const start = head.trimStart();
  if (start === '') throw new SamepageError('file_rejected', 'The file is empty.', 'Export it again, with its header line.');
  if (start.startsWith('{')) return { form: 'jsonl' };
  if (start.startsWith('[') && (ext === '.json' || ext === '.jsonl' || ext === '.ndjson' || /^\[\s*[{\]]/.test(start))) {
    throw new SamepageError(
      'file_rejected',
      'The file is one JSON array; JSONL has one object a line.',
      "Turn it into JSONL, as `jq -c '.[]' in.json > out.jsonl` does.",
    );
  }
  if (/^<(?:!doctype|html|table|\?xml|head|meta)/i.test(start)) {
    throw new SamepageError(
      'file_rejected',
      'The file is a web page or XML, not CSV.',
      'Export as CSV: "Export Details" as .csv in a Salesforce report.',
    );
  }
  const firstEnd = /\r\n|\n|\r/.exec(head)?.[0];
  const newline = firstEnd === '\r' ? '\r' : '\n';
  const hint = /^sep=(.)\s*$/i.exec(head.split(newline, 1)[0] ?? '');
  if (hint?.[1] !== undefined) return { form: 'csv', delimiter: hint[1], newline, preamble: true };
  return { form: 'csv', delimiter: detectDelimiter(start, newline, names), newline, preamble: false };
}

/**
 * The delimiter by which most of the first lines have as many cells as the header; quoted parts do not count. Blanks are one only where the number of
 * cells is known: names have blanks too.
 */
function detectDelimiter(text: string, newline: string, names: number | undefined): string {
  const lines = text
    .replace(/"(?:[^"]|"")*"/g, 'q')
    .split(newline)
    .slice(0, 30)
    .filter((line) => line.trim() !== '');
  const wanted = names === undefined || names < 2 ? undefined : [...DELIMITERS, ' '].find((one) => haveCells(lines, one, names));
  if (wanted !== undefined) return wanted;
  let best: { delimiter: string; agreeing: number; cells: number } = { delimiter: ',', agreeing: 0, cells: 1 };
  for (const delimiter of DELIMITERS) {
    const counts = lines.map((line) => line.split(delimiter).length);
    const cells = counts[0] ?? 1;
    const agreeing = cells > 1 ? counts.filter((count) => count === cells).length : 0;
    if (agreeing > best.agreeing || (agreeing === best.agreeing && cells > best.cells)) best = { delimiter, agreeing, cells };
  }
  return best.delimiter;
}

/** Whether most lines have so many cells. */
function haveCells(lines: readonly string[], delimiter: string, cells: number): boolean {
  const parts = delimiter === ' ' ? / +/ : delimiter;
  return lines.filter((line) => (delimiter === ' ' ? line.trim() : line).split(parts).length === cells).length * 2 > lines.length;
}

/** What stands between cells, as it is typed on a command line. */
export const delimiterInput = z
  .string()
  .transform((text) => (text === 'tab' || text === '\\t' ? '\t' : text))
  .refine((text) => /^[^"\r\n\p{L}\p{N}]$/u.test(text), 'is one character between cells, as ";" or tab');
