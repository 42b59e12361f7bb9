import { z } from 'zod';
import { enterWorkspace } from '../db/table-rows.ts';
import { requireScope } from '../db/workspace.ts';
import { settleDoubled } from '../handoff/settle-doubled.ts';
import type { Context } from '../kernel/context.ts';
import type { Database, Tx } from '../kernel/database.ts';
import { dayOf, isoFromDay } from '../kernel/dates.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { repairProjections } from '../records/repair-projections.ts';
import { type Finding, ok, problem, RESTORE, skipped, warning, worst } from './core/finding.ts';
import { examineCatalog, examineMigrations, examineServer } from './examine-database.ts';
import { examineFolder } from './examine-folder.ts';
import { examineMoney } from './examine-money.ts';
import { examineProgram } from './examine-program.ts';
import { examineWebhooks } from './examine-webhooks.ts';
import {
  examineAudit,
  examineBeliefs,
  examineContents,
  examineDefinitions,
  examineHandOffs,
  examineProjections,
  examineReceipts,
  examineReviews,
  examineSegmentRules,
  examineTimes,
} from './examine-workspace.ts';
import type { Depth, Patient } from './patient.ts';

export const doctorInput = z.strictObject({
  full: z.boolean().default(false).describe('look at every row and every receipt, not at samples'),
  repair: z
    .boolean()
    .default(false)
    .describe('derive wrong projections again from their logs, and settle double hand-offs, first; everything else is only read'),
});

export interface Diagnosis {
  /** The worst of the findings. */
  state: Finding['state'];
  findings: Finding[];
}

/** Rows of each table whose projection is derived again, unless all are. */
const SAMPLED_ROWS = 50_000;
const SAMPLED_RECEIPTS = 100;

/**
 * Looks at everything that a workspace stands on: program, folder or server, schema, definitions, audit, projections and
 * receipts. Each finding names what mends it. A database that cannot be opened is a finding, not an error.
 * @throws SamepageError `cancelled`.
 */
export async function doctor(patient: Patient, given: z.input<typeof doctorInput> = {}): Promise<Diagnosis> {
  const { full, repair } = parseInput(doctorInput, given, 'doctor');
  requireScope(patient, repair ? 'write' : 'read');
  const findings: Finding[] = [examineProgram(patient.node)];
  const seed = isoFromDay(dayOf(patient.now()));
  const depth: Depth = { rows: full ? Number.MAX_SAFE_INTEGER : SAMPLED_ROWS, receipts: full ? undefined : SAMPLED_RECEIPTS, seed };
  if (await examineOutside(patient, findings)) await examineInside(patient, depth, repair, findings);
  return { state: worst(findings), findings };
}

/** Before anything is opened. @returns whether there is a database to open. */
async function examineOutside(patient: Patient, findings: Finding[]): Promise<boolean> {
  if (patient.databaseUrl !== undefined) return true;
  if (patient.dataDir === 'memory') {
    findings.push(warning('folder', 'SAMEPAGE_DATA_DIR is `memory`: nothing is kept', 'Set SAMEPAGE_DATA_DIR to a folder, or unset it'));
    return true;
  }
  const folder = await examineFolder(patient.dataDir);
  findings.push(...folder.findings);
  if (!folder.openable) findings.push(skipped('database', 'there is none that can be opened'));
  return folder.openable;
}

async function examineInside(patient: Patient, depth: Depth, repair: boolean, findings: Finding[]): Promise<void> {
  let db: Database;
  try {
    db = await patient.open();
  } catch (error) {
    findings.push(unopenedFinding(patient, error));
    return;
  }
  try {
    const ctx: Context = { ...patient, db };
    const server = await careful('database', () => examineServer(db), patient.signal);
    findings.push(...server);
    // it does not even say what it is
    if (server[0]?.state === 'problem') return;
    // tables of another version are nobody's to repair: the migrations say what mends them
    const isCurrent = !repair || (await db.transaction('read', async (tx) => (await examineMigrations(tx)).current));
    if (repair && isCurrent) findings.push(...(await careful('repair', () => repaired(ctx), patient.signal)));
    if (!isCurrent) findings.push(skipped('repair', 'its tables are not those of this version'));
    await db.transaction('read', async (tx) => {
      const migrations = await examineMigrations(tx);
      findings.push(...migrations.findings);
      if (!migrations.current) return void findings.push(skipped('workspace', 'its tables are not those of this version'));
      findings.push(...(await careful('catalog', () => inPoint(tx, () => examineCatalog(tx)), patient.signal)));
      await examineWorkspace(tx, ctx, depth, findings);
    });
  } catch (error) {
    findings.push(failure('database', patient.signal, error));
  } finally {
    await db.close().catch(() => {});
  }
}

async function examineWorkspace(tx: Tx, ctx: Context, depth: Depth, findings: Finding[]): Promise<void> {
  await enterWorkspace(tx, ctx.workspaceId);
  const run = async (check: string, examine: () => Promise<Finding | Finding[]>) => {
    ctx.signal.throwIfAborted();
    findings.push(...(await careful(check, () => inPoint(tx, examine), ctx.signal)));
  };
  await run('workspace', () => examineContents(tx, ctx));
  if (findings.at(-1)?.state !== 'ok') return;
  await run('definitions', () => examineDefinitions(tx, ctx));
  await run('audit', () => examineAudit(tx, ctx));
  await run('money', () => examineMoney(tx, ctx));
  await run('times', () => examineTimes(tx, ctx, depth));
  await run('memberships', () => examineBeliefs(tx, ctx, depth));
  await run('projections', () => examineProjections(tx, ctx, depth));
  await run('hand_off', () => examineHandOffs(tx, ctx, depth));
  await run('segments', () => examineSegmentRules(tx, ctx));
  await run('webhooks', () => examineWebhooks(tx, ctx));
  await run('reviews', () => examineReviews(tx, ctx));
  await run('receipts', () => examineReceipts(tx, ctx, depth));
}

/** A failed statement ends what it was for, and not the transaction: the next check still has its snapshot. */
async function inPoint<T>(tx: Tx, run: () => Promise<T>): Promise<T> {
  await tx.query('savepoint examination');
  try {
    return await run();
  } catch (error) {
    await tx.query('rollback to savepoint examination').catch(() => {});
    throw error;
  }
}

/** What goes wrong in a check is its finding. */
async function careful(check: string, examine: () => Promise<Finding | Finding[]>, signal: AbortSignal): Promise<Finding[]> {
  try {
    const found = await examine();
    return Array.isArray(found) ? found : [found];
  } catch (error) {
    return [failure(check, signal, error)];
  }
}

function failure(check: string, signal: AbortSignal, error: unknown): Finding {
  if (signal.aborted) {
    throw new SamepageError('cancelled', 'The examination was cancelled; nothing was changed.', 'Run it again.');
  }
  if (error instanceof SamepageError) return problem(check, error.message, error.next);
  // the driver's text may hold values: its code says enough
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
  return problem(check, `it cannot be examined: the database refuses (${code})`, RESTORE);
}

function unopenedFinding(patient: Patient, error: unknown): Finding {
  if (!(error instanceof SamepageError)) return failure('database', patient.signal, error);
  if (error.code === 'folder_in_use') return skipped('database', `${error.message} ${error.next}`);
  return problem('database', error.message, error.next);
}

async function repaired(ctx: Context): Promise<Finding[]> {
  const done = await repairProjections(ctx);
  const doubled = await settleDoubled(ctx);
  const settled =
    doubled === 0
      ? []
      : [
          warning(
            'repair',
            `of ${doubled === 1 ? '1 person' : `${doubled.toLocaleString('en-US')} people`} one open hand-off stays`,
            'samepage-mcp doctor',
          ),
        ];
  if (done.length === 0) return settled.length > 0 ? settled : [ok('repair', 'every projection was as its log gives it')];
  const what = done.map(({ projection, rows }) => `${rows.toLocaleString('en-US')} of ${projection}`).join(', ');
  return [warning('repair', `derived again: ${what}`, 'samepage-mcp rescore --all'), ...settled];
}
