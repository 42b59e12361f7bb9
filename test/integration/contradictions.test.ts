import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { register as registerDefinitions } from '../../src/cli/definitions.ts';
import { register as registerValidate } from '../../src/cli/validate.ts';
import { getDefinition } from '../../src/definitions/get-definition.ts';
import { proposeDefinition } from '../../src/definitions/propose-definition.ts';
import { saveDefinitions } from '../../src/definitions/save-definition.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import { canonicalJson, documentHash } from '../../src/kernel/canonical-json.ts';
import type { Database } from '../../src/kernel/database.ts';
import { proposeDefinitionTool } from '../../src/tools/propose-definition.ts';
import { newWorkspace, type TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { edited } from '../support/edit-document.ts';
import { usePlace } from '../support/places.ts';
import { runCommand } from '../support/run-command.ts';

describeDatabases('definitions that contradict each other', (open) => {
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
  });

  const warm = { path: 'clocks.speed_to_lead.exceptions.warm', value: { id: 'warm', sources: ['referal'], within: { hours: 1 } } };

  it('a proposal names the place, the value and the next step', async () => {
    await expect(proposeDefinition(ctx, { kind: 'sla', changes: [warm] })).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [
        {
          path: 'clocks[0].exceptions[1].sources[0]',
          value: 'referal',
          reason: 'the taxonomy has no lead source "referal"; did you mean referral?',
        },
      ],
    });
    await expect(
      proposeDefinition(ctx, { kind: 'attribution', changes: [{ path: 'milestones.closed_won', value: 'customer' }] }),
    ).rejects.toMatchObject({
      problems: [{ path: 'milestones.closed_won', value: 'customer', reason: /has no stage "customer"; there are/ }],
    });
    const member = [{ path: 'routing.pools.europe.members', value: [{ owner: 'Sam Ode', calendar: 'berlin' }] }];
    await expect(proposeDefinition(ctx, { kind: 'taxonomy', changes: member })).rejects.toMatchObject({
      problems: [{ value: 'berlin', reason: 'the SLA has no calendar "berlin"; there are london' }],
    });
  });

  it('is checked against what else is proposed, and what is in use against it', async () => {
    const events = [{ path: 'lead_sources.-', value: { id: 'community', label: 'Community' } }];
    await proposeDefinition(ctx, { kind: 'taxonomy', changes: events });
    const community = { ...warm, value: { ...warm.value, sources: ['community'] } };
    expect(await proposeDefinition(ctx, { kind: 'sla', changes: [community] })).toMatchObject({ outcome: 'proposed' });
    // the stage that the attribution in use speaks of
    const renamed = edited(shipped.taxonomy, 'lifecycle.0.id', 'enquiry');
    await expect(saveDefinitions(ctx, { documents: [renamed] })).rejects.toMatchObject({
      code: 'conflict',
      problems: expect.arrayContaining([expect.objectContaining({ path: 'attribution: milestones.lead_created', value: 'inquiry' })]),
    });
  });

  it('what is far too large is refused as any other slip is, and nothing is kept of it', async () => {
    const icp = { ...(shipped.icp as Record<string, unknown>) };
    await expect(proposeDefinition(ctx, { kind: 'icp', document: { ...icp, description: 'x'.repeat(10_000_000) } })).rejects.toMatchObject({
      code: 'invalid_input',
      message: /^The definition has a problem at description \(found x{77}…\): too long: at most 4000 characters\.$/,
    });
    await expect(proposeDefinition(ctx, { kind: 'icp', document: { ...icp, segments: Array(300_000).fill('x') } })).rejects.toMatchObject({
      problems: [{ path: '(document)', reason: 'more than 200000 values; a definition is far smaller' }],
    });
    expect((await getDefinition(ctx, { kind: 'icp' })).versions).toBe(1);
  });

  it('what was in use before a rule came in stands in nobody’s way', async () => {
    const old = edited(shipped.attribution, 'milestones.closed_won', 'customer');
    await database.transaction('write', async (tx) => {
      await tx.query("select set_config('app.workspace_id', $1, true)", [ctx.workspaceId]);
      const [hash, at] = [documentHash(old), '2026-03-02T09:00:01Z'];
      await tx.query(
        `insert into definition_version (workspace_id, kind, hash, version, document, recorded_at, recorded_by)
         values ($1, 'attribution', $2, 2, $3, $4::timestamptz, 'test')`,
        [ctx.workspaceId, hash, canonicalJson(old), at],
      );
      await tx.query(
        `insert into definition_head (workspace_id, kind, recorded_at, hash, recorded_by) values ($1, 'attribution', $2::timestamptz, $3, 'test')`,
        [ctx.workspaceId, at, hash],
      );
    });
    expect((await getDefinition(ctx, { kind: 'attribution' })).definition.version).toBe(2);
    const taxonomy = edited(shipped.taxonomy, 'lead_sources.0.label', 'Search');
    expect(await saveDefinitions(ctx, { documents: [taxonomy] })).toMatchObject([{ outcome: 'new' }]);
  });

  describe('in files', () => {
    const run = (...args: string[]) => runCommand([registerValidate, registerDefinitions], ctx, args);

    it('of a folder are told with their lines, and none is imported', async () => {
      const git = join(place(), 'git');
      await mkdir(git);
      const sla = edited(shipped.sla, 'clocks.0.exceptions.0.sources', ['referal']);
      await writeFile(join(git, 'sla.yaml'), stringify(sla));
      await writeFile(join(git, 'rubric.yaml'), stringify(edited(shipped.rubric, 'criteria.0.when.in', ['retail'])));
      const wanted = [{ field: 'account.industry', required: true, values: ['software'] }];
      await writeFile(join(git, 'icp.json'), JSON.stringify(edited(shipped.icp, 'firmographics', wanted)));
      await writeFile(join(git, 'notes.txt'), 'not a definition');
      const { out, code } = await run('validate', git);
      expect(code).toBe(1);
      expect(out).toMatch(/icp\.json: a valid icp/);
      expect(out).toMatch(
        /rubric\.yaml:\d+:\d+ criteria\[0\]\.when\.in\[0\] the ICP does not want it: firmographics lists other values of account\.industry; add it there first/,
      );
      expect(out).toMatch(
        /sla\.yaml:\d+:\d+ clocks\[0\]\.exceptions\[0\]\.sources\[0\] the taxonomy has no lead source "referal"; did you mean referral\?/,
      );
      expect(out).not.toContain('notes.txt');
      const refused = await run('definitions', 'import', git);
      expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('Nothing was imported.') });
      expect((await getDefinition(ctx, { kind: 'icp' })).versions).toBe(1);
    });

    it('a folder without definitions is no file', async () => {
      const empty = join(place(), 'empty');
      await mkdir(empty);
      expect(await run('validate', empty)).toMatchObject({
        code: 1,
        out: expect.stringContaining('a folder without a YAML or JSON file in it'),
      });
    });
  });

  it('a proposed SLA shows which clocks would change, by source and tier', async () => {
    const input = proposeDefinitionTool.input.parse({
      kind: 'sla',
      changes: [
        { path: 'clocks.speed_to_disposition.within', value: { hours: 24 } },
        { ...warm, value: { ...warm.value, sources: ['referral'], tiers: ['A', 'B'] } },
      ],
    });
    const output = proposeDefinitionTool.output.parse(await proposeDefinitionTool.run(ctx, input));
    expect(output.clocks).toEqual([
      { clock: 'speed_to_lead', source: 'referral', tier: 'A', when: null, from: '4 business hours', to: '1 business hour' },
      { clock: 'speed_to_lead', source: 'referral', tier: 'B', when: null, from: '4 business hours', to: '1 business hour' },
      { clock: 'speed_to_disposition', source: null, tier: null, when: null, from: '48 hours', to: '24 hours' },
    ]);
    const text = proposeDefinitionTool.text(output, input);
    expect(text).toContain('speed_to_disposition: 48 hours → 24 hours');
    expect(text).toContain('speed_to_lead (referral, tier A): 4 business hours → 1 business hour');
  });
});
