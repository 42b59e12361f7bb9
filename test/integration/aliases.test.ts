import { expect, it } from 'vitest';
import { getAccount } from '../../src/accounts/get-account.ts';
import { searchRecords } from '../../src/accounts/search-records.ts';
import { readWorkspace } from '../../src/db/workspace.ts';
import { saveDefinition } from '../../src/definitions/save-definition.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { identityView } from '../../src/identity/get-identity.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import { dayOf } from '../../src/kernel/dates.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { getScore } from '../../src/scoring/get-score.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { scoreRecord } from '../../src/scoring/score-record.ts';
import { newWorkspace } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { OTHER_RUBRIC } from '../support/evolving-world.ts';
import { BY, clockOf, definitionsOf, MODEL, scoresFrom } from '../support/identity-world.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

describeDatabases('merged records', (open) => {
  it('answer for their aliases: by id, domain, e-mail and name, in imports and events', async () => {
    const ctx = await newWorkspace(await open());
    await importRecords(ctx, {
      kind: 'accounts',
      source: 'crm',
      content: 'Id,Name,Website,Employees\nA,Acme,acme.com,100\nB,Acme Labs,acmelabs.io,7',
      mapping: { Id: 'external_id', Name: 'account.name', Website: 'account.domain', Employees: 'account.employees' },
    });
    ctx.advance(1000);
    await importRecords(ctx, {
      kind: 'people',
      source: 'crm',
      content: 'Id,Name,Email\nP,Ann Able,ann@acme.com\nQ,Anna Able,anna@acmelabs.io',
      mapping: { Id: 'external_id', Name: 'person.name', Email: 'person.email' },
    });
    const acme = derivedId('account', 'domain', 'acme.com');
    const labs = derivedId('account', 'domain', 'acmelabs.io');
    const ann = derivedId('person', 'email', 'ann@acme.com');
    const anna = derivedId('person', 'email', 'anna@acmelabs.io');
    await scoreRecord(ctx, { kind: 'account', record: labs });
    const receipt = (await getScore(ctx, { kind: 'account', record: labs })).receipt;
    ctx.advance(1000);
    const { entity, decision } = await mergeEntities(ctx, {
      kind: 'account',
      nodes: [labs, acme],
      decision: { ...MODEL, evidence: { bits: 9 } },
    });
    const other = entity === acme ? labs : acme;
    expect([acme, labs]).toContain(entity);
    await mergeEntities(ctx, { kind: 'person', nodes: [ann, anna], decision: MODEL });

    for (const named of [other, 'acme.com', 'acmelabs.io', 'Acme Labs', 'Acme'])
      expect((await getAccount(ctx, { account: named })).account, named).toMatchObject({ id: entity, aliases: [other] });
    const view = await getAccount(ctx, { account: other });
    expect(view.account).toMatchObject({ answers_for: other, domains: ['acme.com', 'acmelabs.io'] });
    expect(view.people.total).toBe(1);
    const employees = view.facts.shown.find((fact) => fact.field === 'account.employees');
    expect([employees?.value, ...(employees?.other_values.map((one) => one.value) ?? [])].sort()).toEqual([100, 7]);
    expect((await getScore(ctx, { kind: 'account', record: other })).subject).toMatchObject({ id: entity, answers_for: other });
    expect((await scoreRecord(ctx, { kind: 'account', record: other })).view.receipt.subject_id).toBe(entity);
    for (const named of ['ann@acme.com', 'anna@acmelabs.io', ann, anna])
      expect((await getScore(ctx, { kind: 'lead', record: named })).subject.id, named).toBe(view.people.top[0]?.id);

    for (const query of [other, 'acmelabs', 'labs', 'acme']) {
      const { records, total } = await searchRecords(ctx, { query });
      expect(
        records.map((record) => record.id),
        query,
      ).toEqual([entity]);
      expect(total).toBe(1);
    }
    expect((await searchRecords(ctx, { query: other })).records[0]).toMatchObject({ answers_for: other });
    expect(await searchRecords(ctx, {})).toMatchObject({ total: 1 });
    expect(await searchRecords(ctx, { kind: 'person' })).toMatchObject({ total: 1 });

    ctx.advance(1000);
    const recorded = await recordEngagement(ctx, {
      events: [
        { event_id: '1', type: 'pricing_page', occurred_at: ctx.now().toISOString(), email: 'anna@acmelabs.io' },
        { event_id: '2', type: 'pricing_page', occurred_at: ctx.now().toISOString(), domain: 'acmelabs.io' },
        { event_id: '3', type: 'pricing_page', occurred_at: ctx.now().toISOString(), account_external_id: 'B' },
      ],
      source: 'crm',
    });
    expect(recorded.events.map((event) => event.accountId)).toEqual([entity, entity, entity]);
    expect(recorded.events[0]?.personId).toBe(view.people.top[0]?.id);
    await importRecords(ctx, {
      kind: 'accounts',
      source: 'crm',
      content: 'Id,Name,Website,Employees\nB,Acme Labs,acmelabs.io,900',
      mapping: { Id: 'external_id', Name: 'account.name', Website: 'account.domain', Employees: 'account.employees' },
    });
    expect((await getAccount(ctx, { account: 'acme.com' })).facts.shown.find((one) => one.field === 'account.employees')?.value).toBe(900);
    expect(await wrongProjections(ctx)).toEqual({});

    ctx.advance(1000);
    await importRecords(ctx, { kind: 'people', source: 'crm', content: 'Id,Name,Email\nR,Rob,rob@acmelabs.io' });
    const after = await getAccount(ctx, { account: entity });
    expect(after.people.total).toBe(2);
    expect(after.account.changed_at).toBe(await clockOf(ctx));

    const identity = await readWorkspace(ctx, (tx) => identityView(tx, ctx, 'account', other));
    expect(identity).toMatchObject({ entity, answers_for: other, beliefs: [{ node: other, entity, to: null }] });
    expect(identity.decisions).toMatchObject([{ id: decision, verb: 'merged', decidedBy: 'model', evidence: { bits: 9 }, undoneBy: null }]);
    expect(identity.nodes.map((node) => node.sources.map((one) => one.externalId))).toEqual(
      entity === acme ? [['A'], ['B']] : [['B'], ['A']],
    );
    const history = await scoresFrom(
      ctx,
      { mode: 'history', knownAt: receipt.known_at, policy: (await definitionsOf(ctx)).policy },
      dayOf(ctx.now()),
    );
    expect(history[`account ${labs}`]).toEqual(receipt.result);
  });

  it('change the heat of their account at the next incremental rescore, and back', async () => {
    const ctx = await newWorkspace(await open());
    await saveDefinition(ctx, { document: OTHER_RUBRIC });
    await importRecords(ctx, { kind: 'accounts', source: 'crm', content: 'domain,name\nacme.com,Acme' });
    const at = ctx.now().toISOString();
    await recordEngagement(ctx, {
      events: ['a@acme.com', 'b@acme.com'].flatMap((email) =>
        [1, 2].map((n) => ({ event_id: `${email} ${n}`, type: 'pricing_page', occurred_at: at, email })),
      ),
    });
    const acme = derivedId('account', 'domain', 'acme.com');
    const onFile = async () => {
      await rescoreRecords(ctx, { scope: 'changed' });
      return (await getScore(ctx, { record: acme })).stored?.receipt.result.heat;
    };
    expect(await onFile()).toBe('hot');
    const nodes = ['a@acme.com', 'b@acme.com'].map((email) => derivedId('person', 'email', email));
    ctx.advance(1000);
    const { decision } = await mergeEntities(ctx, { kind: 'person', nodes, decision: MODEL });
    expect(await onFile()).toBe('warm');
    ctx.advance(1000);
    await unmergeEntities(ctx, { kind: 'person', merge: decision, decision: BY });
    expect(await onFile()).toBe('hot');
  });
});
