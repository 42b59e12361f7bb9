import { describe, expect, test } from 'vitest';
import type { PredicateDocument } from '../../src/definitions/core/predicate.ts';
import type { OracleSubject } from '../support/oracle.ts';
import { account, at, part } from '../support/score-one.ts';

describe('one test of a field', () => {
  const fields = {
    s: 'us',
    n: 10,
    yes: true,
    no: false,
    nil: null,
    list: ['crm', 'erp'],
    empty: [],
    day: '2020-06-15',
    mixed: [1, 'crm'],
    o: {},
  };
  const T = 5;
  const F = 0;
  const U = 'unknown';
  const rows: [PredicateDocument, number | string][] = [
    [{ field: 'account.s', eq: 'us' }, T],
    [{ field: 'account.s', eq: 'US' }, F],
    [{ field: 'account.s', eq: 10 }, U],
    [{ field: 'account.n', eq: '10' }, U],
    [{ field: 'account.n', eq: 10 }, T],
    [{ field: 'account.yes', eq: true }, T],
    [{ field: 'account.no', eq: true }, F],
    [{ field: 'account.no', eq: 'false' }, U],
    [{ field: 'account.nil', eq: 'us' }, U],
    [{ field: 'account.gone', eq: 'us' }, U],
    [{ field: 'account.list', eq: 'crm' }, U],
    [{ field: 'account.s', in: ['de', 'us'] }, T],
    [{ field: 'account.s', in: ['de', 10] }, F],
    [{ field: 'account.s', in: [10, true] }, U],
    [{ field: 'account.n', in: ['10', 11] }, F],
    [{ field: 'account.gone', in: ['us'] }, U],
    [{ field: 'account.s', in_list: 'nobody' }, F],
    [{ field: 'account.n', in_list: 'nobody' }, U],
    [{ field: 'account.n', range: { min: 10 } }, T],
    [{ field: 'account.n', range: { max: 10 } }, T],
    [{ field: 'account.n', range: { min: 10.5 } }, F],
    [{ field: 'account.n', range: { min: 11, max: 12 } }, F],
    [{ field: 'account.s', range: { min: 1 } }, U],
    [{ field: 'account.day', range: { min: '2020-06-15', max: '2020-06-15' } }, T],
    [{ field: 'account.day', range: { min: '2020-06-16' } }, F],
    [{ field: 'account.n', range: { min: '2020-06-16' } }, U],
    [{ field: 'account.s', range: { min: '2020-06-16' } }, T], // 'us' is after any date, byte for byte
    [{ field: 'account.n', exists: true }, T],
    [{ field: 'account.no', exists: true }, T],
    [{ field: 'account.nil', exists: true }, F],
    [{ field: 'account.gone', exists: false }, T],
    [{ field: 'account.empty', exists: false }, F],
    [{ field: 'account.list', has: ['hr', 'erp'] }, T],
    [{ field: 'account.list', has: ['hr'] }, F],
    [{ field: 'account.empty', has: ['hr'] }, F],
    [{ field: 'account.mixed', has: ['crm'] }, T],
    [{ field: 'account.mixed', has: ['1'] }, F],
    [{ field: 'account.s', has: ['us'] }, U],
    [{ field: 'account.o', has: ['us'] }, U],
    [{ field: 'opportunity.stage', exists: true }, F],
    [{ field: 'opportunity.stage', eq: 'won' }, U],
  ];
  test.each(rows)('%j gives %s', (when, expected) => {
    expect(part({ when, points: T }, account({ accountFields: fields }))).toEqual(expected === U ? [0, 1] : [expected, 0]);
  });
});

describe("Kleene's tables", () => {
  const t: PredicateDocument = { field: 'account.t', eq: true };
  const f: PredicateDocument = { field: 'account.f', eq: true };
  const u: PredicateDocument = { field: 'account.u', eq: true };
  const subject = account({ accountFields: { t: true, f: false } });
  const rows: [string, PredicateDocument, [number, number]][] = [
    ['t and t', { all: [t, t] }, [5, 0]],
    ['t and f', { all: [t, f] }, [0, 0]],
    ['t and u', { all: [t, u] }, [2, 1]],
    ['u and f', { all: [u, f] }, [0, 0]],
    ['u and u', { all: [u, u] }, [2, 1]],
    ['f or f', { any: [f, f] }, [0, 0]],
    ['f or u', { any: [f, u] }, [2, 1]],
    ['u or t', { any: [u, t] }, [5, 0]],
    ['not t', { not: t }, [0, 0]],
    ['not f', { not: f }, [5, 0]],
    ['not u', { not: u }, [2, 1]],
    ['not (u and f)', { not: { all: [u, f] } }, [5, 0]],
    ['not (f or u), and t', { all: [{ not: { any: [f, u] } }, t] }, [2, 1]],
  ];
  test.each(rows)('%s', (_name, when, expected) => {
    expect(part({ when, points: 5, missing: 2 }, subject)).toEqual(expected);
  });
});

describe('counts and signals', () => {
  const count = (range: object, window_days = 30) => ({ when: { count: { types: ['visit', 'visit'], window_days }, range }, points: 1 });
  test('a count sees its window and its types alone', () => {
    const events = [at(0), at(29), at(30), at(-1), at(3, 'click')];
    expect(part(count({ min: 2, max: 2 }), account({ events }))).toEqual([1, 0]);
  });
  test('none is a count too, never unknown', () => {
    expect(part(count({ max: 0 }), account())).toEqual([1, 0]);
    expect(part(count({ min: 1 }), account())).toEqual([0, 0]);
  });
  test('a window of one day is today', () => {
    expect(part(count({ min: 1 }, 1), account({ events: [at(1)] }))).toEqual([0, 0]);
    expect(part(count({ min: 1 }, 1), account({ events: [at(0)] }))).toEqual([1, 0]);
  });
  test.each([
    [0, 8],
    [179, 8],
    [180, 0],
    [-1, 0],
  ])('a signal %i days ago earns %i', (age, expected) => {
    const criterion = { signal: { type: 'funding', within_days: 180 }, points: 8 };
    expect(part(criterion, account({ events: [at(age, 'funding')] }))).toEqual([expected, 0]);
  });
  test("a lead's signals are its account's, its counts its own", () => {
    const lead: OracleSubject = { ...account(), kind: 'lead', events: [at(0)], signalEvents: [at(0), at(0), at(5, 'funding')] };
    expect(part({ signal: { type: 'funding', within_days: 7 }, points: 8 }, lead)).toEqual([8, 0]);
    expect(part({ when: { signal: { type: 'funding', within_days: 5 } }, points: 8 }, lead)).toEqual([0, 0]);
    expect(part(count({ min: 2 }), lead)).toEqual([0, 0]);
  });
});
