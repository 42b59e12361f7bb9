import { EMBEDDED_POSTGRES } from '../db/folder.ts';
import { endOf } from '../db/folder-in-use.ts';
import { type FolderReport, inspectFolder } from '../db/inspect-folder.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { type Finding, ok, problem, quoted, skipped, warning } from './core/finding.ts';

const MB = 1_000_000;
/** Less than this and PostgreSQL may stop in the middle of a write. */
const LEAST_FREE = 200 * MB;

export interface FolderFindings {
  findings: Finding[];
  /** Whether there is a database in it that can be opened without changing what it is. */
  openable: boolean;
}

/** Looks at the embedded database's folder from outside, and changes nothing. */
export async function examineFolder(folder: string): Promise<FolderFindings> {
  let report: FolderReport | undefined;
  try {
    report = await inspectFolder(folder);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const says = error instanceof SamepageError ? error.message : `${shown(folder)} cannot be read (${code})`;
    const closed = error instanceof SamepageError || code === 'EACCES' || code === 'EPERM';
    const mend = closed ? `ls -ld ${quoted(folder)}, and give this user the folder` : 'Set SAMEPAGE_DATA_DIR to another folder';
    return { findings: [problem('folder', says, mend)], openable: false };
  }
  if (report === undefined) {
    return { findings: [ok('folder', `${shown(folder)} does not exist yet; the first start makes it`)], openable: false };
  }
  const inside = contents(folder, report);
  const openable = inside.state === 'ok';
  return { findings: [inside, ...permissions(folder, report), disk(folder, report), owner(report), ...leftovers(report)], openable };
}

function contents(folder: string, { marker, postgres, bytes, foreign }: FolderReport): Finding {
  const says = (what: string) => `${shown(folder)} ${what}`;
  const again = `Put another folder in its place (SAMEPAGE_DATA_DIR), then samepage-mcp restore FILE`;
  if (marker === 'unreadable') return problem('folder', says('holds a samepage.json that cannot be read'), again);
  if (marker === undefined) {
    if (foreign.length > 0) {
      return problem(
        'folder',
        says(`holds files that samepage-mcp did not make: ${shown(foreign[0])}`),
        'Set SAMEPAGE_DATA_DIR to a folder of its own',
      );
    }
    if (bytes === 0 && postgres === undefined) return skipped('folder', says('holds no database yet; the first start makes it'));
    return problem('folder', says('holds a database without its samepage.json'), again);
  }
  if (marker.state === 'creating') return skipped('folder', says('is of a first start that did not finish; the next start makes it anew'));
  if (postgres === undefined) return problem('folder', says('has lost its database, or part of it'), again);
  if (postgres > EMBEDDED_POSTGRES) {
    return problem('folder', says(`is of PostgreSQL ${postgres}: a newer samepage-mcp made it`), 'npm install -g samepage-mcp@latest');
  }
  if (postgres < EMBEDDED_POSTGRES) {
    const mend = 'samepage-mcp backup with the version that made it, then samepage-mcp restore FILE with this one into a new folder';
    return problem('folder', says(`is of PostgreSQL ${postgres}; this samepage-mcp has ${EMBEDDED_POSTGRES}`), mend);
  }
  return ok('folder', says(`format ${marker.format}, PostgreSQL ${postgres}, ${size(bytes)}`));
}

function permissions(folder: string, { mode }: FolderReport): Finding[] {
  if (mode === undefined) return [];
  if ((mode & 0o077) === 0) return [ok('permissions', 'only this user can read the folder (0700)')];
  return [problem('permissions', `others on this machine can read the folder (0${mode.toString(8)})`, `chmod 700 ${quoted(folder)}`)];
}

function disk(folder: string, { bytes, freeBytes }: FolderReport): Finding {
  const says = `${size(freeBytes)} free for a database of ${size(bytes)}`;
  if (freeBytes < LEAST_FREE) return problem('disk', says, `Make room on the disk of ${quoted(folder)}`);
  if (freeBytes < bytes) return warning('disk', `${says}: not enough for a copy of it`, `Make room on the disk of ${quoted(folder)}`);
  return ok('disk', says);
}

function owner({ owners }: FolderReport): Finding {
  if (owners.length === 0) return ok('owner', 'no process has the folder open');
  const mute = owners.find(({ greeting }) => greeting === undefined);
  if (mute !== undefined) {
    const says = `process ${mute.pid} has the folder open and does not answer: it is stopped, or very busy`;
    return warning('owner', says, `Look again in a minute. ${endOf(mute.pid)}; what was acknowledged is kept`);
  }
  const who = owners.flatMap(({ pid, greeting }) => {
    if (greeting === undefined) return [];
    const { command, version, startedAt, shares, clients } = greeting;
    const serves = shares ? `, serving ${clients} ${clients === 1 ? 'client' : 'clients'}` : ', for itself alone';
    return `process ${pid} (${shown(command)} ${shown(version)}, since ${shown(startedAt)}${serves})`;
  });
  return ok('owner', `${who.join(' and ')} has the folder open`);
}

function leftovers({ leftovers }: FolderReport): Finding[] {
  if (leftovers.length === 0) return [];
  return [
    warning(
      'sockets',
      `${leftovers.length} left by processes that are gone: ${leftovers.join(', ')}`,
      'samepage-mcp definitions list (any start removes them)',
    ),
  ];
}

const size = (bytes: number) =>
  bytes < 1_000 * MB ? `${Math.ceil(bytes / MB).toLocaleString('en-US')} MB` : `${(bytes / 1_000 / MB).toFixed(1)} GB`;
