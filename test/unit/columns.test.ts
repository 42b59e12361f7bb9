import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns, figureColumns, paragraph, WIDTH } from '../../src/cli/columns.ts';

describe('a table for the terminal', () => {
  it('lines words up to the left and numbers to the right, and wraps the last column', () => {
    const reasons = 'word '.repeat(30).trim();
    const lines = columns(
      ['name', 'score', 'why'],
      [
        ['Alpha', 7, reasons],
        ['Beta', 1200, null],
      ],
    ).split('\n');
    expect(lines[0]).toBe('  name   score  why');
    expect(lines[1]?.startsWith('  Alpha      7  word word')).toBe(true);
    expect(lines[2]?.startsWith('                word')).toBe(true);
    expect(lines.at(-1)).toBe('  Beta   1,200  –');
  });

  it('stays within the width whatever the last column holds, and lets nothing move the cursor', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 9999 }), fc.string({ unit: 'binary', maxLength: 400 })),
          { minLength: 1 },
        ),
        (rows) => {
          const text = columns(['a', 'b', 'c'], rows);
          expect(text.split('\n').filter((line) => [...line].length > WIDTH)).toEqual([]);
          expect(text).not.toMatch(/[^\n\P{Cc}]/u);
        },
      ),
      { seed: 1 },
    );
  });
});

describe('a table of figures', () => {
  it('has heads over lines and figures to the right', () => {
    expect(
      figureColumns(
        [' ', 'First touch', 'Linear'],
        [
          ['Email', '1,200.00', '7.00'],
          ['Search', '0.50', '12.25'],
        ],
      ),
    ).toBe(['             First', '             touch  Linear', '  Email   1,200.00    7.00', '  Search      0.50   12.25'].join('\n'));
  });

  it('breaks no figure, goes on below where it is wider than the terminal, and has each once', () => {
    const figure = fc.bigInt({ min: 0n, max: 10n ** 24n }).map((n) => `${n.toLocaleString('en-US')}.00`);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.array(figure, { minLength: 9, maxLength: 9 })), { minLength: 1 }),
        (rows) => {
          const head = [' ', ...Array.from({ length: 9 }, (_, i) => `Model number ${i}`)];
          const text = figureColumns(
            head,
            rows.map(([name, figures]) => [name, ...figures]),
          );
          expect(text.split('\n').filter((line) => [...line].length > WIDTH)).toEqual([]);
          expect(text).not.toMatch(/[^\n\P{Cc}]/u);
          const shown = text.split(/\s+/).filter((word) => /^[\d,]+\.00$/.test(word));
          expect(shown.toSorted()).toEqual(expect.arrayContaining(rows.flatMap(([, figures]) => figures)));
        },
      ),
      { seed: 1, numRuns: 50 },
    );
  });
});

describe('a paragraph', () => {
  it('wraps a bullet under itself', () => {
    const lines = paragraph(`- ${'word '.repeat(40).trim()}`).split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines[0]?.startsWith('- word')).toBe(true);
    expect(lines[1]?.startsWith('  word')).toBe(true);
    expect(lines.every((line) => line.length <= WIDTH)).toBe(true);
  });
});
