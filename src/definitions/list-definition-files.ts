import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The files that someone named; of a folder, the YAML and JSON files in it, by name. A folder without any stands for itself. */
export async function listDefinitionFiles(paths: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    paths.map(async (path) => {
      // what is no folder is read, and told about, as the file that it was meant to be
      const names = await readdir(path).catch(() => []);
      const files = names.filter((name) => /\.(ya?ml|json)$/i.test(name)).sort();
      return files.length === 0 ? [path] : files.map((name) => join(path, name));
    }),
  );
  return lists.flat();
}
