import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { getDefinition } from '../../src/definitions/get-definition.ts';
import { proposeDefinition } from '../../src/definitions/propose-definition.ts';
import { saveDefinition } from '../../src/definitions/save-definition.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import type { Database } from '../../src/kernel/database.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { makeLeaders, sign } from '../support/leaders.ts';

const SEEDS = [1, 2, 3];
const ROUNDS = 12;
/** Commands that are given at once. */
const TOGETHER = 5;

const instant = z.coerce.date().transform((date) => date.getTime());
const headRow = z.object({ hash: z.string(), recorded_at: instant });
const stateRow = z.object({ hash: z.string(), recorded_at: instant, opened_at: instant, state: z.string(), signed: z.boolean() });
const signatureRow = z.object({ hash: z.string(), recorded_at: instant, opened_at: instant, team: z.string(), action: z.string() });

async function rowsOf<T>(ctx: TestContext, table: string, row: z.ZodType<T>): Promise<T[]> {
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query(`select * from ${table} where workspace_id = $1 and kind = 'rubric' order by recorded_at`, [ctx.workspaceId]),
  );
  return z.array(row).parse(rows);
}

/** Holds the logs, as they are stored, against the rule: signed is what both teams' signatures of that round stood under at that time. */
async function verifyHistory(ctx: TestContext): Promise<{ heads: number; signed: number }> {
  const [heads, states, signatures] = await Promise.all([
    rowsOf(ctx, 'definition_head', headRow),
    rowsOf(ctx, 'definition_state', stateRow),
    rowsOf(ctx, 'definition_signature', signatureRow),
  ]);
  const stoodAt = (hash: string, openedAt: number, at: number) =>
    ['marketing', 'sales'].every((team) => {
      const own = signatures.filter((s) => s.hash === hash && s.opened_at === openedAt && s.team === team && s.recorded_at <= at);
      return own.at(-1)?.action === 'sign';
    });
  for (const one of states)
    if (one.state === 'active' || one.state === 'signed') expect(stoodAt(one.hash, one.opened_at, one.recorded_at)).toBe(true);
  const isSigned = (hash: string, at: number) => states.findLast((s) => s.hash === hash && s.recorded_at <= at)?.signed === true;
  for (const [i, head] of heads.entries()) {
    const before = heads[i - 1];
    // what was signed gave way to what was signed at that very moment
    if (before !== undefined && isSigned(before.hash, head.recorded_at - 1)) expect(isSigned(head.hash, head.recorded_at)).toBe(true);
  }
  const { definition } = await getDefinition(ctx, { kind: 'rubric' });
  const last = states.findLast((s) => s.hash === definition.hash);
  expect(definition.hash).toBe(heads.at(-1)?.hash);
  expect(definition.status).toBe(last?.signed === true ? 'signed' : 'draft');
  if (last !== undefined && definition.status === 'signed') {
    expect(stoodAt(definition.hash, last.opened_at, Number.POSITIVE_INFINITY)).toBe(true);
    // not by the signatures of a round before it came into use again
    expect(last.recorded_at).toBeGreaterThanOrEqual(heads.at(-1)?.recorded_at ?? 0);
  }
  return { heads: heads.length, signed: states.filter((s) => s.state === 'active').length };
}

describeDatabases('the history of a definition', (open) => {
  let database: Database;
  let rubric: Record<string, unknown>;
  beforeAll(async () => {
    database = await open();
    rubric = z.record(z.string(), z.unknown()).parse((await shippedDefinitions()).rubric);
  });

  it.each(SEEDS)('whatever is asked at once (seed %i): never in use as signed without all signatures', async (seed) => {
    const ctx = testContext(database, { workspaceId: `h${seed}` });
    await ensureWorkspace(ctx);
    await makeLeaders(ctx);
    const chance = chanceFrom(seed);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(chance() * all.length)] as T;
    const value = () => 60 + Math.floor(chance() * 8);
    const commands = [
      () => sign(ctx, { kind: 'rubric', team: 'marketing' }),
      () => sign(ctx, { kind: 'rubric', team: 'sales' }),
      () => sign(ctx, { kind: 'rubric', team: 'marketing' }),
      () => sign(ctx, { kind: 'rubric', team: 'sales' }),
      () => sign(ctx, { kind: 'rubric', team: pick(['marketing', 'sales'] as const), withdraw: true }),
      () => proposeDefinition(ctx, { kind: 'rubric', changes: [{ path: 'tiers.A', value: value() }] }),
      () => proposeDefinition(ctx, { kind: 'rubric', withdraw: true }),
      () => saveDefinition(ctx, { document: { ...rubric, tiers: { A: value(), B: 45 } } }),
    ];
    for (let round = 0; round < ROUNDS; round += 1) {
      const asked = Array.from({ length: TOGETHER }, () => pick(commands)());
      for (const one of await Promise.allSettled(asked)) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(SamepageError);
      ctx.advance(1000);
    }
    const told = await verifyHistory(ctx);
    expect(told.heads).toBeGreaterThan(1);
    expect(told.signed).toBeGreaterThan(0);
  });
});
