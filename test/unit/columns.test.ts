import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns, paragraph, WIDTH } from '../../src/cli/columns.ts';

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

describe('a paragraph', () => {
  it('wraps a bullet under itself', () => {
    const lines = paragraph(`- ${'word '.repeat(40).trim()}`).split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines[0]?.startsWith('- word')).toBe(true);
    expect(lines[1]?.startsWith('  word')).toBe(true);
    expect(lines.every((line) => line.length <= WIDTH)).toBe(true);
  });
});
