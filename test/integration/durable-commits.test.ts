import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { databaseOver } from '../../src/db/wire/raw-database.ts';
import { insert, notes, useThreads } from '../support/thread-databases.ts';

const threads = useThreads();

/** After so much a checkpoint is due, and one statement of the test writes 23. */
const LOG_MB = 64 + 23;

/** Arguments for a thread in which Node's own file functions are changed before anything uses them. */
const withFiles = (change: string): string[] => {
  const script = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'; ${change}; syncBuiltinESMExports();`;
  return ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
};

describe('a commit', () => {
  it('is synced before it is answered', async () => {
    const tally = JSON.stringify(join(threads.place, 'fsyncs'));
    const counting = `
      const { fdatasync, fdatasyncSync } = fs;
      const count = () => fs.appendFileSync(${tally}, '.');
      fs.fdatasync = (fd, done) => fdatasync(fd, (error) => setTimeout(() => { count(); done(error); }, 20));
      fs.fdatasyncSync = (fd) => { fdatasyncSync(fd); count(); };`;
    const db = databaseOver(await threads.open({}, withFiles(counting)));
    const sofar = async () => (await readFile(JSON.parse(tally), 'utf8').catch(() => '')).length;
    await insert(db, 0);
    const before = await sofar();
    for (let id = 1; id <= 20; id += 1) {
      const last = await sofar();
      await insert(db, id);
      expect(await sofar()).toBeGreaterThan(last);
    }
    expect((await sofar()) - before).toBeGreaterThanOrEqual(20);
  });

  it('lets others go on while a commit is on its way to the disk, and answers nobody who saw it', async () => {
    const hanging = `fs.fdatasync = () => {};`;
    const db = databaseOver(await threads.open({}, withFiles(hanging)));
    const answered: string[] = [];
    const wrote = insert(db, 1).then(() => answered.push('wrote'));
    let seen: unknown;
    const read = db
      .transaction('read', async (tx) => {
        seen = await tx.query('select id from note');
      })
      .then(() => answered.push('read'));
    while (seen === undefined) await sleep(5);
    expect(seen).toEqual([{ id: 1 }]);
    await sleep(50);
    expect(answered).toEqual([]);
    // pages are written: the log that explains them goes first
    await db.transaction('write', (tx) => tx.query('checkpoint'));
    await Promise.all([wrote, read]);
  });

  it('ends when the disk refuses, having answered nobody, and is opened again', async () => {
    const failing = `
      const { fdatasync } = fs;
      let left = 3;
      fs.fdatasync = (fd, done) => (left-- > 0 ? fdatasync(fd, done) : done(Object.assign(new Error('EIO'), { code: 'EIO' })));`;
    const db = databaseOver(await threads.open({}, withFiles(failing)));
    const kept: number[] = [];
    for (let id = 1; kept.length === id - 1 && id < 10; id += 1)
      await insert(db, id).then(
        () => kept.push(id),
        () => {},
      );
    expect(kept).toEqual([1, 2, 3]);
    expect((await notes(db)).slice(0, 3)).toEqual(kept);
  });

  it('is on the disk before a file is cut on its account', async () => {
    const tally = JSON.stringify(join(threads.place, 'cuts'));
    const watching = `
      const { openSync, writeSync, fstatSync, fdatasync, fdatasyncSync, ftruncateSync } = fs;
      const log = new Set();
      let isAhead = false;
      fs.openSync = (path, ...rest) => {
        const fd = openSync(path, ...rest);
        if (/pg_wal.[0-9A-F]{24}$/.test(path)) log.add(fd);
        else log.delete(fd);
        return fd;
      };
      fs.writeSync = (fd, ...rest) => { isAhead ||= log.has(fd); return writeSync(fd, ...rest); };
      fs.fdatasync = (fd, done) => setTimeout(() => fdatasync(fd, done), 50);
      fs.fdatasyncSync = (fd) => { fdatasyncSync(fd); isAhead = false; };
      fs.ftruncateSync = (fd, size) => {
        if (size < fstatSync(fd).size) fs.appendFileSync(${tally}, isAhead ? 'early ' : 'safe ');
        ftruncateSync(fd, size);
      };`;
    const thread = await threads.open({}, withFiles(watching));
    await databaseOver(thread).transaction('write', async (tx) => {
      await tx.query("insert into note select i, repeat('x', 500) from generate_series(1, 2000) i");
      await tx.query('delete from note');
    });
    // gives back the pages at the end of the table
    await thread.maintain();
    expect(await readFile(JSON.parse(tally), 'utf8')).toMatch(/^(safe )+$/);
  });
});

describe('the log', () => {
  it('is cut by checkpoints while the owner lives, so that a recovery stays short', async () => {
    const db = databaseOver(await threads.open());
    const ahead = async (mode: 'read' | 'write') =>
      (
        await db.transaction(mode, (tx) =>
          tx.query('select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::float8 as bytes from pg_control_checkpoint()'),
        )
      )[0]?.bytes;
    const big = "insert into note select $1 * 100000 + i, repeat('x', 1000) from generate_series(1, 20000) i";
    // one transaction of over a hundred megabytes
    await db.transaction('write', async (tx) => {
      for (let i = 0; i < 5; i += 1) await tx.query(big, [i]);
    });
    expect(await ahead('write')).toBeLessThan(LOG_MB * 1_048_576);
    // and many; the last of which is noticed by a reader
    for (let i = 5; i < 10; i += 1) await db.transaction('write', (tx) => tx.query(big, [i]));
    await ahead('read');
    expect(await ahead('read')).toBeLessThan(LOG_MB * 1_048_576);
  });
});

describe('what a killed process wrote', () => {
  it('is brought to the disk, all of it, before anything is recovered', async () => {
    const killed = await threads.open();
    await insert(databaseOver(killed), 1);
    await killed.abandon();
    const entries = await readdir(threads.directory, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const tally = JSON.stringify(join(threads.place, 'synced'));
    const watching = `
      const { open, openSync, fsync, writeSync } = fs;
      const names = new Map();
      let isChanged = false;
      fs.open = (path, flags, done) => open(path, flags, (error, fd) => { names.set(fd, path); done(error, fd); });
      fs.openSync = (path, ...rest) => { const fd = openSync(path, ...rest); names.set(fd, String(path)); return fd; };
      fs.fsync = (fd, done) => fsync(fd, (error) => { if (!isChanged) fs.appendFileSync(${tally}, names.get(fd) + '\\n'); done(error); });
      fs.writeSync = (fd, ...rest) => { isChanged ||= !names.get(fd)?.endsWith('postmaster.pid'); return writeSync(fd, ...rest); };`;
    const again = threads.reopen(withFiles(watching));
    expect(await notes(databaseOver(again))).toEqual([1]);
    const synced = new Set((await readFile(JSON.parse(tally), 'utf8')).split('\n'));
    expect(files.length).toBeGreaterThan(1_000);
    expect(files.filter((file) => !synced.has(file) && !file.endsWith('postmaster.pid'))).toEqual([]);
  });
});
