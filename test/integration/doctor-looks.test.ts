import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { deriveInWorkspace, readWorkspace } from '../../src/db/workspace.ts';
import type { Database } from '../../src/kernel/database.ts';
import { doctor } from '../../src/upkeep/doctor.ts';
import { examineBeliefs, examineTimes } from '../../src/upkeep/examine-workspace.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { makeSoundWorld, named, patientOf, troubles } from '../support/diagnosis.ts';

describeDatabases('how the doctor looks', (open) => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = testContext(await open());
    await makeSoundWorld(ctx);
  });
  const change = (text: string) => deriveInWorkspace(ctx, (tx) => tx.query(text));

  it('looks for events that count twice among some, unless all are asked for', async () => {
    const beliefs = (rows: number) =>
      readWorkspace(ctx, (tx) => examineBeliefs(tx, ctx, { rows, receipts: undefined, seed: '2026-03-02' })).then(
        (finding) => finding.says,
      );
    expect(await beliefs(Number.MAX_SAFE_INTEGER)).toBe('no person, domain or event counts twice');
    expect(await beliefs(2)).toBe('no person, domain or event counts twice (samples of 2 rows; --full looks at all)');
    await change(`insert into event (workspace_id, id, recorded_at, source, external_id, type, occurred_at, occurred_day)
      select workspace_id, id, recorded_at + interval '1 ms', 'twice', external_id, type, occurred_at, occurred_day from event
      where workspace_id = 'test' and superseded_at is null`);
    try {
      expect(await beliefs(Number.MAX_SAFE_INTEGER)).toMatch(/^counted twice: (event [0-9a-f-]{36}(, )?){5}$/);
      expect(await beliefs(6)).toMatch(/^counted twice: event .*\(samples of 6 rows/);
    } finally {
      await change(`delete from event where workspace_id = 'test' and source = 'twice'`);
    }
  });

  it('looks at the times of samples, unless all are asked for', async () => {
    const times = (rows: number) =>
      readWorkspace(ctx, (tx) => examineTimes(tx, ctx, { rows, receipts: undefined, seed: '2026-03-02' })).then((finding) => finding.says);
    expect(await times(2)).toBe(
      'nothing was learned after what the workspace knows; every event is on its day (samples of 2 rows; --full looks at all)',
    );
    expect(await times(Number.MAX_SAFE_INTEGER)).toBe('nothing was learned after what the workspace knows; every event is on its day');
    // as many as there are, wherever the sample begins
    const [{ n }] = z
      .tuple([z.object({ n: z.number() })])
      .parse(await readWorkspace(ctx, (tx) => tx.query(`select count(*) as n from event where workspace_id = 'test'`)));
    await change(`update event set occurred_day = occurred_day + 1 where workspace_id = 'test'`);
    try {
      expect(await times(3)).toContain('3 events count on another day');
      expect(await times(n)).toContain(`${n} events count on another day`);
      expect(await times(n + 1)).toContain(`${n} events count on another day`);
    } finally {
      await change(`update event set occurred_day = occurred_day - 1 where workspace_id = 'test'`);
    }
  });

  it('reads the schema whatever the settings of the server are', async () => {
    const quoting: Database = {
      ...ctx.db,
      transaction: (mode, run, options) =>
        ctx.db.transaction(
          mode,
          async (tx) => {
            await tx.query(`select set_config('quote_all_identifiers', 'on', true)`);
            return run(tx);
          },
          options,
        ),
    };
    const diagnosis = await doctor(patientOf({ ...ctx, db: quoting }));
    expect(named(diagnosis, 'catalog'), JSON.stringify(troubles(diagnosis))).toMatchObject({ state: 'ok' });
    expect(named(diagnosis, 'tables')).toBeUndefined();
  });
});
