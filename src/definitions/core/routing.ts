import { z } from 'zod';
import { type Clash, clashes, label, refuseRepeats } from './common.ts';
import { predicateDocument, slug } from './predicate.ts';
import type { Holed } from './problems.ts';

/** The ways to an owner, in the order in which a document lists them. */
const ROUTES = ['account_owner', 'territory', 'round_robin'] as const;

const leads = z.int().min(1).max(10_000);
const capacity = {
  /** Leads handed over and not yet accepted or rejected. */
  open_leads: leads.optional(),
  per_day: leads.optional(),
};

/** Who gets a lead that is handed off: the first way that finds somebody with room. */
export const routing = z.strictObject({
  order: z.array(z.enum(ROUTES)).min(1).max(ROUTES.length),
  /** Of everybody who has no figures of their own. */
  capacity: z.strictObject(capacity).optional(),
  /** The first that holds for the lead's account or person; its pool gets the lead. */
  territories: z
    .array(z.strictObject({ id: slug, label, when: predicateDocument, pool: slug }))
    .max(200)
    .optional(),
  /** People who take leads in turn. A pool may be empty: its leads wait, and are shown. */
  pools: z
    .array(
      z.strictObject({
        id: slug,
        label,
        members: z
          .array(
            z.strictObject({
              /** As the CRM's owner field has it. */
              owner: z.string().min(1).max(200),
              ...capacity,
              /** Their calendar in the SLA; its `calendar` when left out. */
              calendar: slug.optional(),
            }),
          )
          .max(200),
      }),
    )
    .min(1)
    .max(50),
  /** The pool of round_robin, and of what no territory takes. */
  otherwise: slug,
});

export type Routing = z.infer<typeof routing>;

/** What its parts say that cannot stand together; paths are within the routing. */
export function routingProblems(given: Holed<Routing> | undefined): Clash[] {
  const { found, fail } = clashes();
  if (given === undefined) return found;
  refuseRepeats(given.territories, ['territories'], (x) => x.id, fail);
  refuseRepeats(given.pools, ['pools'], (x) => x.id, fail);
  for (const [i, pool] of (given.pools ?? []).entries())
    refuseRepeats(pool?.members, ['pools', i, 'members'], (x) => x.owner, fail, 'owner');
  const pools = given.pools?.map((pool) => pool?.id);
  const check = (name: string | undefined, path: Clash['path']) => {
    if (name === undefined || pools === undefined || pools.includes(undefined) || pools.includes(name)) return;
    fail(path, `there is no pool "${name}"; there are ${pools.join(', ') || 'none'}`);
  };
  check(given.otherwise, ['otherwise']);
  for (const [i, territory] of (given.territories ?? []).entries()) check(territory?.pool, ['territories', i, 'pool']);
  if (given.order?.includes('territory') === true && (given.territories ?? []).length === 0)
    fail(['order'], 'territory is listed, and there are no territories');
  return found;
}
