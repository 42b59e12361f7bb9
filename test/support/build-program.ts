import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');
/** What a built program reads beside itself. */
const BESIDE = ['package.json', 'node_modules', 'definitions', 'drizzle', 'providers'];

/**
 * Builds the program, and what else tests run as a process (`test/support/*-child.ts`), from the sources as they are, in a folder of its
 * own: a process of it starts in a fifth of the time that a loader of the sources takes, and is what users run. Types are not looked at.
 * @returns the file to run
 */
export async function buildProgram(folder: string): Promise<string> {
  for (const name of BESIDE) await symlink(join(ROOT, name), join(folder, name));
  const settings = join(folder, 'tsconfig.json');
  await writeFile(
    settings,
    JSON.stringify({
      extends: join(ROOT, 'tsconfig.build.json'),
      compilerOptions: { rootDir: ROOT, outDir: folder, noCheck: true },
      include: [join(ROOT, 'src'), join(ROOT, 'test/support/*-child.ts')],
    }),
  );
  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', settings], { cwd: ROOT });
  return join(folder, 'src', 'main.js');
}
