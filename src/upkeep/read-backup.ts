import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { tallying } from '../db/table-rows.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { altered, type BackupHeader, type BackupLine, parseLine } from './core/backup-format.ts';
import type { CopiedTable, CopyPart } from './core/copy-part.ts';

const CHUNK = 256 * 1024;
/** Longer than any row that can be imported. */
const LONGEST_LINE = 256 * 1024 * 1024;

export interface ReadOptions {
  signal: AbortSignal;
  /** Compressed bytes read so far, of all. */
  onBytes?(done: number, total: number): void;
}

/**
 * Reads a backup from its beginning to its end, in bounded memory, holding every count and digest against what is there.
 * Yields the header first. What is yielded before the end is reached may belong to a file that turns out to be damaged.
 * @throws SamepageError `file_rejected` when it is no backup, cut off, altered, or of a newer version.
 */
export async function* readBackup(path: string, options: ReadOptions): AsyncGenerator<CopyPart | { part: 'header'; header: BackupHeader }> {
  const whole = createHash('sha256');
  let table: { workspace: string; table: string; tally: ReturnType<typeof tallying> } | undefined;
  let tables = 0;
  let rows = 0;
  let header: BackupHeader | undefined;
  let ended = false;
  for await (const line of groups(linesOf(path, options))) {
    if (ended) throw altered('something follows its end');
    if (line.is !== 'rows-of' && header === undefined && line.is !== 'header') throw altered('it does not begin with its header');
    if (line.is !== 'end') whole.update(line.text);
    switch (line.is) {
      case 'header':
        if (header !== undefined) throw altered('it has a second header');
        header = line.value;
        yield { part: 'header', header };
        break;
      case 'table':
        if (table !== undefined) throw altered(`the rows of ${table.table} have no end`);
        table = { ...line.value, tally: tallying() };
        yield { part: 'table', ...line.value };
        break;
      case 'rows-of':
        if (table === undefined) throw altered('it has rows of no table');
        table.tally.add(line.lines);
        yield { part: 'rows', lines: line.lines };
        break;
      case 'rows': {
        const counted = table?.tally.total();
        if (table === undefined || counted === undefined) throw altered('it counts rows of no table');
        if (counted.rows !== line.value.rows) throw altered(`${table.table} has ${counted.rows} rows of ${line.value.rows}`);
        if (counted.sha256 !== line.value.sha256) throw altered(`the rows of ${table.table} are not those that were written`);
        table = undefined;
        tables += 1;
        rows += counted.rows;
        yield { part: 'counted', ...counted };
        break;
      }
      case 'end':
        if (table !== undefined) throw altered(`the rows of ${table.table} have no end`);
        if (line.value.tables !== tables || line.value.rows !== rows) throw altered('a table is missing');
        if (line.value.sha256 !== whole.digest('hex')) throw altered('its lines are not those that were written');
        ended = true;
    }
  }
  if (!ended) throw altered('its end is missing');
}

/** What a backup holds, once all of it was read and found whole. */
export async function inspectBackup(path: string, options: ReadOptions): Promise<{ header: BackupHeader; tables: CopiedTable[] }> {
  const tables: CopiedTable[] = [];
  let header: BackupHeader | undefined;
  let current = { workspace: '', table: '' };
  for await (const part of readBackup(path, options)) {
    if (part.part === 'header') header = part.header;
    else if (part.part === 'table') current = { workspace: part.workspace, table: part.table };
    else if (part.part === 'counted') tables.push({ ...current, rows: part.rows, sha256: part.sha256 });
  }
  if (header === undefined) throw altered('it is empty');
  return { header, tables };
}

type Group = (Exclude<BackupLine, { is: 'row' }> & { text: string }) | { is: 'rows-of'; lines: string[]; text: string };

/** Rows that stand together come together. */
async function* groups(batches: AsyncIterable<readonly string[]>): AsyncGenerator<Group> {
  for await (const batch of batches) {
    let rows: string[] = [];
    for (const text of batch) {
      if (text.startsWith('{')) {
        rows.push(text);
        continue;
      }
      if (rows.length > 0) yield { is: 'rows-of', lines: rows, text: `${rows.join('\n')}\n` };
      rows = [];
      const line = parseLine(text);
      if (line.is !== 'row') yield { ...line, text: `${text}\n` };
    }
    if (rows.length > 0) yield { is: 'rows-of', lines: rows, text: `${rows.join('\n')}\n` };
  }
}

async function* linesOf(path: string, { signal, onBytes }: ReadOptions): AsyncGenerator<string[]> {
  const name = shown(basename(path));
  const found = await stat(path).catch((cause: unknown) => {
    throw new SamepageError('file_rejected', `There is no file "${name}" that can be read.`, 'Check the path of the backup.', { cause });
  });
  if (!found.isFile()) throw new SamepageError('file_rejected', `"${name}" is not a regular file.`, 'Give the path of a backup.');
  const source = createReadStream(path);
  const gunzip = createGunzip({ chunkSize: CHUNK });
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  const decoder = new StringDecoder('utf8');
  let pending = '';
  let first = true;
  try {
    for await (const chunk of gunzip) {
      signal.throwIfAborted();
      pending += decoder.write(chunk as Buffer);
      if (first && !'samepage '.startsWith(pending.slice(0, 9))) throw noBackup(name);
      first = false;
      if (pending.length > LONGEST_LINE) throw altered('a line has no end');
      const end = pending.lastIndexOf('\n');
      if (end < 0) continue;
      const lines = pending.slice(0, end).split('\n');
      pending = pending.slice(end + 1);
      onBytes?.(gunzip.bytesWritten, found.size);
      yield lines;
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error instanceof SamepageError) throw error;
    const code = String(error.code);
    if (code === 'Z_DATA_ERROR' && first) throw noBackup(name, error);
    if (code.startsWith('Z_')) throw altered(code === 'Z_BUF_ERROR' ? 'its end is missing' : 'its compressed data is damaged');
    throw new SamepageError('file_rejected', `"${name}" cannot be read.`, 'Check that this user may read it, and its disk.', {
      cause: error,
    });
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  if (pending !== '') throw altered('its last line has no end');
  if (gunzip.bytesWritten !== found.size) throw altered('something follows its end');
}

function noBackup(name: string, cause?: unknown): SamepageError {
  return new SamepageError('file_rejected', `"${name}" is not a backup of samepage-mcp.`, 'Give a file that `samepage-mcp backup` wrote.', {
    cause,
  });
}
