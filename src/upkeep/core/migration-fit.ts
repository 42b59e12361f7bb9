import { SamepageError } from '../../kernel/errors.ts';
import type { BackupHeader, MigrationHead } from './backup-format.ts';
import { REFILLS } from './refills.ts';

export interface KnownMigration extends MigrationHead {
  tag: string;
  statements: readonly string[];
}

/** Statements after which older rows are as right as before: something is added, or found or protected otherwise. */
const ADDITIVE: readonly RegExp[] = [
  /^create (table|index|unique index|policy)\b/i,
  /^drop (index|policy)\b/i,
  // rows of another key would be two of one: they are refused when they are written
  /^alter table \S+ (drop constraint \S+_pk"|add constraint \S+_pk" primary key ?\([^)]*\));?$/i,
  /^alter policy\b/i,
  /^alter table \S+ (enable|force) row level security;?$/i,
  /^alter table \S+ add column (?!.*\bnot null\b)/is,
];

function isAdditive(statement: string): boolean {
  const bare = statement.replace(/^\s*--.*$/gm, '').trim();
  return bare === '' || ADDITIVE.some((form) => form.test(bare));
}

/**
 * Refuses rows that the target's tables would not hold as they were meant: those of a newer schema, and those of an older
 * one when a migration since did more than add something, or fill what can be filled again.
 * @param own the version of this program
 * @returns statements that fill the rows of an older copy, once they are written, in their order
 */
export function refuseOtherSchema(header: BackupHeader, target: MigrationHead, known: readonly KnownMigration[], own?: string): string[] {
  const same = (a: MigrationHead, b: MigrationHead) => a.when === b.when && a.hash === b.hash;
  const head = header.migrations;
  if (same(head, target)) return [];
  if (head.when > target.when) {
    throw new SamepageError(
      'file_rejected',
      `The copy is of samepage-mcp ${header.version}, whose tables are newer than this one's. Nothing was written.`,
      'Update samepage-mcp (`npm install -g samepage-mcp@latest`), then try again.',
    );
  }
  if (!known.some((one) => same(one, head))) {
    throw new SamepageError(
      'file_rejected',
      `The copy was made with tables of samepage-mcp ${header.version} that this version does not know. Nothing was written.`,
      'Restore it with the version that made it.',
    );
  }
  const since = known.filter((one) => one.when > head.when && one.when <= target.when);
  const hindrance = since.find((one) => REFILLS[one.tag] === undefined && !one.statements.every(isAdditive));
  if (hindrance === undefined) return since.flatMap(({ tag }) => REFILLS[tag] ?? []);
  const last = known.findLast((one) => same(one, head))?.tag;
  throw new SamepageError(
    'file_rejected',
    `The copy is of samepage-mcp ${header.version}; since then the migration ${hindrance.tag} changed what rows mean. Nothing was written.`,
    // two builds of one version: its number names neither
    header.version === own
      ? `Restore it with the build that made it, whose latest migration is ${last}, into a new folder or database; this one migrates that when it opens it.`
      : `Restore it with \`npx samepage-mcp@${header.version} restore\` into a new folder or database; this version migrates that when it opens it.`,
  );
}
