import { readFileSync } from 'node:fs';

/** The version in package.json, which lies beside both `src` and `dist`. */
export function packageVersion(): string {
  const content: { version?: unknown } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  if (typeof content.version !== 'string') throw new Error('package.json has no version');
  return content.version;
}
