import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { CsvScanner } from '../../src/records/core/csv-scanner.ts';

/** The records of a CSV file, each by its header. */
export async function* csvRecords(path: string): AsyncGenerator<Record<string, string>> {
  const scanner = new CsvScanner(',');
  let header: readonly string[] | undefined;
  for await (const text of createReadStream(path, 'utf8')) {
    for (const record of scanner.push(String(text))) {
      if (!('cells' in record)) throw new Error(`${path}: line ${record.line} ${record.problem}`);
      if (header === undefined) header = record.cells;
      else yield Object.fromEntries(header.map((name, i) => [name, record.cells[i] ?? '']));
    }
  }
}

/** Copies a file of accounts without a share of them, always the same ones. @returns the ids left out */
export async function withoutAccounts(from: string, to: string, share: number): Promise<ReadonlySet<string>> {
  const [header = '', ...rows] = (await readFile(from, 'utf8')).trim().split('\n');
  const gone = new Set<string>();
  const kept = rows.filter((row) => {
    const id = row.slice(0, row.indexOf(','));
    const isGone = createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32 < share;
    if (isGone) gone.add(id);
    return !isGone;
  });
  await writeFile(to, [header, ...kept, ''].join('\n'));
  return gone;
}

/** Counts the decisions of a file of matches against the truth in the column `account` of the leads. */
export async function matchedCells(leads: string, matches: string, gone: ReadonlySet<string>) {
  const counts = { present: 0, absent: 0, right: 0, wrong: 0, falseOnAbsent: 0 };
  const decided = csvRecords(matches);
  for await (const lead of csvRecords(leads)) {
    const { value } = await decided.next();
    if (value === undefined || value.lead_id !== lead.unique_id) throw new Error(`no decision for lead ${lead.unique_id}`);
    const truth = lead.account ?? '';
    const isAbsent = gone.has(truth);
    counts[isAbsent ? 'absent' : 'present'] += 1;
    if (value.decision !== 'match') continue;
    if (value.account_id === truth) counts.right += 1;
    else {
      counts.wrong += 1;
      if (isAbsent) counts.falseOnAbsent += 1;
    }
  }
  return counts;
}
