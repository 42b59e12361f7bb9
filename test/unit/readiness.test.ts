import { describe, expect, it } from 'vitest';
import { readinessOf } from '../../src/handoff/core/readiness.ts';

const PARTS = ['e-mail is known', 'seniority is vp'];

describe('whether a lead is ready', () => {
  it.each([
    ['all met', [true, true], [], true, []],
    ['one is not met', [true, false], [], false, ['not met: seniority is vp']],
    ['one is not known', [null, true], [], false, ['not known: e-mail is known']],
    ['nothing was found out', [], [], false, ['not known: e-mail is known', 'not known: seniority is vp']],
    [
      'all met, yet disqualified',
      [true, true],
      ['domain is on the list competitors'],
      false,
      ['disqualified: domain is on the list competitors'],
    ],
  ] as const)('%s', (_, met, disqualifiedBy, ready, reasons) => {
    expect(readinessOf(PARTS, met, disqualifiedBy)).toMatchObject({ ready, reasons });
  });

  it('says of each part how it stands', () => {
    expect(readinessOf(PARTS, [null, false], []).requirements).toEqual([
      { requirement: 'e-mail is known', met: 'unknown' },
      { requirement: 'seniority is vp', met: 'no' },
    ]);
  });
});
