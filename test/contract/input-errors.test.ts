import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY, loadRegistry } from '../../src/server/catalog.ts';
import { describeDatabases } from '../support/databases.ts';
import { type Connected, connect, errorOf, testWorkspace, textOf } from './connect.ts';
import { INPUT_ERRORS } from './input-error-rows.ts';

const { tools } = await loadRegistry();

it('covers every tool, and no other', () => {
  expect([...new Set(INPUT_ERRORS.map((row) => row.tool))].sort()).toEqual(tools.map((tool) => tool.name).sort());
});

describeDatabases('input errors', (openDatabase) => {
  let connected: Connected;
  beforeAll(async () => {
    const workspace = await testWorkspace(await openDatabase());
    connected = await connect({ workspace: async () => workspace });
  });
  afterAll(() => connected.close());

  describe.each(tools)('$name', (tool) => {
    const rows = INPUT_ERRORS.filter((row) => row.tool === tool.name);

    it.each(rows)('refuses $why', async ({ input, path, reason }) => {
      const result = await connected.call(tool.name, input);
      const error = errorOf(result);
      expect(error.code).toBe('invalid_input');
      const problem = error.problems.find((one) => one.path === path);
      expect(problem, JSON.stringify(error.problems)).toBeDefined();
      expect(problem?.reason).toMatch(reason);
      expect(error.next).not.toContain('samepage-mcp');
      expect(textOf(result)).toContain(path);
      expect(textOf(result)).toMatch(/\nNext: .+/);
    });

    it('refuses an unknown key, and lists the known ones', async () => {
      const error = errorOf(await connected.call(tool.name, { surely_unknown: true }));
      const problem = error.problems.find((one) => one.path === 'surely_unknown');
      const shape = 'shape' in tool.input ? Object.keys(tool.input.shape as object) : [];
      if (!tool.annotations.readOnlyHint) shape.push(KEY);
      expect(shape.length).toBeGreaterThan(0);
      expect(problem?.reason).toBe(`is not a known key; known: ${shape.join(', ')}`);
    });
  });
});
