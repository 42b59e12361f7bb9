import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Catalogue } from '../../../src/enrichment/load-providers.ts';
import { loadProviders } from '../../../src/enrichment/load-providers.ts';
import { fieldReaders } from '../../../src/enrichment/open-providers.ts';
import { testProvider } from '../../../src/enrichment/test-provider.ts';

let catalogue: Catalogue;
let readers: Awaited<ReturnType<typeof fieldReaders>>;
beforeAll(async () => {
  catalogue = await loadProviders(undefined);
  readers = await fieldReaders(undefined);
});

describe('the shipped providers', () => {
  test('are all read', () => {
    expect(catalogue.refused).toEqual([]);
    expect(catalogue.providers.size).toBeGreaterThanOrEqual(40);
  });

  test('each gives what its fixtures say, of a hit and of a miss', async () => {
    for (const [name, provider] of catalogue.providers) {
      const reports = await testProvider(provider, readers);
      expect(reports.flatMap((report) => report.problems.map((problem) => `${name}, ${report.case}: ${problem}`))).toEqual([]);
      expect(reports.length, name).toBeGreaterThanOrEqual(2);
    }
  });

  test('give fields that the taxonomy declares', () => {
    const unknown = [...catalogue.providers.values()].flatMap(({ offer }) =>
      offer.fields.map(({ field }) => field).filter((field) => !readers.has(field)),
    );
    expect(unknown).toEqual([]);
  });

  test('each says how it was verified; those with a price say where it is from', () => {
    for (const { spec } of catalogue.providers.values()) {
      expect(spec.verified.how.length, spec.provider).toBeGreaterThan(40);
      if (spec.billing.per !== 'none') expect(spec.billing.price_from, spec.provider).toBeDefined();
    }
  });

  test('have no key and no address of a real host in their fixtures but that of the vendor and what it names', async () => {
    for (const { folder, spec } of catalogue.providers.values()) {
      const text = await readFile(join(folder, 'fixtures.yaml'), 'utf8');
      const addresses = [...text.matchAll(/[\w.+-]+@([\w-]+\.[\w.-]+)/g)].map(([, host = '']) => host);
      expect(
        addresses.filter((host) => !host.endsWith('.example')),
        spec.provider,
      ).toEqual([]);
    }
  });

  test('a fixture that is wrong is noticed', async () => {
    const provider = catalogue.providers.get('hunter-company');
    if (provider === undefined) throw new Error('there is no hunter-company');
    const other = catalogue.providers.get('hunter-person');
    if (other === undefined) throw new Error('there is no hunter-person');
    const problems = (await testProvider({ ...provider, folder: other.folder }, readers)).flatMap((report) => report.problems);
    expect(problems.length).toBeGreaterThan(3);
  });
});
