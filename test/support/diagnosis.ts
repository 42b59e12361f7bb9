import { audit, deriveInWorkspace } from '../../src/db/workspace.ts';
import type { Database } from '../../src/kernel/database.ts';
import type { Finding } from '../../src/upkeep/core/finding.ts';
import type { Diagnosis } from '../../src/upkeep/doctor.ts';
import type { Patient } from '../../src/upkeep/patient.ts';
import type { TestContext } from './context.ts';
import { makeWholeWorld } from './whole-world.ts';

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

/** The whole world without what has no story behind it, so that it is healthy. */
export async function makeSoundWorld(ctx: TestContext): Promise<void> {
  await makeWholeWorld(ctx);
  await deriveInWorkspace(ctx, async (tx) => {
    await tx.query(`delete from event where workspace_id = 'test' and source = 'odd'`);
    await tx.query(
      `delete from hand_off_clock where workspace_id = 'test' and not exists (select 1 from hand_off h where h.id = hand_off_id)`,
    );
    await tx.query(`update segment_rule_event set kind = 'propose' where workspace_id = 'test'`);
    await tx.query(`update segment_rule set state = 'proposed' where workspace_id = 'test'`);
    const [frozen] = await tx.query('select sha256 from frozen_review');
    await audit(tx, ctx, 'freeze_review', `weekly 2026-W09 version 1 ${frozen?.sha256}`);
  });
}
