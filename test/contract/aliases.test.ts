import { expect, it } from 'vitest';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { connect, NOW, testWorkspace, textOf } from './connect.ts';

const ACCOUNTS = ['acme.com', 'acme.io'].map((domain) => derivedId('account', 'domain', domain)).sort();
const PEOPLE = ['ada@acme.com', 'ada@acme.io'].map((email) => derivedId('person', 'email', email)).sort();
/** Made at once: the least id stands for both. */
const [account, alias] = ACCOUNTS as [string, string];
const [person, otherPerson] = PEOPLE as [string, string];

describeDatabases('an alias', (openDatabase) => {
  it('is answered for by what it was merged into, by every tool, and each says so', async () => {
    const db = await openDatabase();
    const workspace = await testWorkspace(db);
    const ctx = testContext(db, { now: () => new Date(NOW) });
    const { call, close } = await connect({ workspace: async () => workspace });
    await call('import_records', { content: 'domain,name,employees\nacme.com,Acme,120\nacme.io,Acme Labs,8\n', source: 'crm' });
    await call('import_records', { kind: 'people', content: 'id,email,name\n1,ada@acme.com,Ada\n2,ada@acme.io,Ada L\n', source: 'crm' });
    const decision = { by: 'person' as const };
    const merged = await mergeEntities(ctx, { kind: 'account', nodes: [...ACCOUNTS], decision });
    expect(merged.entity).toBe(account);
    await mergeEntities(ctx, { kind: 'person', nodes: [...PEOPLE], decision });

    const said = `${alias} was merged into ${account}, which answers for it.`;
    const answers = {
      get_account: await call('get_account', { account: alias }),
      get_account_heat: await call('get_account_heat', { account: alias }),
      get_score: await call('get_score', { record: alias }),
      score_record: await call('score_record', { record: alias }),
      search_records: await call('search_records', { query: alias }),
    };
    for (const [tool, answer] of Object.entries(answers)) {
      expect(answer.isError, textOf(answer)).not.toBe(true);
      expect(textOf(answer), tool).toContain(said);
    }
    const alone = { id: account, answers_for: alias };
    expect(answers.get_account.structuredContent).toMatchObject({
      account: { ...alone, aliases: [alias], domains: ['acme.com', 'acme.io'] },
    });
    expect(answers.get_account_heat.structuredContent).toMatchObject({ account: alone });
    expect(answers.get_score.structuredContent).toMatchObject({ ...alone, receipt: { subject_id: account } });
    expect(answers.score_record.structuredContent).toMatchObject({ written: true, score: { ...alone, receipt: { subject_id: account } } });
    expect(answers.search_records.structuredContent).toMatchObject({ total: 1, records: [alone] });
    expect((await call('get_account', { account })).structuredContent).toMatchObject({ account: { id: account, aliases: [alias] } });
    expect((await call('get_score', { kind: 'lead', record: otherPerson })).structuredContent).toMatchObject({
      id: person,
      answers_for: otherPerson,
    });

    const recorded = await call('record_engagement', {
      events: [
        { event_id: '1', type: 'pricing_page', occurred_at: '2026-02-27T08:30:00Z', email: 'ada@acme.com' },
        { event_id: '2', type: 'pricing_page', occurred_at: '2026-02-27T08:30:00Z', email: 'ada@acme.io' },
      ],
    });
    expect(recorded.structuredContent).toMatchObject({
      events: [
        { person_id: person, account_id: account },
        { person_id: person, account_id: account },
      ],
    });
    expect((await call('get_account', { account: 'acme.io' })).structuredContent).toMatchObject({
      people: { total: 1, engaged_28_days: 1 },
      engagement: { total: 2 },
    });
    await close();
  });
});
