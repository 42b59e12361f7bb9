import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { register as registerDefinitions } from '../../src/cli/definitions.ts';
import { register as registerValidate } from '../../src/cli/validate.ts';
import { DEFINITION_KINDS } from '../../src/definitions/core/definition.ts';
import { getDefinition } from '../../src/definitions/get-definition.ts';
import { listDefinitions } from '../../src/definitions/list-definitions.ts';
import { saveDefinition } from '../../src/definitions/save-definition.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import type { Database } from '../../src/kernel/database.ts';
import { definitionResource, definitionVersionResource } from '../../src/resources/definitions.ts';
import { getDefinitionTool } from '../../src/tools/get-definition.ts';
import { newWorkspace, type TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { usePlace } from '../support/places.ts';
import { runCommand } from '../support/run-command.ts';

type Loose = Record<string, unknown>;

describeDatabases('reading definitions', (open) => {
  let database: Database;
  let shipped: Awaited<ReturnType<typeof shippedDefinitions>>;
  let ctx: TestContext;
  const place = usePlace('definitions');

  beforeAll(async () => {
    database = await open();
    shipped = await shippedDefinitions();
  });
  beforeEach(async () => {
    ctx = await newWorkspace(database);
    ctx.advance(1000);
  });

  const saveRubric = (name: string) => saveDefinition(ctx, { document: { ...(shipped.rubric as Loose), name } });

  describe('get_definition', () => {
    it('gives the one in use, with its rules as sentences, and what it rests on', async () => {
      const output = await getDefinitionTool.run(ctx, getDefinitionTool.input.parse({ kind: 'rubric' }));
      const parsed = getDefinitionTool.output.parse(output);
      expect(parsed).toMatchObject({
        kind: 'rubric',
        version: 1,
        versions: 1,
        status: 'draft',
        state: 'draft',
        signed_by: [],
        must_sign: ['marketing', 'sales'],
        open: null,
        difference: null,
        recorded_by: 'test',
        in_use_since: '2026-03-02T09:00:00.000Z',
      });
      expect(parsed.document).toBeUndefined();
      expect(parsed.definitions.map((ref) => ref.kind)).toEqual(['rubric', 'taxonomy']);
      const lines = parsed.summary.flatMap((section) => section.lines);
      expect(lines).toContain(
        'demo: Each demo request of the last 90 days earns 15 points, half as much with every 30 days of age, at most 15 in all.',
      );
      const text = getDefinitionTool.text(parsed, getDefinitionTool.input.parse({ kind: 'rubric' }));
      for (const line of lines) expect(text).toContain(line);
      expect(text).toContain(parsed.hash);
    });

    it.each(DEFINITION_KINDS)('gives the %s in detail as it was written', async (kind) => {
      const input = getDefinitionTool.input.parse({ kind, response_format: 'detailed' });
      const parsed = getDefinitionTool.output.parse(await getDefinitionTool.run(ctx, input));
      expect(parsed.document).toEqual(shipped[kind]);
      expect(getDefinitionTool.text(parsed, input)).toContain(`"kind":"${kind}"`);
    });

    it('finds a version by number, by hash, by the start of its hash, and by the time it was in use', async () => {
      const first = await getDefinition(ctx, { kind: 'rubric' });
      const second = await saveRubric('Second');
      for (const by of [
        { version: 1 },
        { hash: first.definition.hash },
        { hash: first.definition.hash.slice(0, 8) },
        { known_at: '2026-03-02T09:00:00.500Z' },
      ]) {
        const found = await getDefinition(ctx, { kind: 'rubric', ...by });
        expect(found.definition).toEqual(first.definition);
        expect(found).toMatchObject({ inUseSince: null, versions: 2 });
      }
      const now = await getDefinition(ctx, { kind: 'rubric' });
      expect(now.definition.hash).toBe(second.hash);
      expect(now.inUseSince).toBe('2026-03-02T09:00:01.000Z');
    });

    it('says which versions a short hash may mean', async () => {
      const { hash } = (await getDefinition(ctx, { kind: 'cadence' })).definition;
      await database.transaction('write', async (tx) => {
        await tx.query("select set_config('app.workspace_id', $1, true)", [ctx.workspaceId]);
        await tx.query(
          `insert into definition_version select workspace_id, kind, overlay(hash placing $2 from 20), 9, document, recorded_at, recorded_by
           from definition_version where workspace_id = $1 and kind = 'cadence'`,
          [ctx.workspaceId, hash[19] === '0' ? '1' : '0'],
        );
      });
      await expect(getDefinition(ctx, { kind: 'cadence', hash: hash.slice(0, 12) })).rejects.toMatchObject({
        code: 'ambiguous',
        message: expect.stringMatching(/v1 .*v9 /),
      });
      expect((await getDefinition(ctx, { kind: 'cadence', hash })).definition.version).toBe(1);
    });

    it.each([
      [{ kind: 'rubric', version: 9 }, /no rubric with version 9/],
      [{ kind: 'rubric', hash: '00000000' }, /no rubric with hash 00000000/],
      [{ kind: 'rubric', known_at: '2020-01-01T00:00:00Z' }, /No rubric was in use at 2020/],
    ] as const)('%j is not found', async (input, message) => {
      await expect(getDefinition(ctx, input)).rejects.toMatchObject({ code: 'not_found', message: expect.stringMatching(message) });
    });

    it.each([
      { kind: 'rubrik' },
      { kind: 'rubric', hash: 'abc' },
      { kind: 'rubric', hash: 'ZZZZZZZZZZ' },
      { kind: 'rubric', version: 1, hash: '00000000' },
      { kind: 'rubric', known_at: 'yesterday' },
      { kind: 'rubric', verson: 1 },
    ])('%j is refused', (input) => {
      expect(getDefinitionTool.input.safeParse(input).success).toBe(false);
    });
  });

  describe('the resources', () => {
    it('list what is in use and read it', async () => {
      const listed = (await definitionResource.list?.(ctx)) ?? [];
      expect(listed.map((entry) => entry.uri)).toEqual(DEFINITION_KINDS.map((kind) => `samepage://definitions/${kind}`));
      expect(JSON.parse(await definitionResource.read(ctx, { kind: 'sla' }))).toMatchObject({
        kind: 'sla',
        version: 1,
        status: 'draft',
        document: shipped.sla,
      });
    });

    it('read an older version by its hash', async () => {
      const { hash } = (await getDefinition(ctx, { kind: 'rubric' })).definition;
      await saveRubric('Second');
      const read = JSON.parse(await definitionVersionResource.read(ctx, { kind: 'rubric', hash }));
      expect(read).toMatchObject({ hash, version: 1, in_use_since: null, document: shipped.rubric });
    });

    it('complete kinds and hashes', async () => {
      const { hash } = await saveRubric('Second');
      const hashes = (typed: string, given: Record<string, string>) => definitionVersionResource.complete?.hash?.(ctx, typed, given);
      expect(await definitionResource.complete?.kind?.(ctx, 'r', {})).toEqual(['rubric']);
      expect(await definitionVersionResource.complete?.kind?.(ctx, '', {})).toEqual(DEFINITION_KINDS);
      expect(await hashes('', { kind: 'rubric' })).toHaveLength(2);
      expect(await hashes(hash.slice(0, 6), { kind: 'rubric' })).toEqual([hash]);
      expect(await hashes('', {})).toHaveLength(8);
      expect(await hashes('', { kind: 'nothing' })).toEqual([]);
    });

    it.each([
      [{ kind: 'rubrik' }, 'not_found'],
      [{ kind: 'rubric', hash: 'nonsense' }, 'invalid_input'],
      [{ kind: 'rubric', hash: '00000000' }, 'not_found'],
    ] as const)('%j cannot be read', async (params, code) => {
      await expect(definitionVersionResource.read(ctx, params)).rejects.toMatchObject({ code });
    });
  });

  it('every version is listed, kinds in their order, the newest first', async () => {
    const saved = await saveRubric('Second');
    const all = await listDefinitions(ctx);
    expect(all.map((v) => `${v.kind} ${v.version}`)).toEqual(
      DEFINITION_KINDS.flatMap((kind) => (kind === 'rubric' ? ['rubric 2', 'rubric 1'] : [`${kind} 1`])),
    );
    expect(await listDefinitions(ctx, { kind: 'rubric' })).toMatchObject([
      { hash: saved.hash, inUseSince: '2026-03-02T09:00:01.000Z' },
      { version: 1, inUseSince: null },
    ]);
  });

  describe('the command line', () => {
    const run = (...args: string[]) => runCommand([registerValidate, registerDefinitions], ctx, args);

    async function file(name: string, text: string | Uint8Array): Promise<string> {
      const path = join(place(), name);
      await writeFile(path, text);
      return path;
    }

    it('validate says that a good file is good', async () => {
      const { out, code } = await run('validate', 'definitions/rubric.yaml', 'definitions/taxonomy.yaml');
      expect(code).toBe(0);
      expect(out).toMatch(/^definitions\/rubric\.yaml: a valid rubric, sha256 [0-9a-f]{64}\ndefinitions\/taxonomy\.yaml: a valid taxonomy/);
    });

    it('validate gives file, line, column, path and message of every problem, and exits with 1', async () => {
      const bad = await file('bad.yaml', 'kind: cadence\nreviews:\n  - id: Weekly\n    labl: x\n');
      const { out, code } = await run('validate', bad);
      expect(code).toBe(1);
      expect(out).toContain(`${bad}:3:9 reviews[0].id lower case letters, digits and _, starting with a letter`);
      expect(out).toContain(`${bad}:4:5 reviews[0].labl unknown key "labl"; did you mean label? Known keys: id, label, every`);
      const json = JSON.parse((await run('validate', '--json', bad)).out);
      expect(json).toMatchObject({ valid: false, files: [{ file: bad, valid: false, kind: 'cadence', hash: null }] });
      expect(json.files[0].problems).toContainEqual(expect.objectContaining({ path: 'reviews[0].id', line: 3, column: 9 }));
    });

    it.each([
      ['missing.yaml', undefined, /there is no such file/],
      ['latin1.yaml', Buffer.from('kind: icp\nname: Gr\xf6\xdfe\n', 'latin1'), /not UTF-8/],
      ['utf16.yaml', Buffer.from('\ufeffkind: icp', 'utf16le'), /UTF-16/],
      ['large.yaml', Buffer.alloc(1_000_001, 32), /larger than 1 MB/],
      ['empty.yaml', '', /a definition is a mapping/],
      ['nul.yaml', 'kind: icp\n\u0000', /NUL/],
    ] as const)('validate explains %s', async (name, content, message) => {
      const path = content === undefined ? join(place(), name) : await file(name, content);
      const { out, code } = await run('validate', path);
      expect(out).toMatch(message);
      expect(code).toBe(1);
    });

    it('validate --workspace knows the fields of the workspace', async () => {
      const taxonomy = structuredClone(shipped.taxonomy) as { fields: unknown[] };
      taxonomy.fields.push({ name: 'account.fleet_size', type: 'integer', label: 'Fleet size' });
      await saveDefinition(ctx, { document: taxonomy });
      const rubric = structuredClone(shipped.rubric) as { criteria: unknown[] };
      rubric.criteria[0] = { id: 'fleet', group: 'fit', bands: { field: 'account.fleet_size', steps: [[10, 5]] } };
      const path = await file('fleet.json', JSON.stringify(rubric));
      expect((await run('validate', path)).out).toMatch(/declares no field account\.fleet_size/);
      expect(await run('validate', '--workspace', path)).toMatchObject({ code: 0 });
    });

    it('definitions import puts files in use together, or nothing', async () => {
      const rubric = await file('rubric.json', JSON.stringify({ ...(shipped.rubric as Loose), name: 'From a file' }));
      const bad = await file('sla.yaml', 'kind: sla\n');
      const refused = await run('definitions', 'import', rubric, bad);
      expect(refused).toMatchObject({ code: 1, out: '' });
      expect(refused.err).toMatch(/calendar missing.*\n(.*\n)*Nothing was imported\./);
      expect((await getDefinition(ctx, { kind: 'rubric' })).definition.version).toBe(1);

      const done = await run('definitions', 'import', rubric, 'definitions/sla.yaml');
      expect(done.code).toBe(0);
      expect(done.out).toMatch(
        /^rubric v2 \(draft\) [0-9a-f]{64}: new, in use now, in place of v1\nsla v1 .*: in use already, nothing changed$/,
      );
      expect((await run('definitions', 'list', '--kind', 'rubric')).out).toMatch(/^rubric +v2 .*in use since.*\nrubric +v1 /);
    });

    it('definitions show gives sentences, JSON or YAML that validates again', async () => {
      const { hash } = (await getDefinition(ctx, { kind: 'icp' })).definition;
      expect((await run('definitions', 'show', 'icp')).out).toMatch(/Buying group\n {2}economic buyer, required, weight 30: /);
      expect(JSON.parse((await run('definitions', 'show', 'icp', '--json', '--hash', hash.slice(0, 10))).out)).toEqual(shipped.icp);
      const path = await file('icp.yaml', (await run('definitions', 'show', 'icp', '--yaml')).out);
      expect((await run('validate', path)).out).toBe(`${path}: a valid icp, sha256 ${hash}`);
      await expect(run('definitions', 'show', 'ipc')).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('icp') });
    });
  });
});
