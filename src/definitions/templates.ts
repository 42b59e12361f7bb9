import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SamepageError, shown } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { DEFINITION_KINDS, definitionKind } from './core/definition.ts';
import { readYaml } from './core/locate.ts';
import { applyChanges } from './core/patch.ts';
import { shippedDefinitions } from './shipped.ts';

const FOLDER = new URL('../../definitions/templates/', import.meta.url);
const change = z.strictObject({ path: z.string(), value: z.unknown().optional() });
const templateFile = z.strictObject({
  title: z.string(),
  /** For whom it is, one sentence. */
  for: z.string(),
  /** What differs from the shipped definitions. */
  changes: z.partialRecord(definitionKind, z.array(change)),
});

export interface Template {
  name: string;
  title: string;
  for: string;
}

/** The starting points there are, by name. */
export async function listTemplates(): Promise<Template[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (file) => {
      const name = file.slice(0, -'.yaml'.length);
      const { title, for: whom } = await readTemplate(name);
      return { name, title, for: whom };
    }),
  );
}

/** The seven documents of a template. @throws SamepageError `not_found` with the names there are. */
export async function templateDocuments(name: string): Promise<unknown[]> {
  const names = (await listTemplates()).map((one) => one.name);
  if (!names.includes(name)) {
    const near = nearest(name, names);
    throw new SamepageError(
      'not_found',
      `There is no template ${shown(name)}${near === undefined ? '.' : `; did you mean ${near}?`}`,
      `Use one of ${names.join(', ')}.`,
    );
  }
  const [{ changes }, shipped] = await Promise.all([readTemplate(name), shippedDefinitions()]);
  return DEFINITION_KINDS.map((kind) => {
    const { document, problems } = applyChanges(shipped[kind], changes[kind] ?? []);
    if (problems.length > 0) throw new Error(`definitions/templates/${name}.yaml, ${kind}: ${problems[0]?.path} ${problems[0]?.reason}`);
    return document;
  });
}

async function readTemplate(name: string): Promise<z.output<typeof templateFile>> {
  return templateFile.parse(readYaml(await readFile(new URL(`${name}.yaml`, FOLDER), 'utf8')).value);
}
