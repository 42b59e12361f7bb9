import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { holdReview } from '../../src/definitions/hold-review.ts';
import { proposeDefinition } from '../../src/definitions/propose-definition.ts';
import { saveDefinition } from '../../src/definitions/save-definition.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import { decideSegmentRule } from '../../src/handoff/decide-segment-rule.ts';
import { proposeSegmentRules } from '../../src/handoff/propose-segment-rules.ts';
import type { Database } from '../../src/kernel/database.ts';
import { testContext } from '../support/context.ts';
import { openTestPostgres } from '../support/databases.ts';
import { addHandOffs, type HandOffRow } from '../support/hand-off-rows.ts';
import { makeLeaders, sign } from '../support/leaders.ts';
import { type Connected, connect, NOW, testWorkspace } from './connect.ts';

const READ = ['icp', 'taxonomy', 'cadence'] as const;
const DAY = 86_400_000;

/** Leads of retail are rejected as too small: so often that a rule is proposed. */
const rejected = (leads: number): HandOffRow[] =>
  Array.from({ length: leads }, (_, i) => {
    const handed = new Date(Date.parse(NOW) - (1 + (i % 80)) * DAY);
    const retail = i % 4 === 0;
    const row = { handed, source: 'website', owner: 'o', disposed: new Date(handed.getTime() + DAY) };
    const facts = { industry: retail ? 'retail' : 'software', size: 100, country: 'us', source: 'website' };
    return retail && i % 3 > 0 ? { ...row, facts, stage: 'disqualified', code: 'FIT-01' } : { ...row, facts, stage: 'accepted' };
  });

describe.skipIf(inject('postgres') === undefined)('a definition that another server changed', () => {
  it('is read as it is now, by every way of reading it, and was kept before', async () => {
    const database = await openTestPostgres();
    onTestFinished(() => database.close());
    const workspace = await testWorkspace(database);
    let statements = 0;
    /** A server that has the database to itself, as another process has it. */
    const serverOver = (db: () => Database) =>
      connect({ workspace: async () => ({ ...workspace, context: (call) => ({ ...workspace.context(call), db: db() }) }) });
    const own: Database = {
      ...database,
      transaction: (mode, run, options) =>
        database.transaction(
          mode,
          (tx) =>
            run({
              ...tx,
              query(...asked) {
                statements += 1;
                return tx.query(...asked);
              },
            }),
          options,
        ),
    };
    const reader = await serverOver(() => own);
    // keeps nothing: each call finds another database
    const anew = await serverOver(() => ({ ...database }));
    const ctx = testContext(database);

    /** Everything that the server says of them. */
    const read = async ({ client, call }: Connected) => {
      const said: unknown[] = [];
      for (const kind of READ) {
        said.push(await call('get_definition', { kind }), await call('get_definition', { kind, response_format: 'detailed' }));
        said.push(await client.readResource({ uri: `samepage://definitions/${kind}` }));
      }
      return said;
    };
    const rule = async () => {
      await addHandOffs(ctx, rejected(240));
      const { moves } = await proposeSegmentRules(ctx);
      const proposed = moves.find(({ move }) => move === 'propose');
      if (proposed === undefined) throw new Error(`nothing was proposed: ${JSON.stringify(moves)}`);
      await decideSegmentRule(ctx, { rule: proposed.rule, decision: 'accept' });
    };
    const shipped = await shippedDefinitions();
    const acts: Record<string, () => Promise<unknown>> = {
      propose: () => proposeDefinition(ctx, { kind: 'icp', changes: [{ path: 'name', value: 'Whom we sell to now' }] }),
      'sign for one': () => makeLeaders(ctx).then(() => sign(ctx, { kind: 'icp', team: 'sales' })),
      'sign for both': () => sign(ctx, { kind: 'icp', team: 'marketing' }),
      'take back': () => sign(ctx, { kind: 'icp', team: 'sales', withdraw: true, reason: 'too early' }),
      save: () => saveDefinition(ctx, { document: { ...(shipped.taxonomy as object), description: 'Another comma, here.' } }),
      'sign the taxonomy as it is': () => sign(ctx, { kind: 'taxonomy', team: 'sales' }),
      'hold a review': () => holdReview(ctx, { review: 'weekly_handoff' }),
      'accept a segment rule': rule,
    };
    let before = await read(reader);
    for (const [act, run] of Object.entries(acts)) {
      statements = 0;
      expect(await read(reader), `nothing before: ${act}`).toEqual(before);
      // the workspace is named and its clock read, of each of nine answers and of the segment rules
      expect(statements).toBe(20);
      await run();
      const now = await read(reader);
      expect(now, act).not.toEqual(before);
      expect(now, act).toEqual(await read(anew));
      before = now;
    }
    await reader.close();
    await anew.close();
  });
});
