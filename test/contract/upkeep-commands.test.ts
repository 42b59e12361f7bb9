import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { createPostgresDatabase } from '../support/databases.ts';
import { makePlace, placeFolder, removePlace } from '../support/places.ts';
import { refuseCamelCase } from '../support/run-command.ts';

interface Ended {
  code: number;
  out: string;
  err: string;
}

let folder: string;
beforeAll(async () => {
  folder = await makePlace('upkeep');
  await placeFolder(join(folder, 'data'));
  await writeFile(join(folder, 'accounts.csv'), 'domain,name,industry\nacme.com,Acme,Software\nbolt.io,Bolt,Fintech\n');
});
afterAll(() => removePlace(folder));

function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const options = {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, SAMEPAGE_DATA_DIR: join(folder, 'data'), SAMEPAGE_LOG_LEVEL: 'error', ...env },
  };
  return new Promise((done) => {
    execFile(process.execPath, [inject('program'), ...args], options, (error, out, err) =>
      done({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, out, err }),
    );
  });
}

const findings = z.object({ state: z.string(), findings: z.array(z.object({ check: z.string(), state: z.string(), says: z.string() })) });

describe('the commands of upkeep', () => {
  it('back up, restore and examine a workspace', async () => {
    expect((await run(['import', 'accounts.csv', '--kind', 'accounts'])).code).toBe(0);
    expect((await run(['rescore', '--all'])).code).toBe(0);
    const saved = await run(['backup']);
    expect(saved).toMatchObject({ code: 0, err: expect.not.stringContaining('rror') });
    expect(saved.out).toMatch(/account +2 +[0-9a-f]{16}/);
    const file = (await readdir(folder)).find((name) => name.startsWith('samepage-default-')) ?? '';
    expect(file).toMatch(/^samepage-default-\d{4}-\d\d-\d\dT\d{6}Z\.backup\.gz$/);

    const elsewhere = { SAMEPAGE_DATA_DIR: join(folder, 'restored') };
    const restored = await run(['restore', file], elsewhere);
    expect(restored, restored.err).toMatchObject({ code: 0 });
    expect(restored.out).toMatch(/Receipts: all 2 reproduced/);
    const again = await run(['restore', file], elsewhere);
    expect(again).toMatchObject({ code: 1, err: expect.stringMatching(/Error conflict: .*2 in account/) });

    const healthy = await run(['doctor'], elsewhere);
    expect(healthy, healthy.out).toMatchObject({ code: 0, out: expect.stringContaining('All is well.') });
    // the owner that the commands started is still there for the next
    expect(healthy.out.replace(/\s+/g, ' ')).toMatch(/owner +ok +process \d+ \(.*serving \d+ clients?\)/);
  });

  it('tell what is wrong and end with 1', async () => {
    const wrong = await run(['doctor'], { DATABASE_URL: 'mysql://canary', SAMEPAGE_COLOUR: 'red' });
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/environment +PROBLEM +SAMEPAGE_COLOUR/);
    expect(wrong.out + wrong.err).not.toContain('canary');
    const away = await run(['doctor', '--json'], { DATABASE_URL: 'postgres://ann:canary@127.0.0.1:9/none' });
    expect(away.code).toBe(1);
    expect(findings.parse(JSON.parse(away.out))).toMatchObject({
      state: 'problem',
      findings: [{ check: 'program' }, { check: 'database' }],
    });
    expect(away.out + away.err).not.toContain('canary');
    expect(await run(['backup'], { SAMEPAGE_WORKSPACE: 'nobody' })).toMatchObject({ code: 1, err: expect.stringContaining('not_found') });
    expect(await run(['move', '--to', join(folder, 'data')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('configured already'),
    });
  });

  it.skipIf(inject('postgres') === undefined)('move it to a PostgreSQL and back, and say what to set next', async () => {
    const created = await createPostgresDatabase('empty');
    const url = new URL(created.url);
    url.password = 'canary';
    const moved = await run(['move', '--to', url.href]);
    expect(moved, moved.err).toMatchObject({ code: 0 });
    expect(moved.out).toContain(`DATABASE_URL=postgres://postgres:…@${url.host}${url.pathname}`);
    expect(moved.out + moved.err).not.toContain('canary');
    const back = await run(['move', '--to', 'back', '--json'], { DATABASE_URL: url.href });
    expect(back, back.err).toMatchObject({ code: 0 });
    const printed: unknown = JSON.parse(back.out);
    refuseCamelCase(printed);
    expect(printed).toMatchObject({ receipts: { total: 2, checked: 2, different: 0 }, audit_entries: { default: expect.any(Number) } });
    await created.drop();
  });
});
