import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { register as definitions } from '../../src/cli/definitions.ts';
import { register as signCommand } from '../../src/cli/sign.ts';
import { register as team } from '../../src/cli/team.ts';
import { getDefinition } from '../../src/definitions/get-definition.ts';
import type { Database } from '../../src/kernel/database.ts';
import { newWorkspace, type TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { makeLeaders, sign } from '../support/leaders.ts';
import { usePlace } from '../support/places.ts';
import { runCommand } from '../support/run-command.ts';

describeDatabases('commands of definitions', (open) => {
  let database: Database;
  let ctx: TestContext;
  const place = usePlace('definitions');

  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    ctx = await newWorkspace(database);
  });

  const run = (...args: string[]) => runCommand([definitions, team, signCommand], ctx, args);

  it('export writes what is in use, leaves what says the same, and overwrites nothing else unless told', async () => {
    const to = join(place(), 'git one');
    const { out } = await run('definitions', 'export', to);
    expect(out.split('\n')).toHaveLength(7);
    expect(out).toContain(`${join(to, 'rubric.yaml')}: written`);
    const rubric = join(to, 'rubric.yaml');
    const text = await readFile(rubric, 'utf8');
    await writeFile(rubric, `# ours\n${text}`);
    expect((await run('definitions', 'export', to)).out).toContain(`${rubric}: unchanged`);
    expect(await readFile(rubric, 'utf8')).toMatch(/^# ours\n/);

    await writeFile(rubric, text.replace('A: 70', 'A: 71'));
    await writeFile(join(to, 'sla.yaml'), 'kind: [');
    await expect(run('definitions', 'export', to)).rejects.toMatchObject({
      code: 'conflict',
      message: /rubric\.yaml, .*sla\.yaml are there/,
    });
    expect(await readFile(rubric, 'utf8')).toContain('A: 71');
    await run('definitions', 'export', to, '--force');
    expect(await readFile(rubric, 'utf8')).toBe(text);
    expect(await run('definitions', 'diff', rubric)).toEqual({ out: `${rubric}: as in use`, err: '', code: 0 });
  });

  it('diff tells what a file would change, and exits with 1', async () => {
    const path = join(place(), 'changed.yaml');
    const { definition } = await getDefinition(ctx, { kind: 'rubric' });
    const rubric = structuredClone(definition.document) as unknown as {
      criteria: { id: string; points?: number }[];
      lists: { competitors: string[] };
    };
    rubric.criteria = rubric.criteria.filter(({ id }) => id !== 'hiring');
    for (const one of rubric.criteria) if (one.id === 'industry') one.points = 21;
    rubric.lists.competitors.push('third.example');
    await writeFile(path, JSON.stringify(rubric));
    const { out, code } = await run('definitions', 'diff', path);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      `${path}: against the rubric in use`,
      '  criteria.industry.points: 20 → 21',
      '  − criteria.hiring: id: hiring; label: Hiring; group: intent; signal: type: hiring; within_days: 60; points: 4',
      '  + lists.competitors: third.example',
    ]);
    await writeFile(path, 'kind: rubric\n');
    expect(await run('definitions', 'diff', path)).toMatchObject({ code: 1, err: expect.stringContaining('missing') });
  });

  it('team names leaders, and sign is refused where there is no terminal', async () => {
    expect((await run('team', 'list')).out).toBe('No team has anybody yet: `samepage-mcp team lead sales "Name"`.');
    expect((await run('team', 'lead', 'sales', 'Sam Ode')).out).toBe('Sam Ode is a leader of sales.');
    await run('team', 'join', 'sales', 'Jo May');
    await run('team', 'lead', 'marketing', 'Mara Lind');
    await run('team', 'leave', 'marketing', 'Mara Lind');
    expect(JSON.parse((await run('team', 'list', '--json')).out)).toEqual([
      { team: 'sales', name: 'Sam Ode', role: 'leader' },
      { team: 'sales', name: 'Jo May', role: 'member' },
    ]);
    await expect(run('team', 'lead', 'salse', 'X')).rejects.toMatchObject({
      message: 'There is no team named "salse"; did you mean sales?',
    });
    await expect(run('team', 'lead', 'sales', 'a\nb')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(run('sign', 'rubric', '--team', 'sales')).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('import in place of what is signed says how to sign it', async () => {
    await makeLeaders(ctx);
    for (const of of ['sales', 'marketing'] as const) await sign(ctx, { kind: 'cadence', team: of });
    expect((await run('definitions', 'list', '--kind', 'cadence')).out).toMatch(/^cadence +v1 +signed /);
    expect(JSON.parse((await run('definitions', 'list', '--kind', 'cadence', '--json')).out)).toMatchObject([
      { kind: 'cadence', status: 'signed', recorded_by: expect.any(String), in_use_since: expect.any(String) },
    ]);
    const path = join(place(), 'cadence.yaml');
    await writeFile(path, (await readFile('definitions/cadence.yaml', 'utf8')).replace('name: Default', 'name: Our'));
    expect((await run('definitions', 'import', path)).out).toMatch(
      /^cadence v2 \(draft\) [0-9a-f]{64}: proposed in place of the signed v1; `samepage-mcp sign cadence --team TEAM` signs it$/,
    );
  });
});
