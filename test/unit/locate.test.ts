import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readYaml } from '../../src/definitions/core/locate.ts';
import { validateFiles } from '../../src/definitions/core/validate.ts';

const TEXT = `# a comment
kind: rubric
tiers: { A: 70, B: 45 }
groups:
  fit:
    cap: 60
criteria:
  - id: industry
    group: fit
    when:
      field: account.industry
      in:
        - software
        - fintech
    points: 20
  - { id: size, group: fit }
`;

describe('the place of a part', () => {
  const { place } = readYaml(TEXT);
  it.each([
    [['kind'], false, 2, 7],
    [['tiers'], false, 3, 1],
    [['tiers', 'B'], false, 3, 20],
    [['tiers', 'B'], true, 3, 17],
    [['groups', 'fit', 'cap'], false, 6, 10],
    [['criteria', 0, 'when', 'in', 1], false, 14, 11],
    [['criteria', 0, 'when'], false, 10, 5],
    [['criteria', 1], false, 16, 5],
    [['criteria', 1, 'group'], false, 16, 24],
    // what is missing is told at what should hold it
    [['criteria', 1, 'points'], false, 16, 5],
    [['criteria', 7], false, 7, 1],
    [['heat'], false, 2, 1],
    [[], false, 2, 1],
  ] as [(string | number)[], boolean, number, number][])('%j (key: %s) is line %d, column %d', (path, atKey, line, column) => {
    expect(place(path, atKey)).toEqual({ line, column });
  });

  it('is the same with CRLF, and with a byte order mark', () => {
    const windows = readYaml(`\uFEFF${TEXT.replaceAll('\n', '\r\n')}`);
    expect(windows.value).toEqual(readYaml(TEXT).value);
    expect(windows.place(['criteria', 0, 'when', 'in', 1])).toEqual({ line: 14, column: 11 });
  });

  it('is found through an alias, and in JSON with tabs', () => {
    const aliased = readYaml('a: &x\n  deep: { er: 1 }\nb: *x\n');
    expect(aliased.place(['b', 'deep', 'er'])).toEqual({ line: 2, column: 15 });
    const json = readYaml('{\n\t"kind": "icp",\n\t"segments": [\n\t\t{ "id": 7 }\n\t]\n}');
    expect(json.value).toEqual({ kind: 'icp', segments: [{ id: 7 }] });
    expect(json.place(['segments', 0, 'id'])).toEqual({ line: 4, column: 11 });
  });
});

describe('a text that cannot be read', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x]',
    ...'bcdefg'.split('').map((k, i) => `${k}: &${k} [${Array(8).fill(`*${'abcdefg'[i]}`).join(', ')}]`),
  ];
  it.each([
    ['a key twice', 'kind: icp\nname: x\nname: y\n', [[3, 1, /written twice/]]],
    ['a tab', 'kind: icp\nreview:\n\tevery_months: 3\n', [[3, 1, /a tab/]]],
    ['two documents', 'kind: icp\n---\nkind: sla\n', [[2, 1, /second document/]]],
    ['an open bracket', 'kind: [icp\n', [[2, 1, /not YAML/]]],
    ['an unknown tag', 'kind: !secret icp\n', [[1, 7, /a tag/]]],
    ['an alias to nothing', 'kind: *nobody\n', [[1, 7, /alias/]]],
    ['a NUL', 'kind: icp\nname: a\u0000b\n', [[2, 8, /NUL/]]],
    ['an anchor that holds itself', 'kind: icp\nsegments: &a [*a]\n', [[2, 15, /holds itself/]]],
    ['ten megabytes', `kind: icp\n${'a: b\n'.repeat(2_000_000)}`, [[1, 1, /longer than/]]],
    ['an alias bomb', bomb.join('\n'), [[1, 1, /repeated aliases/]]],
    ['too much', `kind: icp\n# ${'x'.repeat(1_000_000)}`, [[1, 1, /longer than/]]],
    [
      'several errors',
      'kind: icp\nkind: sla\na: b: c\n',
      [
        [2, 1, /written twice/],
        [3, 4, /not YAML/],
      ],
    ],
  ] as [string, string, [number, number, RegExp][]][])('%s', (_, text, expected) => {
    const { value, problems } = readYaml(text);
    expect(value).toBeUndefined();
    expect(problems.map((p) => [p.line, p.column])).toEqual(expected.map(([line, column]) => [line, column]));
    for (const [i, [, , message]] of expected.entries()) expect(problems[i]?.message).toMatch(message);
  });

  it('brackets without end', () => {
    const { value, problems } = readYaml(`kind: ${'['.repeat(20_000)}`);
    expect(value).toBeUndefined();
    expect(problems[0]?.message).toMatch(/nested too deep/);
    expect(problems.length).toBeLessThan(10);
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      'kind: rubric',
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&a ',
      '*a',
      '!!x',
      '"',
      "'",
      '|',
      '>',
      '#',
      '\t',
      '?',
      '\u0000',
      '\r',
      '---',
      '<<: ',
    );
    const text = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (given) => {
        const [report] = validateFiles([{ file: 'x', text: given }], {});
        expect(report?.problems.length).toBeGreaterThan(0);
        for (const problem of report?.problems ?? []) {
          expect(problem.line).toBeGreaterThanOrEqual(1);
          expect(problem.column).toBeGreaterThanOrEqual(1);
          expect(problem.message).not.toBe('');
        }
      }),
      { seed: 20261122, numRuns: 3000 },
    );
  });
});

describe('files together', () => {
  const taxonomy = `
kind: taxonomy
lifecycle: [{ id: mql, label: MQL }]
lead_sources: [{ id: web, label: Web }]
sources: []
fields: [{ name: account.size, type: integer, label: Size }]
event_types: [{ id: visit, class: engagement, label: Visit }]
rejection_codes: [{ code: FIT-01, reason: too small, owner: sales, action: archive }]
mql: { field: account.size, exists: true }
`;
  const icp = (field: string) => `
kind: icp
segments: [{ id: a, label: A, when: { field: ${field}, exists: true } }]
buying_group: [{ role: champion, when: { field: account.size, exists: true }, required: true, weight: 1 }]
`;
  const check = (...texts: string[]) =>
    validateFiles(
      texts.map((text, i) => ({ file: `f${i}`, text })),
      {},
    );

  it('a taxonomy among them counts for the others', () => {
    expect(check(icp('account.size'), taxonomy).flatMap((r) => r.problems)).toEqual([]);
    expect(check(icp('account.name'), taxonomy).map((r) => r.problems.map((p) => [p.line, p.path]))).toEqual([
      [[3, 'segments[0].when.field']],
      [],
    ]);
  });

  it('nothing is checked against a taxonomy that is broken itself', () => {
    expect(check(icp('account.name'), taxonomy.replace('integer', 'int')).map((r) => r.problems.length > 0)).toEqual([false, true]);
  });

  it('a file that cannot be read is a report of its own', () => {
    const flaw = { path: '(document)', line: 1, column: 1, message: 'there is no such file' };
    expect(validateFiles([{ file: 'x', text: undefined, flaw }], {})).toMatchObject([{ file: 'x', problems: [flaw] }]);
  });
});
