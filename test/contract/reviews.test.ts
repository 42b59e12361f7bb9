import { setTimeout as sleep } from 'node:timers/promises';
import {
  ListResourcesResultSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deriveInWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { peopleRegrouped, type Workspace } from '../../src/open-workspace.ts';
import { freezeReview } from '../../src/review/freeze-review.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { type Connected, connect, errorOf, testWorkspace, textOf } from './connect.ts';

const PAGE = 'samepage://reviews/weekly/2026-W09';

describeDatabases('reviews over the protocol', (openDatabase) => {
  let connected: Connected;
  const heard: string[] = [];

  beforeAll(async () => {
    const workspace = await testWorkspace(await openDatabase());
    connected = await connect({ workspace: async () => workspace });
    const { client } = connected;
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
    client.setNotificationHandler(ResourceListChangedNotificationSchema, () => void heard.push('list'));
  });
  afterAll(() => connected.close());

  const read = async (uri: string) => {
    const { contents } = await connected.client.readResource({ uri });
    const [one] = contents;
    return { mimeType: one?.mimeType, text: one !== undefined && 'text' in one ? one.text : '' };
  };
  const complete = async (name: string, value: string, given: Record<string, string>) => {
    const uri = name === 'part' ? 'samepage://reviews/{kind}/{period}/{part}' : 'samepage://reviews/{kind}/{period}';
    return (
      await connected.client.complete({ ref: { type: 'ref/resource', uri }, argument: { name, value }, context: { arguments: given } })
    ).completion.values;
  };

  it('are pages and data, whose subscribers hear of their freezing', async () => {
    const { client, call } = connected;
    expect(await read(PAGE)).toMatchObject({ mimeType: 'text/markdown', text: expect.stringContaining('Not frozen') });
    for (const uri of [PAGE, `${PAGE}/data`]) await client.subscribeResource({ uri });
    const answer = await call('freeze_review', { kind: 'weekly' });
    expect(answer.structuredContent).toMatchObject({ kind: 'weekly', period: '2026-W09', outcome: 'frozen', version: 1, uri: PAGE });
    expect(textOf(answer)).toContain('is frozen: version 1');
    expect(heard.sort()).toEqual(['list', PAGE, `${PAGE}/data`]);
    expect((await read(PAGE)).text).toContain('## As published');
    const data = await read(`${PAGE}/data`);
    expect(data.mimeType).toBe('application/json');
    expect(JSON.parse(data.text)).toMatchObject({
      frozen: { version: 1 },
      restatement: { differ: 0 },
      figures: expect.arrayContaining([]),
    });
    expect(JSON.parse((await read(`${PAGE}/v1`)).text)).toMatchObject({ frozen: { version: 1 } });
    const listed = ListResourcesResultSchema.parse(await client.listResources()).resources;
    expect(listed.find(({ uri }) => uri === PAGE)?.description).toMatch(/^Version 1, frozen 2026-03-02/);
    expect(await complete('kind', 'w', {})).toEqual(['weekly']);
    expect(await complete('period', '2026', { kind: 'weekly' })).toEqual(['2026-W09']);
    expect(await complete('part', '', { kind: 'weekly', period: '2026-W09' })).toEqual(['data', 'v1']);
    // the same call again, with or without a key, does nothing more
    expect((await call('freeze_review', { kind: 'weekly', idempotency_key: 'once' })).structuredContent).toMatchObject({
      outcome: 'unchanged',
      version: 1,
    });
  });

  it('are heard of when another process freezes them', async () => {
    const database = await openDatabase();
    const ctx = testContext(database, { workspaceId: 'other' });
    await ensureWorkspace(ctx);
    const workspace: Workspace = {
      context: (call) => ({ workspaceId: 'other', db: database, now: ctx.now, peopleRegrouped, ...call }),
      async close() {},
    };
    const { client, close } = await connect({ workspace: async () => workspace, watchMs: 10 });
    const told = new Set<string>();
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void told.add(params.uri));
    await client.subscribeResource({ uri: PAGE });
    await freezeReview(ctx, { kind: 'weekly' });
    // again and again, for the first look tells nothing
    const again = `insert into frozen_review (workspace_id, kind, period, version, frozen_at, frozen_by, known_at, program, sha256, document)
      select workspace_id, kind, period, version + 1, frozen_at, frozen_by, known_at, program, sha256, document from frozen_review
      where workspace_id = $1 order by version desc limit 1`;
    while (told.size === 0) {
      await deriveInWorkspace(ctx, (tx) => tx.query(again, [ctx.workspaceId]));
      await sleep(20);
    }
    expect([...told]).toEqual([PAGE]);
    await close();
  });

  it.each([
    ['samepage://reviews/handoffs/2026-W09', /no review of handoffs/],
    ['samepage://reviews/weekly/2026-11', /is no period of a weekly review/],
    [`${PAGE}/v7`, /has no version 7/],
    [`${PAGE}/figures`, /has no part figures/],
  ])('%s is none', async (uri, why) => {
    await expect(connected.client.readResource({ uri })).rejects.toThrow(why);
  });

  it('a period that is not over stays open', async () => {
    const answer = await connected.call('freeze_review', { kind: 'weekly', period: '2026-W10' });
    expect(errorOf(answer)).toMatchObject({ code: 'invalid_input', problems: [{ path: 'period', value: '2026-W10' }] });
  });
});
