import type { Database } from '../../src/kernel/database.ts';
import type { Finding } from '../../src/upkeep/core/finding.ts';
import type { Diagnosis } from '../../src/upkeep/doctor.ts';
import type { Patient } from '../../src/upkeep/patient.ts';
import type { TestContext } from './context.ts';

/** A patient whose database is open already, and stays so. */
export function patientOf(ctx: TestContext, overrides: Partial<Patient> = {}): Patient {
  const { db, ...rest } = ctx;
  const shared: Database = { ...db, close: async () => {} };
  return { ...rest, databaseUrl: 'postgres://of-a-test', dataDir: 'memory', node: '20.19.0', open: async () => shared, ...overrides };
}

/** The finding of a check. */
export const named = ({ findings }: Diagnosis, check: string): Finding | undefined => findings.find((finding) => finding.check === check);
/** The checks that ended in a problem. */
export const troubles = ({ findings }: Diagnosis) => findings.filter(({ state }) => state === 'problem').map(({ check }) => check);
