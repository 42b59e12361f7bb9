import { hash } from 'node:crypto';

/**
 * Ids are UUIDs (version 8, RFC 9562) derived from what a thing is, not from chance or a sequence: the same import gives
 * the same ids on every database, two importers that meet the same company make one row, and ids spread evenly over the
 * UUID space, which the rescore uses to cut a workspace into equal parts.
 */
export function derivedId(namespace: string, ...parts: readonly string[]): string {
  let text = namespace;
  // length-prefixed, so that ('ab','c') and ('a','bc') differ
  for (const part of parts) text += `\u0000${part.length}:${part}`;
  const hex = hash('sha256', text, 'hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  // joined, not interpolated: one flat text instead of a tree of slices, of which an import would keep millions
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20, 32)].join('-');
}

export const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
