import { expect, it } from 'vitest';
import { isOtherName } from '../../../src/records/core/other-name.ts';

it('is another name where no word of it begins a word of theirs', () => {
  const other: [string, string[]][] = [
    ['Wim Wrong', ['Ann Quist']],
    ['Wim Wrong', ['Ann Quist', 'Anna Q.']],
    ['Bill', ['William Smith']],
  ];
  for (const [name, others] of other) expect(isOtherName(name, others), name).toBe(true);
  const perhapsSame: [string, string[]][] = [
    ['Ann Quist', ['Ann Smith']],
    ['Quist, Ann', ['ANN QUIST']],
    ['A. Q.', ['Ann Quist']],
    ['Rob', ['Robert Stone']],
    ['Ann Müller', ['Anna Muller-Lüdenscheidt']],
    ['Wim Wrong', ['Ann Quist', 'Wim W.']],
    ['–', ['Ann Quist']],
    ['Wim Wrong', ['?', '']],
    ['Wim Wrong', []],
  ];
  for (const [name, others] of perhapsSame) expect(isOtherName(name, others), name).toBe(false);
});
