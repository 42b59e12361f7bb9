import { gzipSync } from 'node:zlib';
import { sha256 } from '../../src/kernel/canonical-json.ts';

/** A backup with some lines changed, and every count and digest made right again: what only the database can tell. */
export function resealed(text: string, change: (lines: string[]) => void): Buffer {
  const lines = text.trimEnd().split('\n');
  change(lines);
  return gzipSync(reseal(lines));
}

function reseal(lines: readonly string[]): string {
  const out: string[] = [];
  let rows: string[] = [];
  let total = 0;
  let tables = 0;
  for (const line of lines) {
    if (line.startsWith('{')) rows.push(line);
    if (line.startsWith('table ')) rows = [];
    if (line.startsWith('rows ')) {
      out.push(`rows ${JSON.stringify({ rows: rows.length, sha256: sha256(rows.map((row) => `${row}\n`).join('')) })}`);
      total += rows.length;
      tables += 1;
    } else if (!line.startsWith('end ')) out.push(line);
  }
  const before = `${out.join('\n')}\n`;
  return `${before}end ${JSON.stringify({ tables, rows: total, sha256: sha256(before) })}\n`;
}
