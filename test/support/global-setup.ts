import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { DURABLE_START, DurableNodeFs } from '../../src/db/durable-fs.ts';
import { claimFolder } from '../../src/db/folder.ts';
import { migrate } from '../../src/db/migrate.ts';
import { wrapPglite } from '../../src/db/pglite.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { buildProgram } from './build-program.ts';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** An embedded folder with a migrated database, which nobody has open. */
    folderTemplate: string;
    /** The built program: what `samepage-mcp` runs. */
    program: string;
    /** A URL that may create databases, and the name of the migrated one to copy. */
    postgres: { url: string; template: string } | undefined;
  }
}

function databaseUrl(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.href;
}

async function makeFolder(folder: string): Promise<void> {
  const claimed = await claimFolder(folder);
  const client = await PGlite.create({ fs: new DurableNodeFs(claimed.databaseDir), startParams: [...DURABLE_START] });
  await migrate(wrapPglite(client));
  await client.close();
  await claimed.markReady();
  await claimed.release();
}

/** Builds the program and makes both databases ready, once for all test files: `TEST_DATABASE_URL`, else a server of our own, else PGlite alone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'samepage-tests-'));
  const folderTemplate = join(folder, 'data');
  const given = process.env.TEST_DATABASE_URL;
  const [program, server] = await Promise.all([
    buildProgram(folder),
    given === undefined ? startPostgres() : undefined,
    makeFolder(folderTemplate),
  ]);
  project.provide('program', program);
  project.provide('folderTemplate', folderTemplate);

  const url = given ?? (server === undefined ? undefined : `${server.url}/postgres`);
  if (url === undefined) {
    project.provide('postgres', undefined);
    process.stdout.write(
      '\n*** PostgreSQL is missing: these tests run on PGlite ALONE. Install it, or set TEST_DATABASE_URL, to test what is promised. ***\n\n',
    );
    return () => rm(folder, { recursive: true, force: true });
  }

  const template = `samepage_test_${process.pid}`;
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  await admin.unsafe(`drop database if exists ${template}`);
  await admin.unsafe(`create database ${template}`);
  await (await openPostgres(databaseUrl(url, template))).close();
  project.provide('postgres', { url, template });
  const which = server === undefined ? 'PostgreSQL at TEST_DATABASE_URL' : `PostgreSQL ${server.version} (local, temporary)`;
  process.stdout.write(`\nDatabases under test: PGlite and ${which}\n\n`);
  return async () => {
    await admin.unsafe(`drop database if exists ${template}`);
    await admin.end();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
