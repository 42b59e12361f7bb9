import { describe, expect, it } from 'vitest';
import { readFirstId, readId, readPast } from '../../src/records/core/key-cells.ts';

describe('ids', () => {
  it.each<[unknown, unknown]>([
    [' A1 ', { value: 'A1' }],
    ['a1', { value: 'a1' }],
    [42, { value: '42' }],
    ['', undefined],
    ['x'.repeat(501), { reason: 'is longer than 500 characters' }],
    [{ id: 1 }, { reason: 'is not an id' }],
    ['a\u0000b', { reason: 'holds a NUL byte' }],
    // the two forms of one Salesforce id
    ['001A0000006Vm9u', { value: '001A0000006Vm9uIAC' }],
    ['001A0000006Vm9uIAC', { value: '001A0000006Vm9uIAC' }],
    ['001000000000123', { value: '001000000000123' }],
  ])('%j', (raw, wanted) => expect(readId(raw)).toEqual(wanted));

  it.each<[unknown, unknown]>([
    ['123;456', { value: '123' }],
    ['; 456', { value: '456' }],
    [['7', '8'], { value: '7' }],
    [[], undefined],
    [[{}], { reason: 'is not an id' }],
  ])('the first of %j', (raw, wanted) => expect(readFirstId(raw)).toEqual(wanted));
});

describe('times that are past', () => {
  const latest = Date.parse('2026-03-02T09:00:00Z');
  it.each<[unknown, unknown]>([
    ['2026-03-02T09:00:00Z', { value: latest }],
    ['2026-03-02T09:00:01Z', { reason: 'is more than a day in the future' }],
    ['1850-01-01', { reason: 'is a date that does not exist, or before 1900' }],
    [-1e13, { reason: expect.any(String) }],
    [['2026-03-02'], { reason: 'is not a date' }],
    ['', undefined],
  ])('%j', (raw, wanted) => expect(readPast(raw, latest)).toEqual(wanted));
});
