import { beforeAll, describe, expect, it } from 'vitest';
import type { Taxonomy } from '../../src/definitions/core/taxonomy.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { guessKind, guessMapping } from '../../src/records/core/guess-mapping.ts';
import { resolveMapping } from '../../src/records/core/resolve-mapping.ts';
import { specialsFor } from '../../src/records/core/targets.ts';
import { EXPORTS } from '../support/export-headers.ts';

let taxonomy: Taxonomy;
beforeAll(async () => {
  taxonomy = (await shippedDefinitions()).taxonomy as Taxonomy;
});

describe('guesses', () => {
  it.each(EXPORTS)('know the columns of %s', (_, __, kind, columns) => {
    const guessed = Object.fromEntries(guessMapping(Object.keys(columns), kind, taxonomy).map((m) => [m.column, m.target ?? '-']));
    expect(guessed).toEqual(columns);
  });

  it.each(EXPORTS)('know what %s hold', (_, file, kind, columns) => {
    expect(guessKind(Object.keys(columns), file, taxonomy).map((guess) => guess.kind)).toEqual([kind]);
  });

  it('give a target to one column, and say which', () => {
    const [first, second] = guessMapping(['domain', 'Domain Name'], 'accounts', taxonomy);
    expect(first?.target).toBe('account.domain');
    expect(second).toMatchObject({ target: null, reason: expect.stringContaining('"domain"') });
  });

  it.each<[string, string, string[], string[]]>([
    [
      'tasks, which share many headers with opportunities',
      'sf_task_data.csv',
      [
        'id',
        'owner_id',
        'description',
        'system_modstamp',
        'is_closed',
        'account_id',
        'who_id',
        'created_date',
        'activity_date',
        'status',
        'type',
      ],
      ['events'],
    ],
    ['clicks without a type', 'activity_click_email.csv', ['id', 'activity_date', 'lead_id', 'link', 'device'], []],
    ['opened e-mails', 'email_event_open.csv', ['id', 'duration', 'ip_address', 'location'], []],
    ['visited pages', 'web_events.csv', ['id', 'url', 'location'], []],
    ['the companies of an event', 'event 2026.csv', ['Company', 'Website'], ['accounts']],
    ['ids alone', 'deal_company.csv', ['company_id', 'deal_id', 'category'], []],
    ['ids of accounts and their sizes', 'sizes.csv', ['Account ID', 'Employees'], ['accounts']],
    ['ids and sizes of accounts by name', 'accounts.csv', ['id', 'Employees'], ['accounts']],
    ['web sites alone', 'list.csv', ['Website'], ['accounts']],
    ['opportunities with a type', 'x.csv', ['Id', 'Name', 'Type', 'AccountId', 'CreatedDate', 'StageName', 'Amount'], ['opportunities']],
  ])('know %s, or say nothing', (_, file, columns, kinds) => {
    expect(guessKind(columns, file, taxonomy).map((guess) => guess.kind)).toEqual(kinds);
  });

  it('say nothing of headers that nobody knows, nor of those of objects', () => {
    const columns = ['foo', '__proto__', 'constructor', 'toString', ''];
    expect(guessMapping(columns, 'accounts', taxonomy).map((m) => m.target)).toEqual([null, null, null, null, null]);
    expect(guessKind(columns, 'x.csv', taxonomy)).toEqual([]);
  });
});

describe('a mapping', () => {
  const TWICE = (target: string): [string, string][] => [
    ['Seats', target],
    ['Company', target],
  ];
  const resolve = (given: [string, string][], saved: [string, string][] = [], columns = ['Company', 'Seats', 'Website']) =>
    resolveMapping({ columns, kind: 'accounts', taxonomy, given, saved }).map((m) => [m.column, m.target]);

  it('is as given, else as saved, else as guessed', () => {
    expect(
      resolve(
        [['seats', 'account.employees']],
        [
          ['Website', 'account.website'],
          ['Seats', 'ignore'],
          ['Gone', 'account.city'],
        ],
      ),
    ).toEqual([
      ['Company', 'account.name'],
      ['Seats', 'account.employees'],
      ['Website', 'account.website'],
    ]);
  });

  it('given for one column takes the target from a guess', () => {
    expect(resolve([['Seats', 'account.name']])).toEqual([
      ['Company', null],
      ['Seats', 'account.name'],
      ['Website', 'account.website'],
    ]);
  });

  it.each<[string, [string, string][], RegExp]>([
    ['a column that is not there', [['Seat', 'account.employees']], /mapping\.Seat: .*Seats/],
    ['a field that is not declared', [['Seats', 'account.employes']], /\(found account\.employes\): .*account\.employees/],
    ['a field of another kind', [['Seats', 'person.title']], /\(found person\.title\): .*account\./],
    ['a field without its entity', [['Seats', 'employees']], /\(found employees\): .*account\.employees/],
    ['two columns for the id', TWICE('external_id'), /mapping\.Company \(found external_id\): is what Seats is mapped to as well/],
    ['two columns for the time', TWICE('observed_at'), /mapping\.Company \(found observed_at\): is what Seats is mapped to as well/],
  ])('refuses %s, with the value found and near ones', (_, given, message) => {
    let error: unknown;
    try {
      resolve(given);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(SamepageError);
    expect(error).toMatchObject({ code: 'invalid_input', message: expect.stringMatching(message) });
  });

  it('gives a field, an attribute or nothing to as many columns as are named', () => {
    for (const target of ['account.phone', 'ignore']) expect(resolve(TWICE(target))).toContainEqual(['Company', target]);
    const events = { kind: 'events' as const, taxonomy, saved: [], columns: ['a', 'b', 'c', 'd'] };
    const resolved = (given: [string, string][]) => resolveMapping({ ...events, given }).map((m) => m.target);
    const both: [string, string][] = [
      ['a', 'attribute'],
      ['b', 'attribute'],
    ];
    expect(resolved(both)).toEqual(['attribute', 'attribute', null, null]);
    const once = specialsFor('events').filter((target) => target !== 'attribute' && target !== 'ignore');
    for (const target of once) expect(() => resolved([...both, ['c', target], ['d', target]])).toThrow(/mapping\.d .*mapped to as well/);
  });
});
