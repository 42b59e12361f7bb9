import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const ROOT = new URL('../../', import.meta.url);

const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) });
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dev: z.boolean().optional(),
      license: z.string().optional(),
      hasInstallScript: z.boolean().optional(),
      engines: z.record(z.string(), z.string()).optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
const PERMISSIVE = /^\(?(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|Python-2\.0)( (OR|AND) |\)|$)/;

/** Used as published, which is all that their licence asks for. */
const FILE_COPYLEFT = new Map([['node_modules/@jmespath-community/jmespath', 'MPL-2.0']]);

/** The lowest Node that an `engines` range names, as [major, minor]; ranges are joined by `||`. */
function admitsNode20(range: string): boolean {
  return range.split('||').some((part) => {
    const [major = 0, minor = 0] = (/\d+(\.\d+)?/.exec(part)?.[0] ?? '0').split('.').map(Number);
    const exactMajor = part.trim().startsWith('^') || /^\s*\d/.test(part);
    return exactMajor ? major === 20 && minor <= 19 : major < 20 || (major === 20 && minor <= 19);
  });
}

describe('the dependencies', () => {
  let manifest: z.infer<typeof manifestSchema>;
  let packages: z.infer<typeof lockSchema>['packages'];
  let production: [string, z.infer<typeof lockSchema>['packages'][string]][];
  let page: string;
  beforeAll(async () => {
    const read = (path: string) => readFile(new URL(path, ROOT), 'utf8');
    manifest = manifestSchema.parse(JSON.parse(await read('package.json')));
    ({ packages } = lockSchema.parse(JSON.parse(await read('package-lock.json'))));
    production = Object.entries(packages).filter(([path, entry]) => path !== '' && entry.dev !== true);
    page = await read('docs/decisions/dependencies.md');
  });

  test('none that is installed with the package has an install script', () => {
    expect(production.length).toBeGreaterThan(50);
    expect(production.filter(([, entry]) => entry.hasInstallScript).map(([path]) => path)).toEqual([]);
  });

  test('all of those run on Node 20.19', () => {
    const refusing = production.filter(([, { engines }]) => engines?.node !== undefined && !admitsNode20(engines.node));
    expect(refusing.map(([path, { engines }]) => `${path} ${engines?.node}`)).toEqual([]);
  });

  test('all of those have a permissive licence', () => {
    expect(
      production
        .filter(([path, { license }]) => !PERMISSIVE.test(license ?? '') && FILE_COPYLEFT.get(path) !== license)
        .map(([path, { license }]) => `${path} ${license}`),
    ).toEqual([]);
  });

  test('the lock file has every platform: without one, `npm ci` refuses it', () => {
    const paths = Object.keys(packages);
    const optional = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).map((name) => ({ path, name })),
    );
    expect(optional.length).toBeGreaterThan(20);
    expect(optional.filter(({ name }) => !paths.some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([]);
  });

  test('each has its line in docs/decisions/dependencies.md, and no other has', () => {
    const named = new Set(
      [...page.matchAll(/^\|(.*?)\|/gm)].flatMap((row) => [...(row[1] ?? '').matchAll(/`([^`]+)`/g)].map((name) => name[1])),
    );
    expect([...named].sort()).toEqual([...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)].sort());
  });
});
