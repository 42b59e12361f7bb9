import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { verifyAudit } from '../../src/db/verify-audit.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { getDefinition } from '../../src/definitions/get-definition.ts';
import { proposeDefinition } from '../../src/definitions/propose-definition.ts';
import type { Database } from '../../src/kernel/database.ts';
import { childProgram } from '../support/child-program.ts';
import { testContext } from '../support/context.ts';
import { createPostgresDatabase } from '../support/databases.ts';
import { makeLeaders, sign } from '../support/leaders.ts';
import { onceLeft } from '../support/owners.ts';
import { placeFolder, usePlace } from '../support/places.ts';

/** Signs for marketing and is killed within the signature of sales, in a process of its own. */
function killedWhileSigning(where: string, workspaceId: string, words: string): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [childProgram('sign'), where, workspaceId, words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => {
      out += String(text);
    });
    child.stderr.on('data', (text) => {
      err += String(text);
    });
    child.on('error', fail);
    child.on('close', (_code, signal) =>
      signal === 'SIGKILL' && out.includes('marketing has signed') ? done() : fail(new Error(`it was not killed there: ${out} ${err}`)),
    );
  });
}

async function proposed(db: Database, workspaceId: string): Promise<void> {
  const ctx = testContext(db, { workspaceId });
  await ensureWorkspace(ctx);
  await makeLeaders(ctx);
  await proposeDefinition(ctx, { kind: 'rubric', changes: [{ path: 'tiers.A', value: 72 }] });
}

/** What was acknowledged is there, what was not is not, and the signature that was lost can be given again. */
async function expectUnsigned(db: Database, workspaceId: string): Promise<void> {
  const ctx = testContext(db, { workspaceId });
  const after = await getDefinition(ctx, { kind: 'rubric' });
  expect(after.definition).toMatchObject({ version: 1, status: 'draft' });
  expect(after.signing.open).toMatchObject({ version: 2, state: 'proposed', missing: ['sales'] });
  expect((await verifyAudit(ctx)).broken).toBeUndefined();
  expect(await sign(ctx, { kind: 'rubric', team: 'sales' })).toMatchObject({ state: 'active', missing: [], activated: [{ version: 2 }] });
  expect((await getDefinition(ctx, { kind: 'rubric' })).definition).toMatchObject({ version: 2, status: 'signed' });
}

describe('a process that is killed between the signatures of two teams', () => {
  const place = usePlace('signing-crash');

  it('leaves the version in use as it was, in an embedded folder', async () => {
    const dataDir = await placeFolder(join(place(), 'data'));
    await onceLeft(dataDir, (db) => proposed(db, 'test'));
    await killedWhileSigning(dataDir, 'test', 'insert into definition_head');
    await onceLeft(dataDir, (db) => expectUnsigned(db, 'test'));
  }, 60_000);

  it.skipIf(inject('postgres') === undefined)(
    'and on PostgreSQL',
    async () => {
      const created = await createPostgresDatabase('migrated');
      const db = await openDatabase({ databaseUrl: created.url, dataDir: '' });
      try {
        for (const [workspaceId, words] of [
          ['state', 'insert into definition_state'],
          ['head', 'insert into definition_head'],
          ['audit', 'insert into audit_entry'],
        ] as const) {
          await proposed(db, workspaceId);
          await killedWhileSigning(created.url, workspaceId, words);
          await expectUnsigned(db, workspaceId);
        }
      } finally {
        await db.close();
        await created.drop();
      }
    },
    60_000,
  );
});
