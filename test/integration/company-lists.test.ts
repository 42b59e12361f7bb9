import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { askCompanyLists, bestSingleFill, fillOf, type ListedCompanies, plannedFill } from '../support/company-fill.ts';
import { testContext } from '../support/context.ts';
import { openTestPglite, type TestDatabase } from '../support/databases.ts';

const DATA = process.env.SAMEPAGE_SHARED_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const COMPANIES = join(DATA, 'companies');

describe.skipIf(!existsSync(COMPANIES))(`lists as providers, on the companies of ${COMPANIES}`, () => {
  let db: TestDatabase;
  let companies: ListedCompanies;

  beforeAll(async () => {
    db = await openTestPglite();
    const ctx = testContext(db);
    await ensureWorkspace(ctx);
    companies = await askCompanyLists(ctx, COMPANIES);
  });
  afterAll(() => db.close());

  const given = (name: string, domain: string, field: string) => companies.answers.get(name)?.get(domain)?.values[field];

  test('together they fill 69.5 % of five fields or more, where the best alone fills 56 %', () => {
    const names = [...companies.answers.keys()];
    expect(companies.domains).toHaveLength(1_748);
    const single = bestSingleFill(companies);
    expect(single).toBeGreaterThan(0.555);
    expect(single).toBeLessThan(0.565);
    expect(fillOf(companies, names, ({ role }) => role === undefined)).toBeGreaterThanOrEqual(0.695);
    expect(fillOf(companies, names)).toBeGreaterThanOrEqual(0.73);
  });

  test('as many are sure enough to become facts when the planner weighs them', () => {
    const { fill, conflicts } = plannedFill(companies, new Date('2026-03-02T09:00:00.000Z'));
    expect(fill).toBeGreaterThanOrEqual(0.695);
    expect(conflicts).toBeGreaterThan(100);
  });

  test('a privacy contact is not taken for the seat: its country says which role it has', () => {
    const meant = companies.domains.flatMap((domain) => given('datenanfragen', domain, 'account.country') ?? []);
    expect(meant.length).toBeGreaterThan(200);
    expect(meant.filter(({ role }) => role !== 'privacy_contact')).toEqual([]);
  });

  test('lists that contradict each other are both heard', () => {
    const pairs = companies.domains.flatMap((domain) => {
      const [a, b] = ['financedb', 'sp500'].map((name) => given(name, domain, 'account.city')?.value);
      return a === undefined || b === undefined ? [] : [{ domain, a, b }];
    });
    expect(pairs.length).toBeGreaterThan(300);
    const contradicting = pairs.filter(({ a, b }) => a !== b);
    expect(contradicting.length).toBeGreaterThan(40);
    expect(contradicting.map(({ domain }) => domain)).toContain('boeing.com');
  });
});
