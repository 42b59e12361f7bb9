import { beforeAll, expect, it } from 'vitest';
import { deriveInWorkspace } from '../../src/db/workspace.ts';
import { doctor } from '../../src/upkeep/doctor.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { makeSoundWorld, named, patientOf, troubles } from '../support/diagnosis.ts';
import { workspaceRows } from '../support/digest.ts';

describeDatabases('the doctor', (open, dialect) => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = testContext(await open());
    await makeSoundWorld(ctx);
  });
  const change = (text: string) => deriveInWorkspace(ctx, (tx) => tx.query(text));
  /** Damages, looks, and puts everything back. */
  const withDamage = async (damage: string, mend: string, full = false) => {
    await change(damage);
    try {
      return await doctor(patientOf(ctx), { full });
    } finally {
      await change(mend);
    }
  };

  it('finds a healthy workspace healthy, and changes nothing', async () => {
    const before = await workspaceRows(ctx);
    const diagnosis = await doctor(patientOf(ctx), { full: true });
    expect(troubles(diagnosis), JSON.stringify(diagnosis.findings.filter((one) => one.state === 'problem'))).toEqual([]);
    for (const check of [
      'program',
      'database',
      'migrations',
      'catalog',
      'workspace',
      'definitions',
      'audit',
      'times',
      'memberships',
      'receipts',
    ])
      expect(named(diagnosis, check), check).toMatchObject({ state: 'ok', mend: null });
    for (const check of ['account.fields', 'person.fields', 'opportunity.fields', 'person.account_id', 'event.account_id'])
      expect(named(diagnosis, check), check).toMatchObject({ state: 'ok' });
    expect(named(diagnosis, 'receipts')?.says).toMatch(/^all \d+ reproduced$/);
    expect(await workspaceRows(ctx)).toEqual(before);
  });

  it('names the calls that nobody knows the price of, and a balance that is not its ledger', async () => {
    expect(named(await doctor(patientOf(ctx)), 'money')).toMatchObject({
      state: 'warning',
      says: expect.stringContaining('of 1 more nobody knows whether they were billed'),
      mend: expect.stringContaining('providers unsettled'),
    });
    const forged = await withDamage(
      `update spending set charged_micros = charged_micros + 1000000 where scope = 'workspace'`,
      `update spending set charged_micros = charged_micros - 1000000 where scope = 'workspace'`,
    );
    expect(named(forged, 'money')).toMatchObject({ state: 'problem', says: expect.stringContaining('the balance says $1.00 charged') });
  });

  it('finds projections that are not what their logs give, and repairs them', async () => {
    const before = await workspaceRows(ctx, { without: ['audit_entry', 'workspace'] });
    await change(`update account set fields = fields || '{"industry":"forged"}' where domain = 'company-1.example'`);
    await change(
      `update person set name_key = 'forged' where email is not null and id = (select min(id::text)::uuid from person where name is not null)`,
    );
    await change(
      `update person set account_id = null where id = (select min(person_id::text)::uuid from person_account where believed_to is null)`,
    );
    await change(`update event set account_id = '00000000-0000-8000-8000-000000000009' where superseded_at is null and account_id is not null
      and id = (select min(id::text)::uuid from event where superseded_at is null and account_id is not null)`);
    const diagnosis = await doctor(patientOf(ctx));
    for (const check of ['account.fields', 'person.fields', 'person.account_id', 'event.account_id']) {
      expect(named(diagnosis, check), check).toMatchObject({ state: 'problem', mend: expect.stringContaining('doctor --repair') });
      expect(named(diagnosis, check)?.says).toMatch(/^1 of .*[0-9a-f]{8}-/);
    }
    await expect(doctor({ ...patientOf(ctx), actor: { id: 'reader', scopes: new Set(['read']) } }, { repair: true })).rejects.toMatchObject(
      {
        code: 'permission_denied',
      },
    );
    const after = await doctor(patientOf(ctx), { repair: true, full: true });
    expect(named(after, 'repair')).toMatchObject({ state: 'warning', mend: expect.stringContaining('rescore --all') });
    expect(troubles(after)).toEqual([]);
    // when it changed is new; what is known is as it was
    const known = (rows: Record<string, string[]>) =>
      Object.fromEntries(
        Object.entries(rows).map(([table, some]) => [table, some.map((row) => row.replace(/"changed_at":"[^"]*"/, '')).sort()]),
      );
    expect(known(await workspaceRows(ctx, { without: ['audit_entry', 'workspace'] }))).toEqual(known(before));
    expect(named(await doctor(patientOf(ctx), { repair: true }), 'repair')).toMatchObject({ state: 'ok' });
  });

  it('finds a changed score, a changed definition, a changed audit and a double belief', async () => {
    const score = await withDamage(
      `update score set score = score + 1 where kind = 'account'`,
      `update score set score = score - 1 where kind = 'account'`,
      true,
    );
    expect(named(score, 'receipts')).toMatchObject({ state: 'problem', mend: expect.stringContaining('restore') });
    const definition = await withDamage(
      `update definition_version set document = replace(document, '"kind":"rubric"', '"kind": "rubric"') where kind = 'rubric'`,
      `update definition_version set document = replace(document, '"kind": "rubric"', '"kind":"rubric"') where kind = 'rubric'`,
    );
    expect(named(definition, 'definitions')).toMatchObject({ state: 'problem', says: expect.stringContaining('rubric v1') });
    const audit = await withDamage(
      `update audit_entry set verb = verb || 'x' where seq = 2`,
      `update audit_entry set verb = left(verb, -1) where seq = 2`,
    );
    expect(named(audit, 'audit')).toMatchObject({ state: 'problem', says: expect.stringContaining('entry 2') });
    const twice = await withDamage(
      `insert into account_domain (workspace_id, domain, believed_from, account_id)
       select workspace_id, domain, believed_from + interval '1 ms', account_id from account_domain where believed_to is null order by domain limit 1`,
      `delete from account_domain d where exists (select 1 from account_domain o where o.domain = d.domain and o.believed_from = d.believed_from - interval '1 ms')`,
    );
    expect(named(twice, 'memberships')).toMatchObject({ state: 'problem', says: expect.stringContaining('domain ') });
    expect((await doctor(patientOf(ctx), { full: true })).state).not.toBe('problem');
  });

  it('finds a schema that breaks the rules, and says the statement that mends it', async () => {
    const cases = [
      ['alter table account no force row level security', 'ENABLE ROW LEVEL SECURITY', 'alter table account force row level security'],
      [
        'alter table account alter column name set default now()::text',
        'DROP DEFAULT',
        'alter table account alter column name drop default',
      ],
      ['create index account_stray on account (name)', 'backup', 'drop index account_stray'],
    ] as const;
    for (const [damage, mend, undo] of cases) {
      const diagnosis = await withDamage(damage, undo);
      expect(named(diagnosis, 'catalog'), damage).toMatchObject({ state: 'problem', mend: expect.stringContaining(mend) });
    }
    const foreign = await withDamage('create table visitor (id int)', 'drop table visitor');
    expect(named(foreign, 'catalog')).toMatchObject({ state: 'warning', mend: expect.stringContaining('of its own') });
    const lost = await withDamage(
      'alter table source_mapping rename to source_mapping_x',
      'alter table source_mapping_x rename to source_mapping',
    );
    expect(named(lost, 'tables')).toMatchObject({ state: 'problem', says: expect.stringContaining('source_mapping') });
  });

  it('finds tables that are not those of the schema', async () => {
    const cases = [
      [
        'alter table event alter column source drop not null',
        'event.source may be null',
        'alter table event alter column source set not null',
      ],
      [
        'alter table event alter occurred_day type bigint',
        'occurred_day is bigint, not integer',
        'alter table event alter occurred_day type integer',
      ],
      ['alter index account_by_name rename to elsewhere', 'account_by_name is missing', 'alter index elsewhere rename to account_by_name'],
    ] as const;
    for (const [damage, says, undo] of cases) {
      const diagnosis = await withDamage(damage, undo);
      expect(named(diagnosis, 'tables'), damage).toMatchObject({
        state: 'problem',
        says: expect.stringContaining(says),
        mend: expect.stringContaining('backup FILE'),
      });
    }
    const lost = await withDamage('alter table job rename held_until to held', 'alter table job rename held to held_until');
    expect(named(lost, 'tables')).toMatchObject({
      says: expect.stringContaining('job.held_until'),
      mend: expect.stringMatching(/^samepage-mcp restore/),
    });
    const invalid = (valid: boolean) => `update pg_index set indisvalid = ${valid} where indexrelid = 'account_by_name'::regclass`;
    expect(named(await withDamage(invalid(false), invalid(true)), 'indexes')).toMatchObject({
      state: 'problem',
      mend: 'REINDEX INDEX account_by_name',
    });
  });

  it('finds frozen reviews, segment rules and hand-offs that are not what was done', async () => {
    const cases: readonly (readonly [check: string, damage: string, says: string | RegExp, undo: string])[] = [
      [
        'reviews',
        `update frozen_review set document = document || 'x', sha256 = encode(sha256(convert_to(document || 'x', 'UTF8')), 'hex')`,
        '1 of 1 frozen reviews were changed since: weekly 2026-W09 v1',
        `update frozen_review set document = left(document, -1), sha256 = encode(sha256(convert_to(left(document, -1), 'UTF8')), 'hex')`,
      ],
      [
        'reviews',
        `update frozen_review set version = 9`,
        /changed since: weekly 2026-W09 v9; 1 that were frozen are gone: weekly 2026-W09 v1/,
        'update frozen_review set version = 1',
      ],
      ['segments', `update segment_rule set state = 'in_force'`, '1 of 1 segment rules', `update segment_rule set state = 'proposed'`],
      ['segments', 'update segment_rule_event set ordinal = 4', '1 of 1 segment rules', 'update segment_rule_event set ordinal = 0'],
      [
        'hand_off',
        `update hand_off_event set kind = 'gone' where ordinal = 0`,
        'of 2 the log is not whole',
        `update hand_off_event set kind = 'hand_off' where ordinal = 0`,
      ],
      [
        'hand_off',
        'update hand_off_event set ordinal = ordinal + 5',
        'of 2 the log is not whole',
        'update hand_off_event set ordinal = ordinal - 5',
      ],
      [
        'hand_off',
        `update hand_off_clock set due_at = due_at + interval '1 hour'`,
        'do not stand where their logs say',
        `update hand_off_clock set due_at = due_at - interval '1 hour'`,
      ],
      [
        'hand_off',
        `update hand_off_clock set clock = clock || '-gone'`,
        'do not stand where their logs say',
        `update hand_off_clock set clock = left(clock, -5)`,
      ],
      [
        'times',
        `update workspace set known_at = known_at - interval '100 years' where workspace_id = 'test'`,
        'a row of event was recorded at .* after the workspace',
        `update workspace set known_at = known_at + interval '100 years' where workspace_id = 'test'`,
      ],
      [
        'times',
        'update event set occurred_day = occurred_day + 1 where superseded_at is null',
        'events count on another day',
        'update event set occurred_day = occurred_day - 1 where superseded_at is null',
      ],
      ['webhooks', `update webhook_endpoint set name = 'other'`, '1 deliveries have lost', `update webhook_endpoint set name = 'odd'`],
    ];
    for (const [check, damage, says, undo] of cases) {
      const found = named(await withDamage(damage, undo), check);
      expect(found, damage).toMatchObject({
        state: 'problem',
        says: expect.stringMatching(says),
        mend: expect.stringContaining('restore'),
      });
    }
    const well = await doctor(patientOf(ctx));
    for (const check of ['reviews', 'segments', 'hand_off']) expect(named(well, check), check).toMatchObject({ state: 'ok' });
    expect(named(well, 'webhooks')).toMatchObject({ state: 'warning', mend: expect.stringContaining('webhooks replay odd') });
  });

  it('goes on when a check cannot be made', async () => {
    const diagnosis = await withDamage(
      'alter table definition_version rename to elsewhere',
      'alter table elsewhere rename to definition_version',
    );
    expect(named(diagnosis, 'definitions')).toMatchObject({ state: 'problem', says: expect.stringContaining('42P01') });
    expect(named(diagnosis, 'audit')).toMatchObject({ state: 'ok' });
  });

  it('tells migrations that are pending, newer or of another form', async () => {
    const table = 'drizzle.__drizzle_migrations';
    const last = `(select max(created_at) from ${table})`;
    const pending = await withDamage(
      `update ${table} set created_at = -created_at where created_at = ${last}`,
      `update ${table} set created_at = -created_at where created_at < 0`,
    );
    expect(named(pending, 'migrations')).toMatchObject({ state: 'warning', says: expect.stringMatching(/ 1 pending: \d{4}_/) });
    expect(named(pending, 'workspace')).toMatchObject({ state: 'skipped' });
    const newer = await withDamage(
      `insert into ${table} (hash, created_at) values ('x', 99999999999999)`,
      `delete from ${table} where hash = 'x'`,
    );
    expect(named(newer, 'migrations')).toMatchObject({ state: 'problem', mend: expect.stringContaining('npm install') });
    const other = await withDamage(
      `update ${table} set hash = 'x' || hash where created_at = ${last}`,
      `update ${table} set hash = substr(hash, 2) where hash like 'x%'`,
    );
    expect(named(other, 'migrations')).toMatchObject({ state: 'warning', says: expect.stringContaining('another form') });
  });

  it('says what is not there yet', async () => {
    const other = testContext(ctx.db, { workspaceId: 'nobody' });
    expect(named(await doctor(patientOf(other)), 'workspace')).toMatchObject({ state: 'warning', says: expect.stringContaining('nobody') });
    expect(named(await doctor(patientOf(ctx, { node: '18.20.1' })), 'program')).toMatchObject({ state: 'problem' });
  });

  it.runIf(dialect === 'postgres')('warns of a role that row-level security does not bind', async () => {
    expect(named(await doctor(patientOf(ctx)), 'role')).toMatchObject({ state: 'warning', mend: expect.stringContaining('CREATE ROLE') });
  });
});
