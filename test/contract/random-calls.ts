import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { REMADE_TABLES } from '../../src/db/tables.ts';
import { lateWork } from '../../src/enrichment/late-work.ts';
import { ERROR_CODES } from '../../src/kernel/errors.ts';
import { jsonSchemaOf } from '../../src/kernel/json-schema.ts';
import { createLog } from '../../src/log.ts';
import { loadRegistry } from '../../src/server/catalog.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { type Connected, connect, errorOf, testWorkspace, textOf } from './connect.ts';
import { EXAMPLE_CALLS, inputOfCall } from './example-calls.ts';
import { CANARY, inputOf } from './from-schema.ts';

const { tools } = await loadRegistry();

const SEED = 20_261_122;

/** What only the inside of the server could have written. Inputs never contain these. */
const LEAKS = [
  /\bat (\S+ \(|file:|node:|\/)[^\s"]+:\d+:\d+/,
  /node_modules|\/src\/|\/dist\/|\.ts:\d|\.js:\d/,
  /\b(ZodError|TypeError|RangeError|PostgresError|DrizzleQueryError)\b/,
  /\b(select|insert into|update|delete from)\b[^.]*\b(from|values|set|where)\b/i,
  /SQLSTATE|syntax error at|relation "|violates|invalid byte sequence|invalid input syntax|unsupported Unicode/i,
];

const digestRows = z.array(z.object({ name: z.string(), digest: z.string().nullable() }));

type Contents = Record<string, string | null>;

/**
 * Reads a digest of the rows of each table, but what a look-up stores for the next one: a call that fails must leave them all alone. What
 * calls before it still had under way is waited for: an answer that was late is written down by itself. Rows change in transactions that
 * have a number alone: where PostgreSQL has the same numbers ended and under way as the last time, the digests are the last ones.
 */
function contentsOf(db: TestDatabase): () => Promise<Contents> {
  let last: { snapshot: unknown; contents: Contents } | undefined;
  return async () => {
    await lateWork(db);
    return db.transaction('write', async (tx) => {
      const [now] = await tx.query("select pg_current_snapshot()::text as snapshot, set_config('app.workspace_id', 'test', true)");
      if (last !== undefined && last.snapshot === now?.snapshot) return last.contents;
      const tables = await tx.query(
        `select table_name::text as name from information_schema.tables
         where table_schema = 'public' and table_name not in (${REMADE_TABLES.map(({ name }) => `'${name}'`).join(', ')}) order by 1`,
      );
      const digest = (name: unknown) =>
        `select '${name}' as name, md5(string_agg(md5(t::text), '' order by md5(t::text))) as digest from "${name}" t`;
      const digests = digestRows.parse(await tx.query(`${tables.map(({ name }) => digest(name)).join(' union all ')} order by 1`));
      const contents = Object.fromEntries(digests.map(({ name, digest: rows }) => [name, rows]));
      last = { snapshot: now?.snapshot, contents };
      return contents;
    });
  };
}

/**
 * Calls every tool over the protocol with inputs made from its own JSON Schema (valid, nearly valid, nothing of the kind), on
 * each database.
 * @param runs inputs a tool
 */
export function describeRandomCalls(runs: number): void {
  describeDatabases('random input', (openDatabase) => {
    let db: TestDatabase;
    let connected: Connected;
    let contents: () => Promise<Contents>;
    const logged: string[] = [];

    beforeAll(async () => {
      db = await openDatabase();
      contents = contentsOf(db);
      const workspace = await testWorkspace(db);
      connected = await connect({ workspace: async () => workspace, log: createLog('debug', (line) => void logged.push(line)) });
      // a workspace with something in it
      const answers = new Map<string, unknown>();
      for (const call of EXAMPLE_CALLS) {
        answers.set(call.tool, (await connected.call(call.tool, inputOfCall(call, answers))).structuredContent);
      }
    });

    describe.each(tools)('$name', (tool) => {
      it('never breaks the server, never shows its inside, and never writes half', async () => {
        await fc.assert(
          fc.asyncProperty(inputOf(jsonSchemaOf(tool.input, 'input')), async (input) => {
            const before = tool.annotations.readOnlyHint ? {} : await contents();
            const result = await connected.call(tool.name, input);
            const whole = JSON.stringify(result);
            for (const leak of LEAKS) expect(whole).not.toMatch(leak);
            if (result.isError !== true) {
              expect(result.structuredContent).toBeDefined();
              expect(textOf(result).length).toBeGreaterThan(0);
              return;
            }
            const error = errorOf(result);
            expect(error.code, logged.at(-1)).not.toBe('internal');
            expect(ERROR_CODES).toContain(error.code);
            expect(error.next.length).toBeGreaterThan(10);
            expect(textOf(result)).toContain(error.code);
            if (!tool.annotations.readOnlyHint) expect(await contents()).toEqual(before);
          }),
          { numRuns: runs, seed: SEED },
        );
        await connected.client.ping();
        // whatever was given, and whatever went wrong with it, is not for a log
        expect(logged.join('\n')).not.toContain(CANARY);
      });
    });
  });

  describe('input that is nested very deep', () => {
    let connected: Connected;
    beforeAll(async () => {
      connected = await connect();
    });
    afterAll(() => connected.close());

    it.each(tools)('is refused by $name', async (tool) => {
      let deep: unknown = 1;
      for (let i = 0; i < 3_000; i++) deep = i % 2 === 0 ? [deep] : { a: deep };
      const [key] = Object.keys(jsonSchemaOf(tool.input, 'input').properties ?? {});
      expect(errorOf(await connected.call(tool.name, { [key ?? 'a']: deep }))).toMatchObject({ code: 'invalid_input' });
    });
  });
}
