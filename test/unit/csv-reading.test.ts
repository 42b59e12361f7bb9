import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvScanner, LONGEST_RECORD, type ScannedRecord } from '../../src/records/core/csv-scanner.ts';
import { detectEncoding, detectFormat } from '../../src/records/core/file-format.ts';
import { columnNames } from '../../src/records/core/header.ts';
import { JsonlScanner } from '../../src/records/core/jsonl-scanner.ts';

/** Reads a text cut at the given places. */
function scan(text: string, delimiter = ',', newline: '\n' | '\r' = '\n', cuts: readonly number[] = []): ScannedRecord[] {
  const scanner = new CsvScanner(delimiter, newline);
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  const records: ScannedRecord[] = [];
  let from = 0;
  for (const to of [...at, text.length]) {
    records.push(...scanner.push(text.slice(from, to)));
    from = to;
  }
  return [...records, ...scanner.end()];
}

const cellsOf = (records: readonly ScannedRecord[]) => records.map((record) => ('cells' in record ? record.cells : record.problem));

describe('cells that line up', () => {
  it('are parted by any number of blanks, and may be quoted', () => {
    const text = '   1  6   A "x y" \r\n\n 12 ""  B   C\n';
    const wanted = [['1', '6', 'A', 'x y'], [], ['12', '', 'B', 'C']];
    for (let at = 0; at < text.length; at += 1) expect(cellsOf(scan(text, ' ', '\n', [at]))).toEqual(wanted);
  });
});

describe('the CSV scanner', () => {
  it.each<[why: string, text: string, wanted: unknown, lines: number[]]>([
    [
      'plain rows',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
      [1, 2],
    ],
    [
      'no line end at the end',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
      [1, 2],
    ],
    [
      'CRLF',
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
      [1, 2],
    ],
    [
      'CRLF and LF',
      'a,b\r\n1,2\n3,4\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
      ],
      [1, 2, 3],
    ],
    [
      'line ends in quotes',
      'a,b\n1,"x\ny"\n3,4\n',
      [
        ['a', 'b'],
        ['1', 'x\ny'],
        ['3', '4'],
      ],
      [1, 2, 4],
    ],
    [
      'CRLF in quotes',
      'a,b\r\n1,"x\r\ny"\r\n3,4\r\n',
      [
        ['a', 'b'],
        ['1', 'x\r\ny'],
        ['3', '4'],
      ],
      [1, 2, 4],
    ],
    ['quotes in quotes', '"a ""b""",c\n', [['a "b"', 'c']], [1]],
    ['an empty quoted cell', '"",""\n', [['', '']], [1]],
    ['delimiters in quotes', '"a,b",c\n', [['a,b', 'c']], [1]],
    ['blanks around quotes', 'a, "b" ,c\n', [['a', 'b', 'c']], [1]],
    ['a quote within a cell', '5" pipe,b\n', [['5" pipe', 'b']], [1]],
    ['blank lines', 'a\n\nb\n', [['a'], [''], ['b']], [1, 2, 3]],
    ['empty cells', ',,\n', [['', '', '']], [1]],
  ])('reads %s', (_, text, wanted, lines) => {
    const records = scan(text);
    expect(cellsOf(records)).toEqual(wanted);
    expect(records.map((record) => record.line)).toEqual(lines);
  });

  it('reads lines that end in CR alone', () => {
    expect(cellsOf(scan('a,b\r1,"x\ry"\r3,4\r', ',', '\r'))).toEqual([
      ['a', 'b'],
      ['1', 'x\ry'],
      ['3', '4'],
    ]);
  });

  it('reports a quote that is never closed where it opened, and goes on at the next line', () => {
    const records = scan('a,b\n1,"x\n3,4\n5,6\n');
    expect(cellsOf(records)).toEqual([['a', 'b'], 'opens a quote that is never closed', ['3', '4'], ['5', '6']]);
    expect(records.map((record) => record.line)).toEqual([1, 2, 3, 4]);
  });

  it('reports text after a closing quote, and goes on at the next line', () => {
    const records = scan('a,b\n"x"y,2\n3,4\n');
    expect(records[1]).toMatchObject({ line: 2, lines: 1, problem: expect.stringContaining('after a closing quote') });
    expect(cellsOf(records).at(-1)).toEqual(['3', '4']);
  });

  it.each([
    ['in quotes', `"${'x'.repeat(LONGEST_RECORD + 10)}"`],
    ['bare', 'x'.repeat(LONGEST_RECORD + 10)],
  ])('refuses a huge cell %s without keeping it, and reads the rest', (_, cell) => {
    for (const cuts of [[], [100, 500_000, 900_000, LONGEST_RECORD + 5]]) {
      const records = scan(`a,b\n${cell},1\n2,3\n`, ',', '\n', cuts);
      expect(records.map((record) => record.line)).toEqual([1, 2, 3]);
      expect('problem' in (records[1] ?? {})).toBe(true);
      expect(cellsOf(records)[2]).toEqual(['2', '3']);
    }
  });

  const cell = fc.string({ unit: fc.constantFrom('a', 'b', ' x', ',', ';', '"', '\n', '\r\n', 'é', '😀'), maxLength: 8 });
  const grid = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom(',', ';', '\t', '|'), fc.constantFrom('\n', '\r\n'))
    .chain(([width, delimiter, end]) =>
      fc.record({
        rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
        delimiter: fc.constant(delimiter),
        end: fc.constant(end),
        closed: fc.boolean(),
        cuts: fc.array(fc.nat(), { maxLength: 8 }),
      }),
    );
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lineCount = (text: string) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

  it('reads any table as it was written, wherever it is cut, and counts every line once', () => {
    fc.assert(
      fc.property(grid, ({ rows, delimiter, end, closed, cuts }) => {
        const text = rows.map((row) => row.map(quoted).join(delimiter)).join(end) + (closed ? end : '');
        const records = scan(text, delimiter, '\n', cuts);
        expect(cellsOf(records)).toEqual(rows);
        expect(records.reduce((sum, record) => sum + record.lines, 0)).toBe(lineCount(text));
        expect(cellsOf(records)).toEqual(parse(text, { delimiter, record_delimiter: ['\r\n', '\n'] }));
      }),
      { seed: 3, numRuns: 1500 },
    );
  });

  it('counts every line once whatever the text, and cuts do not matter', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '"', '\n', '\r\n', ' '), maxLength: 120 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 6 }), (csv, cuts) => {
        const whole = scan(csv);
        expect(whole.reduce((sum, record) => sum + record.lines, 0)).toBe(csv === '' ? 0 : lineCount(csv));
        let line = 1;
        for (const record of whole) {
          expect(record.line).toBe(line);
          line += record.lines;
        }
        expect(scan(csv, ',', '\n', cuts)).toEqual(whole);
      }),
      { seed: 5, numRuns: 5000 },
    );
  });
});

describe('the JSONL scanner', () => {
  it('reads objects, blank lines and what is neither, wherever it is cut', () => {
    const text = '{"a":1}\n\n[1]\n{"a":\n{"__proto__":{"x":1}}\r\n"é"';
    const wanted = [
      [1, { a: 1 }],
      [2, undefined],
      [3, 'is JSON, but not an object'],
      [4, 'is not JSON'],
      [5, JSON.parse('{"__proto__":{"x":1}}')],
      [6, 'is JSON, but not an object'],
    ];
    for (let cut = 0; cut <= text.length; cut += 1) {
      const scanner = new JsonlScanner();
      const lines = [...scanner.push(text.slice(0, cut)), ...scanner.push(text.slice(cut)), ...scanner.end()];
      expect(lines.map((line) => [line.line, line.value ?? line.problem])).toEqual(wanted);
    }
  });

  it('refuses a line that is nested too deep, and goes on after it', () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}\n`;
    const lines = new JsonlScanner().push(`${nested(200_000)}${nested(63)}${'{"a":'.repeat(65)}1${'}'.repeat(65)}\n{"b":1}\n`);
    expect(lines.map(({ problem, value }) => problem ?? Object.keys(value ?? {}))).toEqual([
      'is nested more than 64 levels deep',
      ['a'],
      'is nested more than 64 levels deep',
      ['b'],
    ]);
    expect(lines[0]?.text).toHaveLength(100);
  });
});

describe('what a file is', () => {
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

  it.each<[string, Uint8Array, string]>([
    ['UTF-8', bytes('a,b\n'), 'utf-8'],
    ['UTF-8 with a mark', bytes([0xef, 0xbb, 0xbf], 'a,b'), 'utf-8'],
    ['UTF-16 with a mark', Buffer.from('\ufeffa,b\n', 'utf16le'), 'utf-16le'],
    ['UTF-16 without one', Buffer.from('name,domain\n', 'utf16le'), 'utf-16le'],
    ['big-endian UTF-16', Buffer.from('name,domain\n', 'utf16le').swap16(), 'utf-16be'],
    ['UTF-8 with one NUL', bytes(`${'a,b\n'.repeat(50)}\u0000`), 'utf-8'],
  ])('is %s', (_, head, encoding) => expect(detectEncoding(head)).toBe(encoding));

  it.each<[string, Uint8Array, RegExp]>([
    ['a spreadsheet', bytes([0x50, 0x4b, 3, 4]), /\.xlsx/],
    ['an old spreadsheet', bytes([0xd0, 0xcf, 0x11, 0xe0]), /\.xls/],
    ['gzip', bytes([0x1f, 0x8b, 8]), /gzip/],
    ['a PDF', bytes('%PDF-1.7'), /PDF/],
    ['binary', bytes([0, 1, 0, 2, 0, 0, 3, 0, 0, 0, 4, 9]), /binary/],
  ])('is not %s', (_, head, message) => expect(() => detectEncoding(head)).toThrow(message));

  it.each<[string, string, object]>([
    ['commas', 'a,b,c\n1,2,3\n', { delimiter: ',' }],
    ['semicolons', 'a;b, c;d\n1;2,5;3\n', { delimiter: ';' }],
    ['tabs', 'a\tb\n1\t2, 3\n', { delimiter: '\t' }],
    ['bars', 'a|b\n1|2\n', { delimiter: '|' }],
    ['one column', 'domain\nacme.com\n', { delimiter: ',' }],
    ['delimiters in quotes', '"a;b;c",d\n"1;2;3",4\n', { delimiter: ',' }],
    ['the hint of Excel', 'sep=;\na;b\n', { delimiter: ';', preamble: true }],
    ['CR alone', 'a,b\r1,2\r', { newline: '\r' }],
    ['CRLF', 'a,b\r\n1,2\r\n', { newline: '\n' }],
    ['JSONL', '\n {"a":1}\n', { form: 'jsonl' }],
    ['one column of several words', 'company\nAcme Inc\nGlobex Corp\n', { delimiter: ',' }],
  ])('has %s', (_, head, wanted) => expect(detectFormat(head, '.csv')).toMatchObject(wanted));

  it.each([
    ['blanks', 'A11 6 1.5\nA12  48  2\n', ' '],
    ['commas after which blanks come', '39, State-gov, <=50K\n50, Private, >50K\n', ','],
    ['bars, of which one more shows than of commas', 'a,b|c|d\n1,2|3|4\n', '|'],
  ])('has %s where three cells are known of', (_, head, delimiter) => expect(detectFormat(head, '.data', 3)).toMatchObject({ delimiter }));

  it.each([
    ['nothing', ' \n ', /empty/],
    ['a JSON array', '[\n {"a":1}]', /JSON array/],
    ['a web page', '<html><table>', /web page/],
  ])('is not %s', (_, head, message) => expect(() => detectFormat(head, '.csv')).toThrow(message));
});

describe('column names', () => {
  it('are trimmed, and made different from each other', () => {
    expect(columnNames([' Name ', 'Phone', 'Phone', '', 'Phone (2)', '__proto__'])).toEqual([
      'Name',
      'Phone',
      'Phone (2)',
      'column 4',
      'Phone (2) (2)',
      '__proto__',
    ]);
  });
  it('leaves out empty ones at the end', () => expect(columnNames(['a', 'b', '', ' '])).toEqual(['a', 'b']));
  it('takes a thousand', () => expect(columnNames(Array.from({ length: 1000 }, (_, i) => `c${i}`))).toHaveLength(1000));
  it('refuses a NUL byte', () => expect(() => columnNames(['a\u0000'])).toThrow(/column 1/));
  it('refuses more than Excel has', () =>
    expect(() => columnNames(Array.from({ length: 20_000 }, (_, i) => `c${i}`))).toThrow(/20,000 columns/));
});
