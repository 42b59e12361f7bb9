import { expect, test } from 'vitest';
import { getAccount } from '../../src/accounts/get-account.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { enrichWith } from '../../src/enrichment/enrich-record.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { hit, offerOf, StaticHouse } from '../support/static-providers.ts';

const INDUSTRY = 'account.industry';
const CITY = 'account.city';

describeDatabases('conflicts of providers', (open) => {
  test('an account shows who contradicts whom, also where nobody was sure enough to be believed', async () => {
    const ctx = testContext(await open());
    await ensureWorkspace(ctx);
    await importText(ctx, 'accounts', 'domain,name\nacme.com,Acme\n');
    const house = new StaticHouse([
      [offerOf('register', [CITY, INDUSTRY]), () => hit({ [CITY]: 'Arlington', [INDUSTRY]: 'Aerospace' })],
      [offerOf('list', [CITY]), () => hit({ [CITY]: 'Chicago' })],
      [offerOf('other list', [CITY]), () => hit({ [CITY]: 'Seattle' })],
    ]);
    await enrichWith(ctx, house, { records: ['acme.com'], fields: [CITY, INDUSTRY] });
    await importText(ctx, 'accounts', 'domain,industry\nacme.com,Software\n', { source: 'salesforce' });
    const { facts, undecided } = await getAccount(ctx, { account: 'acme.com' });
    expect(facts.shown.find(({ field }) => field === CITY)).toBeUndefined();
    expect(undecided).toMatchObject([{ field: CITY, values: { length: 3 } }]);
    expect(undecided[0]?.values.map(({ value, sources }) => [value, ...sources]).sort()).toEqual([
      ['Arlington', 'register'],
      ['Chicago', 'list'],
      ['Seattle', 'other list'],
    ]);
    // what the CRM says counts; who gave the other value is known by name
    expect(facts.shown.find(({ field }) => field === INDUSTRY)).toMatchObject({
      value: 'software',
      conflicts: [{ value: 'Aerospace', sources: ['register'] }],
    });
    // found again after its time: the old quarrel is over
    ctx.advance(40 * 86_400_000);
    expect((await getAccount(ctx, { account: 'acme.com' })).undecided).toEqual([]);
  });
});
