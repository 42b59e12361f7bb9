import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SamepageError } from '../../src/kernel/errors.ts';
import { type BackupHeader, endLine, headerLine, parseLine, rowsLine, tableLine } from '../../src/upkeep/core/backup-format.ts';
import { ok, problem, quoted, skipped, warning, worst } from '../../src/upkeep/core/finding.ts';
import { type KnownMigration, refuseOtherSchema } from '../../src/upkeep/core/migration-fit.ts';
import { parseTarget, settingsFor, urlShown } from '../../src/upkeep/core/move-target.ts';

const HASH = 'a'.repeat(64);
const header: BackupHeader = {
  product: 'samepage',
  format: 1,
  version: '0.1.0',
  created_at: '2026-03-02T09:00:00.000Z',
  migrations: { when: 2, hash: HASH },
  workspaces: ['default'],
};

describe('the lines of a backup', () => {
  const read = (line: string) => parseLine(line.trimEnd());

  test('say what was written', () => {
    expect(read(headerLine(header))).toEqual({ is: 'header', value: header });
    const start = { workspace: 'default', table: 'account', columns: ['workspace_id', 'id'] };
    expect(read(tableLine(start))).toEqual({ is: 'table', value: start });
    expect(read(rowsLine({ rows: 3, sha256: HASH }))).toEqual({ is: 'rows', value: { rows: 3, sha256: HASH } });
    expect(read(endLine({ tables: 1, rows: 3, sha256: HASH }))).toEqual({ is: 'end', value: { tables: 1, rows: 3, sha256: HASH } });
    expect(read('{"a":1}\n')).toEqual({ is: 'row', text: '{"a":1}' });
  });

  test('that are none are refused as ours, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('table {}', 'rows []', 'end null', 'samepage {"format":1}', 'table {"a":')),
        (text) => {
          fc.pre(!text.startsWith('{'));
          expect(() => parseLine(text)).toThrow(expect.objectContaining({ code: 'file_rejected' }));
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });

  test('of a newer form say so', () => {
    expect(() => parseLine(`samepage ${JSON.stringify({ product: 'samepage', format: 9, anything: true })}`)).toThrow(/newer version/);
  });

  test('never name a workspace that could not be one', () => {
    for (const workspace of ['', 'A', '../x', "x'; drop", 'x'.repeat(64)])
      expect(() => parseLine(`table ${JSON.stringify({ workspace, table: 'account', columns: ['id'] })}`)).toThrow(/altered/);
  });
});

describe('a copy of another schema', () => {
  const migration = (when: number, ...statements: string[]): KnownMigration => ({
    when,
    hash: `${when}`.padStart(64, '0'),
    tag: `000${when}_x`,
    statements,
  });
  const from = (when: number): BackupHeader => ({ ...header, migrations: { when, hash: `${when}`.padStart(64, '0') } });
  const additive = [
    'CREATE TABLE "x" ("workspace_id" text NOT NULL)',
    '-- why\nALTER TABLE "x" FORCE ROW LEVEL SECURITY;',
    'CREATE UNIQUE INDEX "i" ON "x" ("workspace_id")',
    'ALTER TABLE "account" ADD COLUMN "note" text',
    'DROP INDEX "i"',
    'CREATE POLICY "own_rows" ON "x"',
    'ALTER TABLE "x" DROP CONSTRAINT "x_workspace_id_id_kind_pk";',
    'ALTER TABLE "x" ADD CONSTRAINT "x_workspace_id_kind_id_pk" PRIMARY KEY("workspace_id","kind","id");',
  ];

  test('is taken when it is the same, or only lacks what was added since', () => {
    expect(() => refuseOtherSchema(from(2), from(2).migrations, [migration(1), migration(2)])).not.toThrow();
    expect(() => refuseOtherSchema(from(1), from(2).migrations, [migration(1), migration(2, ...additive)])).not.toThrow();
  });

  test.each([
    'ALTER TABLE "account" ADD COLUMN "note" text NOT NULL',
    'ALTER TABLE "account" DROP COLUMN "name"',
    'ALTER TABLE "account" RENAME COLUMN "name" TO "title"',
    'UPDATE "account" SET "name" = upper("name")',
    'ALTER TABLE "event" ADD CONSTRAINT "c" CHECK (true)',
    'ALTER TABLE "event" ALTER COLUMN "type" SET DATA TYPE integer',
  ])('is refused when a migration since did more: %s', (statement) => {
    const known = [migration(1), migration(2, 'CREATE TABLE "x" ()'), migration(3, statement)];
    expect(() => refuseOtherSchema(from(1), from(3).migrations, known)).toThrow(/0003_x changed what rows mean/);
    // it came before the copy, or after what the target has
    expect(() => refuseOtherSchema(from(3), from(3).migrations, known)).not.toThrow();
    expect(() => refuseOtherSchema(from(1), from(2).migrations, known)).not.toThrow();
  });

  test('of another build of the same version is told by its latest migration', () => {
    const known = [migration(1), migration(2, 'UPDATE "account" SET "name" = upper("name")')];
    const refusal = (own: string) => {
      try {
        refuseOtherSchema(from(1), from(2).migrations, known, own);
      } catch (error) {
        return error instanceof SamepageError ? error.next : error;
      }
      return undefined;
    };
    expect(refusal('99.0.0')).toContain(`npx samepage-mcp@${header.version} restore`);
    expect(refusal(header.version)).toMatch(/^Restore it with the build that made it, whose latest migration is 0001_x, into/);
  });

  test('is refused when it is newer, or of nobody knows what', () => {
    expect(() => refuseOtherSchema(from(3), from(2).migrations, [migration(1), migration(2)])).toThrow(/newer/);
    const strange = { ...header, migrations: { when: 1, hash: 'f'.repeat(64) } };
    expect(() => refuseOtherSchema(strange, from(2).migrations, [migration(1), migration(2)])).toThrow(/does not know/);
  });
});

describe('where a workspace is moved to', () => {
  test.each([
    ['postgres://u:p@host:5432/name', { databaseUrl: 'postgres://u:p@host:5432/name' }],
    ['postgresql://host/name', { databaseUrl: 'postgresql://host/name' }],
    ['./data', { folder: './data' }],
    ['/srv/samepage', { folder: '/srv/samepage' }],
    ['C:\\data', { folder: 'C:\\data' }],
  ])('%s', (to, target) => {
    expect(parseTarget(to)).toEqual(target);
  });

  test.each(['', ' ', '~/data', 'memory', 'mysql://host/x', 'postgres://u:canary secret@[::'])(
    '%j is refused, and never shown when it is a URL',
    (to) => {
      expect(() => parseTarget(to)).toThrow(
        expect.objectContaining({ code: 'invalid_input', message: expect.not.stringContaining('canary') }),
      );
    },
  );

  test('is shown without its password or settings', () => {
    expect(urlShown('postgres://ann:canary@db.example:6432/team?sslkey=canary&password=canary')).toBe(
      'postgres://ann:…@db.example:6432/team',
    );
    expect(urlShown('postgres://db.example/team')).toBe('postgres://db.example/team');
    expect(settingsFor({ databaseUrl: 'postgres://ann:canary@h/d' })).toEqual(['DATABASE_URL=postgres://ann:…@h/d']);
    expect(settingsFor({ folder: '/srv/x' })).toContain('SAMEPAGE_DATA_DIR=/srv/x');
  });
});

describe('findings', () => {
  test('the worst one counts', () => {
    expect(worst([])).toBe('ok');
    expect(worst([ok('a', ''), skipped('b', '')])).toBe('skipped');
    expect(worst([warning('a', '', ''), ok('b', '')])).toBe('warning');
    expect(worst([problem('a', '', ''), warning('b', '', '')])).toBe('problem');
  });

  test('a path is written as a shell takes it', () => {
    expect(quoted('/home/ann/.local/share/samepage')).toBe('/home/ann/.local/share/samepage');
    expect(quoted("/Users/ann/Application Support/it's")).toBe(`'/Users/ann/Application Support/it'\\''s'`);
  });
});
