import { setTimeout as sleep } from 'node:timers/promises';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { recordInWorkspace } from '../../src/db/workspace.ts';
import { writeOutbox } from '../../src/handoff/write-outbox.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { makeLeaders, sign } from '../support/leaders.ts';
import { connect, testWorkspace } from './connect.ts';

describeDatabases('who subscribed to an account', (openDatabase) => {
  it('hears of each call that changed it, and of no other', async () => {
    const workspace = await testWorkspace(await openDatabase());
    const { client, call, close } = await connect({ workspace: async () => workspace });
    const heard: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
    /** What is heard by the end of a call. */
    const heardOf = async (tool: string, input: Record<string, unknown>) => {
      heard.length = 0;
      const result = await call(tool, input);
      expect(result.isError, JSON.stringify(result.content)).not.toBe(true);
      await client.ping();
      return [...heard];
    };

    await call('import_records', { kind: 'accounts', source: 'crm', content: 'id,name,domain\n1,Acme,acme.com\n2,Bolt,bolt.io\n' });
    const found = await call('search_records', { kind: 'account', query: 'acme' });
    const { id } = z.looseObject({ records: z.tuple([z.looseObject({ id: z.string() })]) }).parse(found.structuredContent).records[0];
    const uri = `samepage://accounts/${id}`;
    await client.subscribeResource({ uri });

    const visit = (domain: string) => ({
      events: [{ event_id: domain, type: 'pricing_page', occurred_at: '2026-02-27T08:30:00Z', domain }],
    });
    expect(await heardOf('record_engagement', visit('acme.com'))).toEqual([uri]);
    expect(await heardOf('record_engagement', visit('bolt.io'))).toEqual([]);
    expect(await heardOf('rescore_records', { scope: 'all' })).toEqual([uri]);
    expect(await heardOf('rescore_records', { scope: 'all' })).toEqual([]);
    expect(await heardOf('import_records', { kind: 'accounts', source: 'crm', content: 'id,name,domain\n1,Acme Inc,acme.com\n' })).toEqual([
      uri,
    ]);
    expect(await heardOf('get_account', { account: id })).toEqual([]);

    const named = ['samepage://accounts/bolt.io', 'samepage://accounts/WWW.Acme.com', 'samepage://accounts/Acme%20Inc'];
    for (const other of named) await client.subscribeResource({ uri: other });
    const again = (domain: string) => ({ events: [{ ...visit(domain).events[0], event_id: `${domain} again` }] });
    expect(await heardOf('record_engagement', again('bolt.io'))).toEqual([named[0]]);
    expect(await heardOf('record_engagement', again('acme.com'))).toEqual([uri, named[1], named[2]]);
    for (const nobody of ['nobody.example', '00000000-0000-4000-8000-000000000000', 'x'.repeat(301)]) {
      const unknown = client.subscribeResource({ uri: `samepage://accounts/${nobody}` });
      await expect(unknown).rejects.toMatchObject({ code: nobody.length > 300 ? -32602 : -32002 });
    }
    await close();
  });
});

describeDatabases('who subscribed to an account of which another process does the jobs', (openDatabase) => {
  it('hears that a clock was announced', async () => {
    const database = await openDatabase();
    const workspace = await testWorkspace(database);
    const { client, close } = await connect({ workspace: async () => workspace, watchMs: 10 });
    const ctx = testContext(database);
    await importText(ctx, 'accounts', 'domain,name\nacme.com,Acme\nbolt.io,Bolt\n');
    const [acme = '', bolt = ''] = ['acme.com', 'bolt.io'].map((domain) => derivedId('account', 'domain', domain));
    const heard = new Set<string>();
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.add(params.uri));
    for (const id of [acme, bolt]) await client.subscribeResource({ uri: `samepage://accounts/${id}` });
    const event = { type: 'hand_off.breached', subject: 'x', data: { account: acme } } as const;
    while (heard.size === 0) {
      await recordInWorkspace(ctx, (tx, recordedAt) => writeOutbox(tx, ctx, [event], recordedAt));
      await sleep(20);
    }
    expect([...heard]).toEqual([`samepage://accounts/${acme}`]);
    await close();
  });
});

describeDatabases('who subscribed to a section of the playbook', (openDatabase) => {
  it('hears of a signature that another process took, as a command at a terminal does', async () => {
    const database = await openDatabase();
    const workspace = await testWorkspace(database);
    const { client, close } = await connect({ workspace: async () => workspace, watchMs: 10 });
    const ctx = testContext(database);
    await makeLeaders(ctx);
    const heard = new Set<string>();
    const uri = 'samepage://playbook/objections';
    const toldOf = new Promise<void>((resolve) =>
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
        heard.add(params.uri);
        resolve();
      }),
    );
    await client.subscribeResource({ uri });
    await client.subscribeResource({ uri: 'samepage://definitions/icp' });
    // it may not have looked yet: what is signed before it first looks is nothing new to it
    for (let signed = false; heard.size === 0; signed = !signed) {
      await sign(ctx, { kind: 'playbook', team: 'sales', withdraw: signed });
      await Promise.race([toldOf, sleep(20)]);
    }
    expect([...heard]).toEqual([uri]);
    await close();
  });
});
