import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { loadIndex } from '../../src/identity/identity-index.ts';
import { matchLead } from '../../src/identity/match-lead.ts';
import { stitchRecords } from '../../src/identity/stitch-records.ts';
import { streamPeople } from '../../src/identity/stream-people.ts';
import { adoptDefinitions } from '../../src/records/adopt-definitions.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { groupsOf } from '../support/identity-groups.ts';
import { definitionsOf } from '../support/identity-world.ts';

/** Numbers of Germany, one with the country and one without. Their digits are too few to be taken for a slip of each other. */
const [ABROAD, HOME] = ['+49 30 51527', '030 51527'];

async function saysPhoneCountry(ctx: TestContext, phone_country: string | undefined): Promise<void> {
  const { phone_country: _, ...taxonomy } = (await definitionsOf(ctx)).policy;
  ctx.advance(1000);
  await adoptDefinitions(ctx, { documents: [phone_country === undefined ? taxonomy : { ...taxonomy, phone_country }] });
}

function stream(ctx: TestContext, external_id: string, said: Record<string, string>) {
  ctx.advance(1000);
  return streamPeople(ctx, {
    source: 'web',
    records: [{ external_id, first_name: 'Ottokar', last_name: 'Blintz', email: `${external_id}@gmail.com`, ...said }],
  });
}

async function state(ctx: TestContext) {
  return readWorkspace(ctx, async (tx) => ({
    versions: (await tx.query('select distinct key_version from identity_index where workspace_id = $1', [ctx.workspaceId])).map(
      (row) => row.key_version,
    ),
    keys: (await tx.query('select key::text, node_id::text from block_key where workspace_id = $1 order by 1, 2', [ctx.workspaceId])).map(
      (row) => `${String(row.key)} ${String(row.node_id)}`,
    ),
    index: await loadIndex(tx, ctx),
  }));
}

describeDatabases('telephone numbers without a country code', (open) => {
  it('are of the country that the taxonomy says, as long as it says so, where the record names none', async () => {
    const ctx = testContext(await open(), { workspaceId: 'homely' });
    await ensureWorkspace(ctx);
    const [crm] = (await stream(ctx, 'crm', { phone: ABROAD })).people;
    await stream(ctx, 'web', { phone: HOME });
    await importRecords(ctx, {
      kind: 'accounts',
      source: 'crm',
      content: `id,name,phone\nacme,Quillon Robotics,${ABROAD}`,
      mapping: { id: 'external_id', name: 'account.name', phone: 'account.phone' },
    });
    const lead = { name: 'Ottokar Blintz', company: 'Quillon', phone: HOME };
    const found = async () => {
      const { account } = await matchLead(ctx, lead);
      return account.evidence.some(({ group, bits }) => group === 'phone' && bits > 0);
    };
    expect(await groupsOf(ctx, 'person')).toEqual([['crm'], ['web']]);
    const before = await found();
    const unsaid = await state(ctx);
    expect(unsaid.index.home).toBeNull();
    expect(before).toBe(false);

    await saysPhoneCountry(ctx, 'de');
    expect((await state(ctx)).index).toMatchObject({ home: 'de', isBehind: true });
    expect(await found()).toBe(true);
    const said = await state(ctx);
    expect(said.index).toMatchObject({ home: 'de', isBehind: false });
    expect(said.versions).toEqual([expect.stringMatching(/ de$/)]);
    expect(said.keys).not.toEqual(unsaid.keys);
    // who comes in is compared so, and the batch finds the same
    const [third] = (await stream(ctx, 'third', { phone: '(030) 5 15 27' })).people;
    expect(third?.entity).toBe(crm?.entity);
    // a number of another country stays one
    await stream(ctx, 'austrian', { phone: HOME, country: 'Austria' });
    const groups = await groupsOf(ctx, 'person');
    expect(groups).toEqual([['austrian'], ['crm', 'third', 'web']]);
    await stitchRecords(ctx, { kinds: ['person'] });
    expect(await groupsOf(ctx, 'person')).toEqual(groups);
    // what is suppressed is suppressed however it is written
    ctx.advance(1000);
    const { identifier } = await decideMatch(ctx, {
      kind: 'person',
      verdict: 'suppress_identifier',
      identifier: { kind: 'phone', value: HOME },
    });
    expect(identifier?.value).toBe('493051527');
    expect((await stream(ctx, 'fourth', { phone: ABROAD })).people[0]?.merge).toBeNull();

    await saysPhoneCountry(ctx, undefined);
    await found();
    const again = await state(ctx);
    expect(again.index).toMatchObject({ home: null, isBehind: false });
    expect(again.versions).toEqual(unsaid.versions);
    expect(again.keys).toEqual(expect.arrayContaining(unsaid.keys));
  });
});
