import { readFile } from 'node:fs/promises';
import { DEFINITION_KINDS, type DefinitionKind } from './core/definition.ts';
import { readYaml } from './core/locate.ts';

const FOLDER = new URL('../../definitions/', import.meta.url);

/** The definitions that come with the package, one of each kind, as JSON values. */
export async function shippedDefinitions(): Promise<Record<DefinitionKind, unknown>> {
  const entries = await Promise.all(
    DEFINITION_KINDS.map(async (kind) => {
      const read = readYaml(await readFile(new URL(`${kind}.yaml`, FOLDER), 'utf8'));
      if (read.value === undefined) throw new Error(`definitions/${kind}.yaml cannot be read`);
      return [kind, read.value] as const;
    }),
  );
  return Object.fromEntries(entries) as Record<DefinitionKind, unknown>;
}
