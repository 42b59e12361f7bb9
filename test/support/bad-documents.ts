import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { DefinitionKind } from '../../src/definitions/core/definition.ts';
import { validateFiles } from '../../src/definitions/core/validate.ts';
import { edited } from './edit-document.ts';
import { small, smallWorld } from './small-definitions.ts';

/** A place in the small document of a kind, what stands there instead (`undefined`: nothing), and all that is told of it, as `path: message`. */
export type BadDocument = readonly [place: string, value: unknown, ...told: string[]];

/** Each document is refused with just these messages, each at a line of its file; and they are thirty at the least. */
export function refusesDocuments(kind: DefinitionKind, rows: readonly BadDocument[]): void {
  const world = smallWorld();
  const problemsOf = (document: unknown) => validateFiles([{ file: kind, text: stringify(document) }], world).flatMap((r) => r.problems);

  it.each(rows.map(([place, value, ...told]) => ({ place, value, told })))(
    `a ${kind} with $place = $value is refused`,
    ({ place, value, told }) => {
      const problems = problemsOf(edited(small(kind), place, value));
      expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual(told);
      for (const { line, column } of problems) expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
    },
  );

  it(`the small ${kind} is good, and there are thirty bad ones`, () => {
    expect(problemsOf(small(kind))).toEqual([]);
    expect(rows.length).toBeGreaterThanOrEqual(30);
    expect(new Set(rows.map(([place, value]) => JSON.stringify([place, value]))).size).toBe(rows.length);
  });
}
