import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryFS } from '@electric-sql/pglite';

/** Where PGlite has its data. */
const DATA = '/pglite/data';

type TemplateFile = readonly [path: string, bytes: Uint8Array];

interface Template {
  folders: readonly string[];
  files: readonly TemplateFile[];
}

/** The files below a folder, and their folders, outer ones first: paths from there on. */
async function readTemplate(folder: string): Promise<Template> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const pathOf = (entry: (typeof entries)[number]) => join(entry.parentPath, entry.name).slice(folder.length);
  const folders = entries.filter((entry) => entry.isDirectory()).map(pathOf);
  const files = entries.filter((entry) => entry.isFile()).map(pathOf);
  return {
    folders: folders.sort((a, b) => a.length - b.length),
    files: await Promise.all(files.map(async (path): Promise<TemplateFile> => [path, await readFile(join(folder, path))])),
  };
}

const templates = new Map<string, Promise<Template>>();

/**
 * A memory that begins with the files of an embedded database which was closed. That opens in two thirds of the time that the dump of an
 * open one takes: nothing is unpacked, and PostgreSQL has nothing to recover. The files are read once a process.
 */
export class TemplateFs extends MemoryFS {
  readonly #folder: string;

  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  override async initialSyncFs(): Promise<void> {
    let template = templates.get(this.#folder);
    if (template === undefined) {
      template = readTemplate(this.#folder);
      templates.set(this.#folder, template);
    }
    const { folders, files } = await template;
    const memory = this.pg?.Module.FS;
    if (memory === undefined) throw new Error('PGlite did not begin');
    memory.mkdirTree(DATA);
    for (const path of folders) memory.mkdir(`${DATA}${path}`);
    // a copy: the database writes into it
    for (const [path, bytes] of files) memory.writeFile(`${DATA}${path}`, Uint8Array.from(bytes), { canOwn: true });
  }
}
