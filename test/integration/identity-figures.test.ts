import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { identityAccountsFigures } from '../../bench/identity-accounts.ts';

const shared = resolve(process.env.SAMEPAGE_SHARED_DATA ?? '../shared/data');
const isThere = existsSync(resolve(shared, 'companies')) && existsSync(resolve(shared, '../tools/generate-people.mjs'));

describe.skipIf(!isThere)(`names and leads of ${shared}${isThere ? '' : ' (not there)'}`, () => {
  test('the figures hold at the default threshold', async () => {
    const figures = await identityAccountsFigures({ records: 10_000, seed: 11 }, () => {});
    expect(figures.company_f1).toBeGreaterThanOrEqual(0.96);
    expect(figures.company_precision).toBeGreaterThanOrEqual(0.985);
    expect(figures.lead_account_match_rate).toBeGreaterThanOrEqual(0.945);
    expect(figures.lead_account_precision).toBeGreaterThanOrEqual(0.995);
    expect(figures.lead_account_false_match_rate).toBeLessThanOrEqual(0.005);
  });
});
