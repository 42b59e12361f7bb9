import { readFile } from 'node:fs/promises';
import type { World } from './core/check-references.ts';
import { DEFINITION_KINDS, type DefinitionKind, parseDefinition } from './core/definition.ts';
import { readYaml } from './core/locate.ts';
import { worldOf } from './current-documents.ts';

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

/** What definitions may refer to without a workspace: those that are shipped. */
export async function shippedWorld(): Promise<World> {
  const shipped = await shippedDefinitions();
  const parsed = [shipped.taxonomy, shipped.icp, shipped.sla].map(parseDefinition);
  return worldOf(new Map(parsed.flatMap((p) => (p.ok ? [[p.kind, p.document] as const] : []))));
}
