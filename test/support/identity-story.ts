import fc from 'fast-check';
import { readWorkspace } from '../../src/db/workspace.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { importRecords } from '../../src/records/import-records.ts';
import type { TestContext } from './context.ts';
import { step } from './evolving-world.ts';

/** One thing that happens in a story of records that come, are merged, and are taken apart again. */
export type Turn =
  | { do: 'import'; seed: number }
  | { do: 'merge'; kind: 'account' | 'person'; nodes: readonly number[] }
  | { do: 'take back'; merge: number }
  | { do: 'split'; kind: 'account' | 'person'; node: number; more: number }
  | { do: 'decide lead'; verdict: 'match' | 'no_match' | 'related'; person: number; account: number }
  | { do: 'withdraw'; decision: number }
  | { do: 'suppress device'; device: 'own-1' | 'desk'; allowed: boolean };

const kind = fc.constantFrom('account', 'person');
const place = fc.nat(1000);

export const turn: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('import' as const), seed: fc.nat(1_000_000) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('merge' as const), kind, nodes: fc.array(place, { minLength: 2, maxLength: 7 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take back' as const), merge: place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('split' as const), kind, node: place, more: place }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('decide lead' as const),
      verdict: fc.constantFrom('match', 'no_match', 'related'),
      person: place,
      account: place,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), decision: place }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('suppress device' as const), device: fc.constantFrom('own-1', 'desk'), allowed: fc.boolean() }),
  },
);

const BY = { by: 'person' as const };

export interface Told {
  /** Decisions of merges that were made, in their order. */
  merges: { kind: 'account' | 'person'; decision: string }[];
  /** Decisions about leads and their accounts. */
  verdicts: string[];
  imports: number;
}

/** Lets a turn happen. What it names by place is looked up among what there is; what cannot be done is left. */
export async function happen(ctx: TestContext, told: Told, now: Turn): Promise<void> {
  ctx.advance(3_600_000);
  if (now.do === 'import') {
    await step(ctx, chanceFrom(now.seed), told.imports);
    await importMore(ctx, chanceFrom(now.seed + 1));
    told.imports += 1;
    return;
  }
  if (now.do === 'take back') {
    const merge = told.merges[now.merge % Math.max(1, told.merges.length)];
    if (merge !== undefined)
      await unlessConflict(() => unmergeEntities(ctx, { kind: merge.kind, merge: merge.decision, decision: BY, keep_apart: false }));
    return;
  }
  if (now.do === 'decide lead') {
    const [people, accounts] = [await nodesOf(ctx, 'person'), await nodesOf(ctx, 'account')];
    const [person, account] = [people[now.person % people.length], accounts[now.account % accounts.length]];
    if (person === undefined || account === undefined) return;
    await unlessConflict(async () => {
      const { decision } = await decideMatch(ctx, { kind: 'lead', verdict: now.verdict, records: [person, account] });
      told.verdicts.push(decision);
    });
    return;
  }
  if (now.do === 'withdraw') {
    const decision = told.verdicts[now.decision % Math.max(1, told.verdicts.length)];
    if (decision !== undefined) await unlessConflict(() => decideMatch(ctx, { verdict: 'withdraw', decision }));
    return;
  }
  if (now.do === 'suppress device') {
    const verdict = now.allowed ? 'allow_identifier' : 'suppress_identifier';
    await decideMatch(ctx, { verdict, identifier: { kind: 'device', value: now.device } });
    return;
  }
  const nodes = await nodesOf(ctx, now.kind);
  const at = (n: number) => nodes[n % nodes.length] as string;
  if (nodes.length < 2) return;
  if (now.do === 'merge') {
    const named = [...new Set(now.nodes.map(at))];
    if (named.length < 2) return;
    const { decision } = await mergeEntities(ctx, { kind: now.kind, nodes: named, decision: BY });
    told.merges.push({ kind: now.kind, decision });
    return;
  }
  const leaving = [...new Set([at(now.node), at(now.more)])];
  await unlessConflict(() => unmergeEntities(ctx, { kind: now.kind, nodes: leaving, decision: BY, keep_apart: false }));
  await unlessConflict(() => unmergeEntities(ctx, { kind: now.kind, nodes: leaving.slice(0, 1), decision: BY, keep_apart: false }));
}

export async function nodesOf(ctx: TestContext, of: 'account' | 'person' | 'opportunity'): Promise<string[]> {
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query(`select id::text from ${of} where workspace_id = $1 order by id`, [ctx.workspaceId]),
  );
  return rows.map((row) => String(row.id));
}

async function unlessConflict(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof SamepageError) || error.code !== 'conflict') throw error;
  }
}

async function importMore(ctx: TestContext, chance: () => number): Promise<void> {
  const rows = Array.from({ length: 3 }, () => `o-${Math.floor(chance() * 6)},Deal,acc-${Math.floor(chance() * 12)}`);
  await importRecords(ctx, {
    kind: 'opportunities',
    source: 'salesforce',
    content: ['id,name,account', ...rows].join('\n'),
    mapping: { id: 'external_id', name: 'opportunity.name', account: 'account_external_id' },
  });
  // people whose own record names the company, whatever the e-mail says
  const int = (most: number) => Math.floor(chance() * most);
  const people = Array.from({ length: 5 }, () => `r-${int(8)},Named ${int(9)},named${int(6)}@company-${int(12)}.example,acc-${int(12)}`);
  await importRecords(ctx, {
    kind: 'people',
    source: 'salesforce',
    content: ['id,name,email,account', ...people].join('\n'),
    mapping: { id: 'external_id', name: 'person.name', email: 'person.email', account: 'account_external_id' },
  });
  // and what happened at a company, through nobody that is known
  const at = new Date(ctx.now().getTime() - int(30) * 86_400_000).toISOString();
  const events = Array.from({ length: 4 }, () => `a-${int(1000)},${['funding_round', 'pricing_page'][int(2)]},${at},acc-${int(12)}`);
  await importRecords(ctx, {
    kind: 'events',
    source: 'salesforce',
    content: ['id,type,at,account', ...events].join('\n'),
    mapping: { id: 'event_id', type: 'event_type', at: 'occurred_at', account: 'account_external_id' },
  });
  // visits of devices: of one's own, of a desk that a few share, of a kiosk; now and then somebody says who they are
  const visits = Array.from({ length: 14 }, () => {
    const device = ['own-1', 'own-2', 'desk', 'kiosk'][int(4)] ?? '';
    const users = { 'own-1': 1, 'own-2': 1, desk: 3, kiosk: 9 }[device] ?? 1;
    const said = int(3) === 0 ? `named${(device.length + int(users)) % 9}@company-${int(users)}.example` : '';
    const visited = new Date(ctx.now().getTime() - int(20) * 86_400_000 - int(3) * 3_600_000).toISOString();
    return `v-${int(200)},${['web_visit', 'pricing_page'][int(2)]},${visited},${said},${int(6) === 0 ? 'acc-1' : ''},${device}`;
  });
  await importRecords(ctx, {
    kind: 'events',
    source: 'web',
    content: ['id,type,at,email,account,device', ...visits].join('\n'),
    mapping: {
      id: 'event_id',
      type: 'event_type',
      at: 'occurred_at',
      email: 'person.email',
      account: 'account_external_id',
      device: 'anonymous_id',
    },
  });
}
