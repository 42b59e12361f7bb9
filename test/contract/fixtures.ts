import { z } from 'zod';
import { cancelled, SamepageError } from '../../src/kernel/errors.ts';
import type { Workspace } from '../../src/open-workspace.ts';
import { definePrompt } from '../../src/prompts/define-prompt.ts';
import { defineResource } from '../../src/resources/define-resource.ts';
import { defineTool } from '../../src/tools/define-tool.ts';
import { outsideText, pageCursor, pageOutput } from '../../src/tools/shared.ts';

/** Tools, a resource and a prompt that show one behaviour of the adapter each. */

const reads = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const writes = { ...reads, readOnlyHint: false };
export const description = 'For tests.';

/** What the tool `wait` lets a test see and set. */
export const waiting = { onStart: () => {}, sawAbort: false };

const wait = defineTool({
  name: 'wait',
  title: 'Wait',
  toolset: 'scoring',
  description,
  input: z.strictObject({}),
  output: z.strictObject({ done: z.boolean() }),
  annotations: writes,
  async run(ctx) {
    ctx.progress.report(1, 3, 'one');
    waiting.onStart();
    await new Promise((_, reject) => {
      ctx.signal.addEventListener('abort', () => {
        waiting.sawAbort = true;
        reject(cancelled());
      });
    });
    return { done: true };
  },
  text: () => 'done',
});

const count = defineTool({
  name: 'count',
  title: 'Count',
  toolset: 'scoring',
  description,
  input: z.strictObject({ to: z.int().min(1).max(100) }),
  output: z.strictObject({ counted: z.int() }),
  annotations: reads,
  async run(ctx, { to }) {
    for (let i = 1; i <= to; i++) ctx.progress.report(i, to, `counted ${i}`);
    return { counted: to };
  },
  text: ({ counted }) => `Counted ${counted}`,
});

const echo = defineTool({
  name: 'echo',
  title: 'Echo',
  toolset: 'accounts',
  description,
  input: z.strictObject({ text: z.string(), times: z.int().min(1).default(1), cursor: pageCursor }),
  output: z.strictObject({ rows: z.array(z.strictObject({ name: outsideText, ours: z.string() })), ...pageOutput }),
  annotations: reads,
  async run(_ctx, { text, times }) {
    return { rows: Array.from({ length: times }, () => ({ name: text, ours: text })), total: times, next_cursor: null };
  },
  text: ({ rows }) => rows.map((row) => `${row.name} | ${row.ours}`).join('\n'),
});

const fail = defineTool({
  name: 'fail',
  title: 'Fail',
  toolset: 'accounts',
  description,
  input: z.strictObject({ how: z.enum(['ours', 'driver', 'output', 'thrown_text']) }),
  output: z.strictObject({ n: z.int() }),
  annotations: reads,
  async run(_ctx, { how }) {
    if (how === 'ours') throw new SamepageError('not_found', 'There is no account "x".', 'Search for it with search_records.');
    if (how === 'thrown_text') throw 'select secret from /etc/passwd';
    if (how === 'output') return { n: 1.5 };
    throw Object.assign(new Error("duplicate key: insert into person values ('jane@example.com') at /srv/app/db.ts"), { code: '23505' });
  },
  text: () => '',
});

const change = defineTool({
  name: 'change',
  title: 'Change',
  toolset: 'definitions',
  description,
  input: z.strictObject({ kind: z.string() }),
  output: z.strictObject({ kind: z.string() }),
  annotations: writes,
  run: async (_ctx, input) => input,
  text: ({ kind }) => kind,
  changes: ({ kind }) => [`samepage://things/${kind}`],
  changesList: ({ kind }) => kind === 'new',
});

export const thing = defineResource({
  name: 'thing',
  title: 'Thing',
  description,
  mimeType: 'application/json',
  uriTemplate: 'samepage://things/{kind}',
  list: async () => Array.from({ length: 230 }, (_, i) => ({ uri: `samepage://things/k${i}`, name: `k${i}` })),
  complete: { kind: async (_ctx, typed) => Array.from({ length: 150 }, (_, i) => `k${i}`).filter((kind) => kind.startsWith(typed)) },
  async read(_ctx, { kind }) {
    if (kind === 'none') throw new SamepageError('not_found', 'There is no thing "none".', 'Take another.');
    return `{"kind":"${kind}\u202e"}`;
  },
});

const ask = definePrompt({
  name: 'ask',
  title: 'Ask',
  description,
  calls: ['count'],
  arguments: z.strictObject({ account: z.string().min(1).describe('its domain'), day: z.string().optional() }),
  complete: { account: async (_ctx, typed) => ['a.example', 'b.example'].filter((domain) => domain.startsWith(typed)) },
  messages: ({ account }) => [{ role: 'user', text: `Is ${account} hot?` }],
});

/** Tools that use no database are given one that is never asked. */
export const emptyWorkspace = async (): Promise<Workspace> => ({
  context: (call) => ({
    workspaceId: 'test',
    now: () => new Date(0),
    peopleRegrouped: async () => {},
    db: {
      dialect: 'pglite',
      parallel: 1,
      maintain: async () => {},
      transaction: () => Promise.reject(new Error('no database')),
      close: async () => {},
    },
    ...call,
  }),
  async close() {},
});

export const fixtures = { tools: [wait, count, echo, fail, change], resources: [thing], prompts: [ask] };
