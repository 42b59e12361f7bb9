import { chmod, mkdir, mkdtemp, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { register as doctorCommand } from '../../src/cli/doctor.ts';
import { openDatabase } from '../../src/db/client.ts';
import { openPglite } from '../../src/db/pglite.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { deriveInWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { handOffLead } from '../../src/handoff/hand-off-lead.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import type { Database } from '../../src/kernel/database.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { type Diagnosis, doctor } from '../../src/upkeep/doctor.ts';
import { testContext } from '../support/context.ts';
import { createPostgresDatabase } from '../support/databases.ts';
import { named, patientOf, troubles } from '../support/diagnosis.ts';
import { handOffWorld } from '../support/hand-off-world.ts';
import { BY } from '../support/identity-world.ts';
import { placeFolder } from '../support/places.ts';
import { runCommand } from '../support/run-command.ts';

describe.skipIf(inject('postgres') === undefined)('the doctor of a PostgreSQL', () => {
  it('makes a finding of a server that does not answer, without its password', async () => {
    const url = 'postgres://someone:canary-secret@127.0.0.1:9/nowhere';
    const diagnosis = await doctor(
      patientOf(testContext({} as Database), { databaseUrl: url, open: () => openPostgres(url, { migrated: false }) }),
    );
    expect(named(diagnosis, 'database')).toMatchObject({ state: 'problem', mend: expect.stringContaining('DATABASE_URL') });
    expect(JSON.stringify(diagnosis)).not.toContain('canary');
  });

  it('leaves an empty database empty', async () => {
    const { url, drop } = await createPostgresDatabase('empty');
    const patient = patientOf(testContext({} as Database), { open: () => openPostgres(url, { migrated: false }) });
    const diagnosis = await doctor(patient);
    // there is nothing to repair, and no backup to restore
    expect(named(await doctor(patient, { repair: true }), 'repair')).toMatchObject({ state: 'skipped', mend: null });
    expect(named(diagnosis, 'migrations')).toMatchObject({ state: 'warning', says: expect.stringContaining('no tables') });
    const db = await openPostgres(url, { migrated: false });
    expect(await db.transaction('read', (tx) => tx.query(`select 1 from pg_namespace where nspname = 'drizzle'`))).toEqual([]);
    await db.close();
    await drop();
  });

  it('as a command finds who has two open hand-offs, and lets one stay', async () => {
    const { url, drop } = await createPostgresDatabase('migrated');
    const db = await openPostgres(url);
    const ctx = testContext(db, { workspaceId: 'default', peopleRegrouped: async () => {} });
    await handOffWorld(ctx);
    const older = await handOffLead(ctx, { person: 'ann@acme.com' });
    ctx.advance(3_600_000);
    const younger = await handOffLead(ctx, { person: 'bob@bolt.de', reason: 'met at the fair' });
    // as an earlier version merged: hand-offs stay where they are
    await mergeEntities(ctx, { kind: 'person', nodes: [older.person.id, younger.person.id], decision: BY });
    vi.stubEnv('DATABASE_URL', url);
    const run = async (...flags: string[]) => {
      const { out, code } = await runCommand([doctorCommand], undefined, ['doctor', '--json', ...flags]);
      const { findings }: Diagnosis = JSON.parse(out);
      return {
        code,
        hand_off: findings.find(({ check }) => check === 'hand_off'),
        repair: findings.find(({ check }) => check === 'repair'),
      };
    };
    expect(await run()).toMatchObject({
      code: 1,
      hand_off: {
        state: 'problem',
        says: `1 person has more than one open hand-off: ${older.person.id}`,
        mend: 'samepage-mcp doctor --repair: one of each stays',
      },
    });
    expect(await run('--repair')).toMatchObject({
      code: 0,
      repair: { state: 'warning', says: 'of 1 person one open hand-off stays' },
      hand_off: { state: 'ok', says: 'all 2 stand where their logs say' },
    });
    const stages = await deriveInWorkspace(ctx, (tx) => tx.query('select id::text, stage from hand_off order by handed_at'));
    expect(stages).toEqual([
      { id: older.id, stage: 'mql' },
      { id: younger.id, stage: 'merged' },
    ]);
    vi.unstubAllEnvs();
    await db.close();
    await drop();
  });
});

describe.skipIf(process.platform === 'win32')('the doctor of a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'samepage-doctor-')), 'data');
  });
  afterEach(async () => {
    await rm(join(folder, '..'), { recursive: true, force: true });
  });
  const look = () => {
    const config = { databaseUrl: undefined, dataDir: folder };
    return doctor(patientOf(testContext({} as Database), { ...config, open: () => openDatabase(config, { migrated: false }) }));
  };
  const create = async () => {
    const db = await openPglite(folder);
    await ensureWorkspace(testContext(db));
    return db;
  };

  it('makes none where there is none', async () => {
    expect(named(await look(), 'folder')).toMatchObject({ state: 'ok', says: expect.stringContaining('does not exist yet') });
    expect(await readdir(join(folder, '..'))).toEqual([]);
  });

  it('finds files of others where a database should be', async () => {
    await mkdir(folder, { mode: 0o700 });
    expect(named(await look(), 'folder')).toMatchObject({ state: 'skipped', says: expect.stringContaining('no database yet') });
    await writeFile(join(folder, 'holiday.jpg'), 'x');
    expect(named(await look(), 'folder')).toMatchObject({ state: 'problem', says: expect.stringContaining('holiday.jpg') });
    expect(await readdir(folder)).toEqual(['holiday.jpg']);
  });

  it('finds a healthy one healthy, then what is wrong with it', async () => {
    await (await create()).close();
    const healthy = await look();
    expect(troubles(healthy)).toEqual([]);
    expect(named(healthy, 'permissions')).toMatchObject({ state: 'ok' });
    expect(named(healthy, 'owner')).toMatchObject({ state: 'ok', says: 'no process has the folder open' });
    expect(named(healthy, 'workspace')).toMatchObject({ state: 'ok' });

    await chmod(folder, 0o755);
    expect(named(await look(), 'permissions')).toMatchObject({ state: 'problem', mend: `chmod 700 ${folder}` });
    await chmod(folder, 0o700);

    // a socket of a process that is gone: renamed, so that its end does not take it along
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, 'x.sock'), resolve));
    await rename(join(folder, 'x.sock'), join(folder, 'owner-999999-0123abcd.sock'));
    await new Promise((resolve) => server.close(resolve));
    const left = await look();
    expect(named(left, 'sockets')).toMatchObject({ state: 'warning', says: expect.stringContaining('owner-999999') });

    await writeFile(join(folder, 'samepage.json'), '{');
    expect(named(await look(), 'folder')).toMatchObject({ state: 'problem', mend: expect.stringContaining('restore') });
  });

  it('names the process that has it', async () => {
    const db = await create();
    const diagnosis = await look();
    expect(named(diagnosis, 'owner')?.says).toContain(`process ${process.pid}`);
    expect(named(diagnosis, 'database')).toMatchObject({ state: 'skipped', says: expect.stringContaining('in use') });
    await db.close();
  });

  it('names a process that has it and does not answer, and what ends it', async () => {
    await placeFolder(folder);
    const server = createServer((socket) => void socket.resume());
    await new Promise<void>((resolve) => server.listen(join(folder, 'owner-4242-0123abcd.sock'), resolve));
    expect(named(await look(), 'owner')).toMatchObject({
      state: 'warning',
      says: expect.stringContaining('process 4242'),
      mend: expect.stringContaining('4242`'),
    });
    await new Promise((resolve) => server.close(resolve));
  });

  it('says of a folder that cannot be opened what that says itself', async () => {
    await placeFolder(folder);
    const refusal = new SamepageError('folder_rejected', 'The data folder is on a read-only disk.', 'Make the disk writable.');
    const config = { databaseUrl: undefined, dataDir: folder };
    const patient = patientOf(testContext({} as Database), { ...config, open: () => Promise.reject(refusal) });
    expect(named(await doctor(patient), 'database')).toMatchObject({ state: 'problem', mend: 'Make the disk writable.' });
    const long = { ...config, dataDir: join(folder, 'x'.repeat(300)) };
    expect(named(await doctor(patientOf(testContext({} as Database), long)), 'folder')).toMatchObject({
      state: 'problem',
      mend: expect.stringContaining('SAMEPAGE_DATA_DIR'),
    });
  });

  it('makes a finding of a database that is lost or damaged', async () => {
    await (await create()).close();
    await truncate(join(folder, 'database', 'global', 'pg_control'), 100);
    const damaged = await look();
    expect(named(damaged, 'database')).toMatchObject({ state: 'problem', mend: expect.stringContaining('restore') });
    await rm(join(folder, 'database', 'PG_VERSION'));
    expect(named(await look(), 'folder')).toMatchObject({ state: 'problem', says: expect.stringContaining('lost its database') });
  });
});
