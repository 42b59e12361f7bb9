import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { testContext } from '../support/context.ts';
import { stateOf } from '../support/imports.ts';
import { onceLeft } from '../support/owners.ts';
import { placeFolder, usePlace } from '../support/places.ts';

const ROWS = 20_000;

/** An import in a process of its own; killed as soon as it says that it is so far. */
function runImport(dataDir: string, file: string, killAt?: RegExp): Promise<{ killed: boolean; out: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [inject('program'), 'import', file, '--source', 'crm', '--observed-at', '2026-01-01', '--json'], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        SAMEPAGE_DATA_DIR: dataDir,
        SAMEPAGE_LOG_LEVEL: 'error',
        SAMEPAGE_IDLE_SECONDS: '0',
      },
    });
    let out = '';
    let said = '';
    child.stdout.on('data', (text) => {
      out += String(text);
    });
    child.stderr.on('data', (text) => {
      said += String(text);
      if (killAt?.test(said)) child.kill('SIGKILL');
    });
    child.on('error', fail);
    child.on('close', (code, signal) =>
      code === 0 || signal === 'SIGKILL' ? done({ killed: signal === 'SIGKILL', out }) : fail(new Error(said)),
    );
  });
}

const worldIn = (dataDir: string) => onceLeft(dataDir, (db) => stateOf(testContext(db, { workspaceId: 'default' })));

describe('an import that is killed', () => {
  const place = usePlace('import-kill');

  it('keeps what it had taken in, and ends like an undisturbed one when it is started again', async () => {
    const file = join(place(), 'people.csv');
    const rows = Array.from({ length: ROWS }, (_, i) => `P${i},Name ${i},p${i}@firm${i % 500}.com,CEO`);
    await writeFile(file, `id,name,email,title\n${rows.join('\n')}\n`);

    await placeFolder(join(place(), 'killed'));
    const first = await runImport(join(place(), 'killed'), file, /(?:[4-9]0|100) %/);
    const again = await runImport(join(place(), 'killed'), file);
    const report = z
      .object({ rows: z.object({ created: z.number(), unchanged: z.number(), bad: z.number() }) })
      .parse(JSON.parse(again.out));
    expect(report.rows.created + report.rows.unchanged).toBe(ROWS);
    if (first.killed) expect(report.rows.unchanged).toBeGreaterThan(0);

    await runImport(await placeFolder(join(place(), 'undisturbed')), file);
    expect(await worldIn(join(place(), 'killed'))).toEqual(await worldIn(join(place(), 'undisturbed')));
  });
});
