import { SamepageError, shown } from '../../kernel/errors.ts';

/** Where a workspace is moved to. */
export type MoveTarget = { databaseUrl: string } | { folder: string };

/**
 * Reads what `--to` names: the URL of a PostgreSQL, or else a folder.
 * @throws SamepageError `invalid_input`; a URL is never shown, for it may hold a password.
 */
export function parseTarget(to: string): MoveTarget {
  if (/^postgres(ql)?:\/\//i.test(to)) {
    if (URL.canParse(to)) return { databaseUrl: to };
    throw refused('is not a URL of the form postgres://user:password@host:5432/name', 'Percent-encode special characters in it.');
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(to))
    throw refused('is a URL of something else than a PostgreSQL', 'Write it as postgres://…, or name a folder.');
  if (to.trim() === '' || to.startsWith('~'))
    throw refused(`is no path of a folder; found ${shown(to) || 'nothing'}`, 'Write the whole path.');
  if (to === 'memory') throw refused('is "memory", which keeps nothing', 'Name a folder, as in ./memory, or a PostgreSQL.');
  return { folder: to };
}

function refused(reason: string, next: string): SamepageError {
  return new SamepageError('invalid_input', `--to ${reason}.`, next, { problems: [{ path: '--to', reason }] });
}

/** A PostgreSQL's URL as it may be shown: the password and every setting are left out. */
export function urlShown(url: string): string {
  const { protocol, username, password, host, pathname } = new URL(url);
  const who = username === '' ? '' : `${username}${password === '' ? '' : ':…'}@`;
  return shown(`${protocol}//${who}${host}${pathname}`);
}

/** What to set so that the clients use the target, as they say it in their settings. */
export function settingsFor(target: MoveTarget): string[] {
  if ('databaseUrl' in target) return [`DATABASE_URL=${urlShown(target.databaseUrl)}`];
  return ['DATABASE_URL (take it out)', `SAMEPAGE_DATA_DIR=${shown(target.folder)}`];
}
