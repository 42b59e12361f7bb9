import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlacedProblem } from '../definitions/core/locate.ts';
import { readDefinitionFile } from '../definitions/read-definition-file.ts';
import { compileProvider, type Provider } from './core/compile-provider.ts';
import { type KeyDomains, keyDomains } from './core/key-domains.ts';
import { readProvider } from './core/read-provider.ts';

/** The providers that come with the package. */
const SHIPPED_PROVIDERS = fileURLToPath(new URL('../../providers/', import.meta.url));

export interface LoadedProvider extends Provider {
  /** Its folder, where its fixtures are. */
  folder: string;
  origin: 'shipped' | 'own';
}

/** A description that is not used, and why. */
export interface RefusedProvider {
  name: string;
  file: string;
  problems: PlacedProblem[];
}

export interface Catalogue {
  /** By name, in its order. */
  providers: ReadonlyMap<string, LoadedProvider>;
  refused: readonly RefusedProvider[];
}

/** Reads the shipped providers and the team's own. A description with a problem is refused with its line, and the others work. */
export async function loadProviders(own: string | undefined): Promise<Catalogue> {
  const shipped = await readFolder(SHIPPED_PROVIDERS, 'shipped');
  const known = keyDomains(shipped.providers.map(({ spec }) => spec));
  const theirs = own === undefined ? { providers: [], refused: [] } : await readFolder(own, 'own', known);
  const named = [...shipped.providers, ...theirs.providers].map((provider) => [provider.offer.id, provider] as const);
  // a broken one of the team's own does not bring back the one that it stands in for
  const broken = new Set(theirs.refused.map(({ name }) => name));
  const kept = named.filter(([id]) => !broken.has(id)).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { providers: new Map(kept), refused: [...shipped.refused, ...theirs.refused] };
}

async function readFolder(
  folder: string,
  origin: LoadedProvider['origin'],
  known?: KeyDomains,
): Promise<{ providers: LoadedProvider[]; refused: RefusedProvider[] }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) {
    const problem = { path: '(folder)', line: 1, column: 1, message: 'there is no such folder, or it may not be read' };
    return { providers: [], refused: [{ name: '', file: folder, problems: [problem] }] };
  }
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  const read = await Promise.all(names.sort().map((name) => readOne(join(folder, name), { name, origin, known })));
  return {
    providers: read.flatMap((one) => ('offer' in one ? [one] : [])),
    refused: read.flatMap((one) => ('problems' in one ? [one] : [])),
  };
}

async function readOne(
  folder: string,
  { name, origin, known }: { name: string; origin: LoadedProvider['origin']; known: KeyDomains | undefined },
): Promise<LoadedProvider | RefusedProvider> {
  const file = join(folder, 'provider.yaml');
  const { text, flaw } = await readDefinitionFile(file);
  if (text === undefined) return { name, file, problems: flaw === undefined ? [] : [flaw] };
  const read = readProvider(text, name, known);
  return read.ok ? { ...compileProvider(read.spec), folder, origin } : { name, file, problems: read.problems };
}
