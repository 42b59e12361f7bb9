import type { ReceiptsChecked } from '../upkeep/check-receipts.ts';
import type { CopiedTable } from '../upkeep/core/copy-part.ts';
import type { Received } from '../upkeep/verify-copy.ts';
import { columns } from './columns.ts';

const number = (n: number) => n.toLocaleString('en-US');

/** The tables of a copy that hold something, with what each was counted and digested as. */
export function tablesText(tables: readonly CopiedTable[]): string {
  const many = new Set(tables.map((table) => table.workspace)).size > 1;
  const filled = tables.filter((table) => table.rows > 0);
  return columns(
    [...(many ? ['workspace'] : []), 'table', 'rows', 'sha256'],
    filled.map(({ workspace, table, rows, sha256 }) => [...(many ? [workspace] : []), table, rows, sha256.slice(0, 16)]),
  );
}

/** What was verified of a copy that arrived, as data. */
export function receivedData<T extends Received>({ auditEntries, ...received }: T) {
  return { ...received, audit_entries: auditEntries };
}

/** The same to read. */
export function verifiedText({ tables, rows, auditEntries, receipts }: Received): string {
  const entries = Object.values(auditEntries).reduce((sum, n) => sum + n, 0);
  return [
    `${number(rows)} rows in ${tables.length} tables read back as they were written: every count and every sha256 is that of the copy.`,
    `Audit chain: ${number(entries)} entries, whole. ${receiptsText(receipts)}`,
  ].join('\n');
}

function receiptsText({ total, checked }: ReceiptsChecked): string {
  if (total === 0) return 'Receipts: no scores are on file.';
  if (checked === 0) return `Receipts: none of ${number(total)} were verified, as asked.`;
  const which = checked === total ? `all ${number(total)}` : `a sample of ${number(checked)} of ${number(total)}`;
  return `Receipts: ${which} reproduced.`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1_000_000) return `${number(Math.ceil(bytes / 1_000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
