import { beforeAll, describe, expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { DEFINITION_KINDS } from '../../src/definitions/core/definition.ts';
import { currentDefinition } from '../../src/definitions/current-definition.ts';
import { definitionByHash, definitionByVersion } from '../../src/definitions/definition-by-hash.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { saveDefinition, saveDefinitions } from '../../src/definitions/save-definition.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import { canonicalJson, sha256 } from '../../src/kernel/canonical-json.ts';
import type { Database } from '../../src/kernel/database.ts';
import { newWorkspace, type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';

type Documents = Awaited<ReturnType<typeof shippedDefinitions>>;
type Loose = Record<string, unknown>;

describeDatabases('definitions', (open) => {
  let database: Database;
  let shipped: Documents;

  beforeAll(async () => {
    database = await open();
    shipped = await shippedDefinitions();
  });

  const fresh = () => newWorkspace(database);

  const rubricNamed = (name: string) => ({ ...(shipped.rubric as Loose), name });
  const current = (ctx: TestContext, knownAt?: Date) => readWorkspace(ctx, (tx) => currentDefinition(tx, ctx, 'rubric', knownAt));
  const count = (ctx: TestContext, from: string) =>
    readWorkspace(ctx, (tx) => tx.query(`select count(*)::int as n from ${from} where workspace_id = $1`, [ctx.workspaceId]));

  describe('a new workspace', () => {
    it('has one version of each kind, named by the hash of its canonical text', async () => {
      const ctx = await fresh();
      for (const kind of DEFINITION_KINDS) {
        const found = await readWorkspace(ctx, (tx) => currentDefinition(tx, ctx, kind));
        expect(found).toMatchObject({ kind, version: 1, status: 'draft', document: { kind } });
        expect(found.hash).toBe(sha256(canonicalJson(shipped[kind])));
      }
    });

    it('is made once', async () => {
      const ctx = await fresh();
      ctx.advance(60_000);
      await ensureWorkspace(ctx);
      await ensureWorkspace(ctx);
      expect(await count(ctx, 'definition_version')).toEqual([{ n: 7 }]);
      expect(await count(ctx, 'definition_head')).toEqual([{ n: 7 }]);
      expect(await count(ctx, 'audit_entry')).toEqual([{ n: 1 }]);
    });

    it('is made once by two who start together', async () => {
      const ctx = testContext(database, { workspaceId: 'together' });
      await Promise.all([ensureWorkspace(ctx), ensureWorkspace(ctx)]);
      expect(await count(ctx, 'definition_head')).toEqual([{ n: 7 }]);
    });

    it('is made for a reader too, who cannot save', async () => {
      const ctx = testContext(database, { workspaceId: 'reader', actor: { id: 'reader', scopes: new Set(['read'] as const) } });
      await ensureWorkspace(ctx);
      expect((await current(ctx)).version).toBe(1);
      await expect(saveDefinition(ctx, { document: rubricNamed('x') })).rejects.toMatchObject({ code: 'permission_denied' });
    });
  });

  describe('versions', () => {
    it('a new document is a new version, and the old one stays', async () => {
      const ctx = await fresh();
      const before = await current(ctx);
      ctx.advance(1000);
      const saved = await saveDefinition(ctx, { document: rubricNamed('Second') });
      expect(saved).toMatchObject({ kind: 'rubric', version: 2, outcome: 'new', previous: { hash: before.hash, version: 1 } });
      expect((await current(ctx)).document.name).toBe('Second');
      expect(await readWorkspace(ctx, (tx) => definitionByHash(tx, ctx, 'rubric', before.hash))).toEqual(before);
      expect(await readWorkspace(ctx, (tx) => definitionByVersion(tx, ctx, 'rubric', 1))).toEqual(before);
    });

    it('the same document in another order of keys changes nothing', async () => {
      const ctx = await fresh();
      const before = await current(ctx);
      const turned = Object.fromEntries(Object.entries(shipped.rubric as Loose).reverse());
      expect(await saveDefinition(ctx, { document: turned })).toMatchObject({ version: 1, hash: before.hash, outcome: 'unchanged' });
      expect(await count(ctx, 'definition_head')).toEqual([{ n: 7 }]);
    });

    it('an older document comes back in use under its old number', async () => {
      const ctx = await fresh();
      await saveDefinition(ctx, { document: rubricNamed('Second') });
      expect(await saveDefinition(ctx, { document: shipped.rubric })).toMatchObject({ version: 1, outcome: 'current_again' });
      expect((await current(ctx)).version).toBe(1);
      expect(await saveDefinition(ctx, { document: rubricNamed('Third') })).toMatchObject({ version: 3, previous: { version: 1 } });
    });

    it('the head is the one that was in use at the instant asked for', async () => {
      const ctx = await fresh();
      const times: Date[] = [];
      for (const name of ['Second', 'Third', 'Second']) {
        times.push(ctx.advance(60_000));
        await saveDefinition(ctx, { document: rubricNamed(name) });
      }
      const nameAt = async (offset: number, i: number) => (await current(ctx, new Date((times[i]?.getTime() ?? 0) + offset))).document.name;
      expect(await nameAt(-1, 0)).toBe('Default rubric');
      expect(await nameAt(0, 0)).toBe('Second');
      expect(await nameAt(59_999, 0)).toBe('Second');
      expect(await nameAt(0, 1)).toBe('Third');
      expect(await nameAt(0, 2)).toBe('Second');
      await expect(current(ctx, new Date('2020-01-01T00:00:00Z'))).rejects.toMatchObject({ code: 'not_found' });
    });

    it('a workspace does not see the versions of another', async () => {
      const [one, other] = [await fresh(), await fresh()];
      const saved = await saveDefinition(one, { document: rubricNamed('Ours alone') });
      expect((await current(other)).document.name).toBe('Default rubric');
      await expect(readWorkspace(other, (tx) => definitionByHash(tx, other, 'rubric', saved.hash))).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });

  describe('refusals', () => {
    it('names every problem and writes nothing', async () => {
      const ctx = await fresh();
      const rubric = structuredClone(shipped.rubric) as { criteria: Loose[] };
      rubric.criteria[0] = { ...rubric.criteria[0], group: 'fitt' };
      rubric.criteria[3] = { ...rubric.criteria[3], when: { field: 'account.nonsense', exists: true } };
      rubric.criteria[5] = { ...rubric.criteria[5], weight: 3 };
      await expect(saveDefinition(ctx, { document: rubric })).rejects.toMatchObject({
        code: 'invalid_input',
        problems: [
          { path: 'criteria[5].weight' },
          { path: 'criteria[0].group', value: 'fitt' },
          { path: 'criteria[3].when.field', value: 'account.nonsense' },
        ],
      });
      await expect(saveDefinition(ctx, { document: { ...(shipped.rubric as object), max: 0 } })).rejects.toMatchObject({
        message: 'The definition has a problem at max (found 0): too small: at least 1.',
        next: 'Correct the document at each path that a problem names, and give it whole again.',
      });
      expect(await count(ctx, 'definition_version')).toEqual([{ n: 7 }]);
    });

    it('a taxonomy that drops what others use is a conflict; saved together with them it is not', async () => {
      const ctx = await fresh();
      const taxonomy = structuredClone(shipped.taxonomy) as { fields: { name: string }[] };
      taxonomy.fields = taxonomy.fields.map((field) =>
        field.name === 'account.technologies' ? { ...field, name: 'account.stack' } : field,
      );
      const refusal = saveDefinition(ctx, { document: taxonomy });
      await expect(refusal).rejects.toMatchObject({
        code: 'conflict',
        problems: [{ path: 'icp: firmographics[4].field' }, { path: 'rubric: criteria[6].when.field' }],
      });
      const others = [shipped.rubric, shipped.icp].map((one): unknown =>
        JSON.parse(JSON.stringify(one).replaceAll('account.technologies', 'account.stack')),
      );
      const saved = await saveDefinitions(ctx, { documents: [taxonomy, ...others] });
      expect(saved.map((one) => [one.kind, one.version])).toEqual([
        ['taxonomy', 2],
        ['rubric', 2],
        ['icp', 2],
      ]);
    });

    it('two documents of one kind', async () => {
      const ctx = await fresh();
      await expect(saveDefinitions(ctx, { documents: [shipped.rubric, rubricNamed('x')] })).rejects.toMatchObject({
        code: 'invalid_input',
      });
    });
  });
});
