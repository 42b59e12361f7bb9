import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../src/server/catalog.ts';
import { testContext } from '../support/context.ts';
import { connect } from './connect.ts';
import { emptyWorkspace } from './fixtures.ts';

const { tools } = await loadRegistry();
const writers = tools.filter((tool) => !tool.annotations.readOnlyHint);

describe('a read-only server', () => {
  it('offers every reader and no writer', async () => {
    const { client, close } = await connect({ readOnly: true });
    const offered = (await client.listTools()).tools;
    expect(offered.map((tool) => tool.name)).toEqual(tools.filter((tool) => tool.annotations.readOnlyHint).map((tool) => tool.name));
    expect((await client.listPrompts()).prompts.map((prompt) => prompt.name)).toEqual(['is_account_hot', 'monthly_performance_review']);
    await close();
  });

  it.each(writers)('has no $name, and the verb behind it refuses too', async (tool) => {
    const { client, close } = await connect({ readOnly: true });
    await expect(client.callTool({ name: tool.name, arguments: {} })).rejects.toThrow('--read-only');
    await close();
    // a database that fails the test when it is asked
    const { db } = (await emptyWorkspace()).context({
      actor: { id: 'x', scopes: new Set() },
      progress: { report() {} },
      signal: new AbortController().signal,
    });
    const reader = testContext(db, { actor: { id: 'reader', scopes: new Set(['read'] as const) } });
    await expect(tool.run(reader, {})).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
