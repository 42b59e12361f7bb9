import { expect, it } from 'vitest';
import { z } from 'zod';
import { answer } from '../../src/cli/print-tool.ts';
import { type Context, NO_PROGRESS } from '../../src/kernel/context.ts';
import { defineTool } from '../../src/tools/define-tool.ts';

const echo = defineTool({
  name: 'echo',
  title: 'Echo',
  toolset: 'accounts',
  description: 'Says a name.',
  input: z.strictObject({ name: z.string() }),
  output: z.strictObject({ name: z.string() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: async (_ctx, { name }) => ({ name }),
  text: ({ name }) => `It is ${name}.`,
});
const ctx: Context = {
  workspaceId: 'test',
  actor: { id: 'test', scopes: new Set() },
  db: {
    dialect: 'pglite',
    parallel: 1,
    maintain: async () => {},
    transaction: () => Promise.reject(new Error('not used')),
    close: async () => {},
  },
  now: () => new Date(0),
  peopleRegrouped: async () => {},
  progress: NO_PROGRESS,
  signal: new AbortController().signal,
};

it('lets nothing in a record reach the terminal but its letters', async () => {
  const name = 'A\u001b[2J\u0007\u202eB';
  expect(await answer(echo, { name }, ctx, false)).toBe('It is A[2JB.');
  // as JSON it is whole, and escaped
  expect(JSON.parse(await answer(echo, { name }, ctx, true))).toEqual({ name });
  expect(await answer(echo, { name }, ctx, true)).not.toContain('\u001b');
});
