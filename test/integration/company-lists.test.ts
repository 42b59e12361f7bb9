import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import type { ProvidedValue, ProviderAnswer } from '../../src/enrichment/core/provider.ts';
import { openHouse } from '../../src/enrichment/provider-house.ts';
import { writeCompanyLists } from '../support/company-lists.ts';
import { testContext } from '../support/context.ts';
import { openTestPglite, type TestDatabase } from '../support/databases.ts';

const DATA = process.env.SAMEPAGE_SHARED_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const COMPANIES = join(DATA, 'companies');
const FIELDS = ['account.name', 'account.country', 'account.city', 'account.industry', 'account.employees'];

describe.skipIf(!existsSync(COMPANIES))(`lists as providers, on the companies of ${COMPANIES}`, () => {
  let db: TestDatabase;
  let folder: string;
  /** By provider, by domain. */
  const answers = new Map<string, Map<string, ProviderAnswer>>();
  const domains = new Set<string>();

  beforeAll(async () => {
    db = await openTestPglite();
    folder = await mkdtemp(join(tmpdir(), 'company-lists-'));
    const names = await writeCompanyLists(COMPANIES, folder);
    const ctx = testContext(db, {
      providers: {
        folder,
        secretsFile: undefined,
        contact: undefined,
        dayUsd: undefined,
        workspaceUsd: undefined,
        variable: () => undefined,
      },
    });
    await ensureWorkspace(ctx);
    const { port, offers } = await openHouse(ctx);
    for (const name of names) {
      const text = await readFile(join(COMPANIES, `${name.replaceAll('-', '_')}.jsonl`), 'utf8');
      for (const line of text.split('\n')) if (line !== '') domains.add(JSON.parse(line).domain);
    }
    for (const name of names) {
      const offer = offers.find(({ id }) => id === name);
      if (offer === undefined) throw new Error(`${name} is not offered`);
      const found = new Map<string, ProviderAnswer>();
      for (const domain of domains) {
        const request = { subject: 'account', inputs: { 'account.domain': domain }, fields: FIELDS } as const;
        found.set(domain, await port.call(offer, request, { signal: new AbortController().signal }));
      }
      answers.set(name, found);
    }
  });
  afterAll(async () => {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  });

  const given = (name: string, domain: string, field: string) => answers.get(name)?.get(domain)?.values[field];

  /** Percent of the five fields of all companies for which one of the providers has a value that is meant as the field. */
  function fill(names: readonly string[], isMeant: (value: ProvidedValue) => boolean = () => true): number {
    let filled = 0;
    for (const domain of domains) {
      for (const field of FIELDS) {
        if (
          names.some((name) => {
            const value = given(name, domain, field);
            return value !== undefined && isMeant(value);
          })
        )
          filled += 1;
      }
    }
    return (100 * filled) / (domains.size * FIELDS.length);
  }

  test('together they fill 69.5 % of five fields or more, where the best alone fills 56 %', () => {
    const names = [...answers.keys()];
    expect(domains.size).toBe(1_748);
    const single = Math.max(...names.map((name) => fill([name])));
    expect(single).toBeGreaterThan(55.5);
    expect(single).toBeLessThan(56.5);
    expect(fill(names, ({ role }) => role === undefined)).toBeGreaterThanOrEqual(69.5);
    expect(fill(names)).toBeGreaterThanOrEqual(73);
  });

  test('a privacy contact is not taken for the seat: its country says which role it has', () => {
    const meant = [...domains].flatMap((domain) => given('datenanfragen', domain, 'account.country') ?? []);
    expect(meant.length).toBeGreaterThan(200);
    expect(meant.filter(({ role }) => role !== 'privacy_contact')).toEqual([]);
  });

  test('lists that contradict each other are both heard', () => {
    const pairs = [...domains].flatMap((domain) => {
      const [a, b] = ['financedb', 'sp500'].map((name) => given(name, domain, 'account.city')?.value);
      return a === undefined || b === undefined ? [] : [{ domain, a, b }];
    });
    expect(pairs.length).toBeGreaterThan(300);
    const contradicting = pairs.filter(({ a, b }) => a !== b);
    expect(contradicting.length).toBeGreaterThan(40);
    expect(contradicting.map(({ domain }) => domain)).toContain('boeing.com');
  });
});
