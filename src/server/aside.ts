import { isObject } from '../kernel/json.ts';

/**
 * What the owner says to a proxy beside the lines of MCP, on lines of its own that begin with `#`: a line for the client's
 * log, or the names of the tools that only read.
 */
export type Aside = { log: string } | { readers: readonly string[] };

export const ASIDE = '#';

export function asideLine(aside: Aside): string {
  return `${ASIDE}${JSON.stringify(aside)}\n`;
}

/** @param line without its end. Undefined for what this version does not know. */
export function readAside(line: string): Aside | undefined {
  const value: unknown = JSON.parse(line.slice(ASIDE.length));
  if (!isObject(value)) return undefined;
  if (typeof value.log === 'string') return { log: value.log };
  if (Array.isArray(value.readers)) return { readers: value.readers.map(String) };
  return undefined;
}
