import { beforeAll, beforeEach, expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { currentDefinition } from '../../src/definitions/current-definition.ts';
import { getDefinition } from '../../src/definitions/get-definition.ts';
import { proposeDefinition } from '../../src/definitions/propose-definition.ts';
import { saveDefinition, saveDefinitions } from '../../src/definitions/save-definition.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import type { TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { useWorkspaces } from '../support/imports.ts';
import { makeLeaders, sign, signBoth } from '../support/leaders.ts';

type Loose = Record<string, unknown>;

describeDatabases('what is signed gives way to nothing less', (open) => {
  let shipped: Awaited<ReturnType<typeof shippedDefinitions>>;
  let ctx: TestContext;

  const fresh = useWorkspaces(open);
  beforeAll(async () => {
    shipped = await shippedDefinitions();
  });
  beforeEach(async () => {
    ctx = await fresh();
    await makeLeaders(ctx);
  });

  const current = () => readWorkspace(ctx, (tx) => currentDefinition(tx, ctx, 'rubric'));

  it('an import in its place is a proposal', async () => {
    await signBoth(ctx, 'rubric');
    const before = await current();
    const saved = await saveDefinition(ctx, { document: { ...(shipped.rubric as Loose), name: 'Imported' } });
    expect(saved).toMatchObject({ outcome: 'proposed', previous: { hash: before.hash } });
    expect((await current()).hash).toBe(before.hash);
    expect(await saveDefinition(ctx, { document: { ...(shipped.rubric as Loose), name: 'Imported' } })).toMatchObject({
      outcome: 'proposed_already',
    });
    await signBoth(ctx, 'rubric');
    expect((await current()).document.name).toBe('Imported');
    // the old one has its old signatures, and needs new ones all the same
    expect(await saveDefinition(ctx, { document: shipped.rubric })).toMatchObject({ outcome: 'proposed', version: 1 });
    expect((await getDefinition(ctx, { kind: 'rubric' })).signing.open?.missing).toEqual(['marketing', 'sales']);
  });

  it('a version that comes back as a draft has none of its old signatures', async () => {
    await signBoth(ctx, 'rubric');
    const first = await current();
    await proposeDefinition(ctx, { kind: 'rubric', changes: [{ path: 'criteria.pricing.events.points', value: 9 }] });
    await signBoth(ctx, 'rubric');
    await sign(ctx, { kind: 'rubric', team: 'sales', withdraw: true });
    // what is in use is a draft now, and gives way to a draft
    expect(await saveDefinition(ctx, { document: shipped.rubric })).toMatchObject({ outcome: 'current_again', hash: first.hash });
    expect((await current()).status).toBe('draft');
    expect((await getDefinition(ctx, { kind: 'rubric' })).signing).toMatchObject({ state: 'draft', signatures: [] });
    await signBoth(ctx, 'rubric');
    expect(await current()).toMatchObject({ hash: first.hash, status: 'signed' });
  });

  it('versions that need each other are proposed together and come into use together', async () => {
    await signBoth(ctx, 'rubric');
    await signBoth(ctx, 'taxonomy');
    const taxonomy = structuredClone(shipped.taxonomy) as { fields: Loose[] };
    taxonomy.fields.push({ name: 'account.maturity', type: 'keyword', label: 'Maturity' });
    const rubric = structuredClone(shipped.rubric) as { criteria: Loose[] };
    rubric.criteria.push({ id: 'maturity', group: 'fit', when: { field: 'account.maturity', eq: 'late' }, points: 2 });
    await expect(proposeDefinition(ctx, { kind: 'rubric', document: rubric as unknown as Loose })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await saveDefinitions(ctx, { documents: [rubric, taxonomy] });
    expect(await signBoth(ctx, 'rubric')).toMatchObject({ state: 'signed', activated: [] });
    expect((await current()).version).toBe(1);
    expect((await signBoth(ctx, 'taxonomy')).activated.map(({ kind }) => kind)).toEqual(['rubric', 'taxonomy']);
    expect(await current()).toMatchObject({ version: 2, status: 'signed' });
  });
});
