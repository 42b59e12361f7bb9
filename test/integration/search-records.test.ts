import { beforeAll, expect, test } from 'vitest';
import { type FoundRecord, searchRecords } from '../../src/accounts/search-records.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { ACCOUNTS, makeSmallWorld, PEOPLE } from '../support/small-world.ts';

describeDatabases('search_records', (open) => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = testContext(await open());
    await makeSmallWorld(ctx);
  });

  type Input = Parameters<typeof searchRecords>[1];
  const names = async (input: Input) => (await searchRecords(ctx, input)).records.map((row) => row.name);

  test('without a filter: by score, disqualified after the scored, unscored last', async () => {
    const { records, total, next_cursor, definitions } = await searchRecords(ctx, {});
    expect(records.map((row) => [row.tier, row.score])).toEqual([
      ['A', 52],
      ['B', 31],
      ['C', 0],
      ['disqualified', 55],
      [null, null],
      [null, null],
    ]);
    expect([total, next_cursor]).toEqual([6, null]);
    expect(records[0]).toMatchObject({ id: ACCOUNTS.acme, domain: 'acme.com', heat: 'hot', scored_as_of: '2026-03-01', account: null });
    expect(definitions.map((ref) => [ref.kind, ref.version])).toEqual([
      ['rubric', 1],
      ['taxonomy', 1],
    ]);
  });

  test.each<[string, Input, string[]]>([
    ['a beginning of a name', { query: 'acme' }, ['Acme Software, Inc.', 'Acme Bank']],
    ['a later word, any case', { query: 'BANK' }, ['Acme Bank']],
    ['words in any order', { query: 'soft acme' }, ['Acme Software, Inc.']],
    ['not the middle of a word', { query: 'oftware' }, []],
    ['no accents', { query: 'muller sohne' }, ['Müller & Söhne GmbH']],
    ['accents', { query: 'Söhne' }, ['Müller & Söhne GmbH']],
    ['a domain', { query: 'acmebank.com' }, ['Acme Bank']],
    ['the beginning of one', { query: 'zen' }, ['Zenith 100%_a']],
    ['a web address', { query: 'https://www.acmebank.com/about' }, ['Acme Bank']],
    ['another domain of the account', { query: 'acme.io' }, ['Acme Software, Inc.']],
    ['an e-mail finds its company', { query: 'someone@mueller.de' }, ['Müller & Söhne GmbH']],
    ['an id', { query: ACCOUNTS.zenith }, ['Zenith 100%_a']],
    ['wildcards are letters like any other', { query: 'z%' }, ['Zenith 100%_a']],
    ['a wildcard alone in a domain', { query: 'acme_ank.com' }, []],
    ['a quote', { query: "a'; drop table account; --" }, []],
    ['people by name', { kind: 'person', query: 'able' }, ['Ann Able']],
    ['people by e-mail', { kind: 'person', query: 'bob@' }, ['Bob Baker']],
    ['people of an account', { kind: 'person', account: 'acme.com', sort: 'name' }, ['Ann Able', 'Bob Baker']],
    ['people by tier', { kind: 'person', tier: 'A' }, ['Ann Able']],
    ['opportunities', { kind: 'opportunity', query: 'renewal' }, ['Acme renewal']],
    ['a tier', { tier: 'disqualified' }, ['Müller & Söhne GmbH']],
    ['a heat', { heat: 'warm' }, ['Acme Bank']],
    ['both', { tier: 'A', heat: 'cold' }, []],
    ['by name', { sort: 'name', query: 'acme' }, ['Acme Bank', 'Acme Software, Inc.']],
  ])('%s', async (_name, input, expected) => {
    expect(await names(input)).toEqual(expected);
  });

  test.each<[string, Input, string[]]>([
    ['a keyword', { where: { field: 'account.industry', eq: 'fintech' } }, ['Acme Bank']],
    [
      'a range; unknown is not a match',
      { where: { field: 'account.employees', range: { min: 100 } } },
      ['Acme Software, Inc.', 'Müller & Söhne GmbH'],
    ],
    ['not of unknown is no match either', { where: { not: { field: 'account.employees', range: { min: 100 } } } }, ['Zenith 100%_a']],
    ['a list', { where: { field: 'account.technologies', has: ['kafka'] } }, ['Acme Software, Inc.']],
    [
      'absence',
      {
        where: {
          all: [
            { field: 'account.employees', exists: false },
            { field: 'account.industry', exists: true },
          ],
        },
      },
      ['Acme Bank'],
    ],
    ['events', { where: { count: { types: ['pricing_page'], window_days: 10 }, range: { min: 2 } } }, ['Acme Software, Inc.']],
    ['a signal', { where: { signal: { type: 'funding_round', within_days: 6 } } }, ['Acme Bank']],
    ['a signal of too long ago', { where: { signal: { type: 'funding_round', within_days: 5 } } }, []],
    [
      'people by their account',
      { kind: 'person', where: { field: 'account.industry', eq: 'software' }, sort: 'name' },
      ['Ann Able', 'Bob Baker'],
    ],
    ['opportunities by stage', { kind: 'opportunity', where: { field: 'opportunity.stage', in: ['proposal'] } }, ['Acme renewal']],
  ])('where: %s', async (_name, input, expected) => {
    const { records, total } = await searchRecords(ctx, input);
    expect(records.map((row) => row.name)).toEqual(expected);
    expect(total).toBe(expected.length);
  });

  test.each(['score', 'name', 'changed'] as const)('pages by %s put together are the whole, each record once', async (sort) => {
    const whole = await searchRecords(ctx, { sort });
    const pages: FoundRecord[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await searchRecords(ctx, { sort, limit: 2, ...(typeof cursor === 'string' ? { cursor } : {}) });
      expect(page.total).toBe(6);
      expect(page.records.length).toBeGreaterThan(0);
      pages.push(...page.records);
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(pages).toEqual(whole.records);
    expect(new Set(pages.map((row) => row.id)).size).toBe(6);
  });

  test('a person names its account', async () => {
    const { records } = await searchRecords(ctx, { kind: 'person', query: PEOPLE.ann });
    expect(records[0]).toMatchObject({ email: 'ann@acme.com', account: { id: ACCOUNTS.acme, name: 'Acme Software, Inc.' }, heat: null });
  });

  test.each<[string, Input, RegExp]>([
    ['a field nobody declared', { where: { field: 'account.industri', eq: 'x' } }, /account\.industri is not a field of accounts/],
    ['a field of another kind', { where: { field: 'person.title', eq: 'x' } }, /person\.title is not a field/],
    ['heat of people', { kind: 'person', heat: 'hot' }, /heat: an account has heat/],
    ['score of opportunities', { kind: 'opportunity', sort: 'score' }, /sort: an opportunity has no score/],
    ['tier of opportunities', { kind: 'opportunity', tier: 'A' }, /tier: an opportunity has no score/],
    ['an account among accounts', { account: 'acme.com' }, /account: goes with kind person/],
    ['nothing to look for', { query: '%%' }, /query: has no letter or digit/],
    ['a damaged cursor', { cursor: 'xx' }, /cursor/],
  ])('refuses %s', async (_name, input, message) => {
    const error = await searchRecords(ctx, input).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SamepageError);
    expect(error).toMatchObject({ code: 'invalid_input', message: expect.stringMatching(message) });
  });

  test('a cursor belongs to its query', async () => {
    const { next_cursor } = await searchRecords(ctx, { sort: 'name', limit: 1 });
    const other = { sort: 'changed', limit: 1, cursor: next_cursor ?? '' } as const;
    await expect(searchRecords(ctx, other)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('an account that several answer to is asked back, with the candidates', async () => {
    await expect(searchRecords(ctx, { kind: 'person', account: 'twin corp' })).rejects.toMatchObject({
      code: 'ambiguous',
      problems: expect.arrayContaining([
        expect.objectContaining({ value: ACCOUNTS.twin }),
        expect.objectContaining({ value: ACCOUNTS.otherTwin }),
      ]),
    });
    await expect(searchRecords(ctx, { kind: 'person', account: 'nobody.example' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('another workspace sees none of it', async () => {
    const other = testContext(ctx.db, { workspaceId: 'other' });
    expect(await searchRecords(other, {})).toMatchObject({ records: [], total: 0 });
  });

  test('needs the scope to read', async () => {
    const stranger = testContext(ctx.db, { actor: { id: 'x', scopes: new Set() } });
    await expect(searchRecords(stranger, {})).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
