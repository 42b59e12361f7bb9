import { expect, it } from 'vitest';
import { dueDocumentData } from '../../../src/review/core/due-document.ts';

it('what is due has keys of one form, whatever it is made of', () => {
  const meeting = { id: 'm', label: 'M', owner: 'sales' as const, next: '2026-03-10', reportBy: null, lastHeld: null, overdueSince: null };
  const document = { kind: 'weekly' as const, period: '2026-W10', frozen: null, freezable_from: '2026-03-09' };
  const keys = (value: object): string[] => Object.entries(value).flatMap(([key, of]) => [key, ...(of instanceof Object ? keys(of) : [])]);
  for (const due of [dueDocumentData({ ...document, meeting }), dueDocumentData({ ...document, meeting: null })])
    expect(keys(due).filter((key) => !/^[a-z_]+$/.test(key))).toEqual([]);
});
