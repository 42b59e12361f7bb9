import { sha256 } from '../../src/kernel/canonical-json.ts';

/** The lines of a backup with every count and digest made right for what they say now. */
export function reseal(lines: readonly string[]): string {
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
