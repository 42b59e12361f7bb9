import { expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.ts';
import { faultRuns } from '../support/fault-runs.ts';

describeDatabases('money under faults', (open, dialect) => {
  test('nothing is paid twice, no ceiling is passed, every unit is accounted for', async () => {
    // the embedded database does one thing at a time
    const runs = dialect === 'pglite' ? 80 : 250;
    const report = await faultRuns(await open(), { runs, seed: 5, atOnce: 10 });
    // the vendors did fail, in every way, and most calls were settled
    expect(Object.keys(report.faults)).toHaveLength(11);
    expect(report.calls).toBeGreaterThan(runs);
    expect(report).toMatchObject({ doublePayments: 0, ceilingBreaches: 0, unaccounted: 0 });
  }, 60_000);
});
