import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ACCOUNT_RULES } from '../../../src/identity/core/account-decision.ts';
import { SHORT_WORDS } from '../../../src/identity/core/company-words.ts';
import { NAME_LEVELS } from '../../../src/identity/core/compare-companies.ts';
import { NICKNAMES } from '../../../src/identity/core/nickname-table.ts';
import { nameToken } from '../../../src/identity/core/normalise-name.ts';
import { CITY_WORDS, SAME_CITY, STREET_WORDS } from '../../../src/identity/core/place-words.ts';
import { isFreeMail } from '../../../src/records/core/free-mail.ts';
import { SAME_MAILBOX } from '../../../src/records/core/mailbox.ts';
import { registrableDomain } from '../../../src/records/core/normalise-address.ts';
import { isRoleAddress } from '../../../src/records/core/role-address.ts';

/** Tables that map a spelling to its standard must be final: what comes out is not mapped again. */
function finalValues(table: ReadonlyMap<string, string>): string[] {
  return [...table]
    .filter(([from, to]) => from !== to && (table.get(to) ?? to) !== to)
    .map(([from, to]) => `${from} → ${to} → ${table.get(to)}`);
}

describe('the tables', () => {
  test.each([
    ['words of company names', SHORT_WORDS],
    ['street words', STREET_WORDS],
    ['words of cities', CITY_WORDS],
    ['cities', SAME_CITY],
    ['mailboxes', SAME_MAILBOX],
  ])('%s are mapped once', (_, table) => {
    expect(finalValues(table)).toEqual([]);
    expect([...table.keys(), ...table.values()].filter((word) => word === '' || word !== word.trim())).toEqual([]);
  });

  test('short names are plain, each row once', () => {
    const rows = NICKNAMES.trim()
      .split(/;\s*/)
      .map((row) => row.split(' '));
    expect(rows.length).toBeGreaterThan(300);
    expect(rows.flat().filter((name) => nameToken(name) !== name)).toEqual([]);
    const heads = rows.map(([head]) => head);
    expect(heads.filter((head, i) => heads.indexOf(head) !== i)).toEqual([]);
  });

  test('free-mail domains are registrable, and no company of the demonstration', () => {
    const table = readFileSync('src/records/core/free-mail.ts', 'utf8').match(/`[^`]+`/g) ?? [];
    const domains = table.flatMap((text) => text.slice(1, -1).trim().split(/\s+/)).filter((word) => word.includes('.'));
    expect(domains.length).toBeGreaterThan(500);
    expect(domains.filter((domain) => registrableDomain(domain) !== domain || !isFreeMail(domain))).toEqual([]);
  });

  test('people are no roles', () => {
    for (const local of ['ada', 'ada.lovelace', 'a.info', 'salesman', 'hrvoje', 'support.smith', 'jobs.steve'])
      expect(isRoleAddress(local), local).toBe(false);
    for (const local of ['info', 'sales', 'no-reply', 'noreply', 'hr', 'info.de', 'sales-uk', 'support2', 'customer.service'])
      expect(isRoleAddress(local), local).toBe(true);
  });

  test('the guide names every rule', () => {
    const guide = readFileSync('docs/guide/match-leads.md', 'utf8');
    expect(ACCOUNT_RULES.filter((rule) => !guide.includes(`\`${rule}\``))).toEqual([]);
    expect(new Set(Object.values(NAME_LEVELS)).size).toBe(Object.keys(NAME_LEVELS).length);
  });
});
