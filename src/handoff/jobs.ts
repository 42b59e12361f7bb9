import type { Context } from '../kernel/context.ts';
import { jobDueAt } from './hold-job.ts';
import { nextDelivery } from './next-delivery.ts';
import { nextLook } from './next-look.ts';

/** What a job did, in counts, for the log; undefined: nothing worth a line. */
export type Done = Readonly<Record<string, number>> | undefined;

/** A part of the server's own work. */
export interface Job {
  name: string;
  /** How soon work that another process made for it is seen. */
  lookMs: number;
  /** When there is something to do; null: not that one knows. It only reads. */
  nextAt(ctx: Context): Promise<Date | null>;
  /** Does what there is to do. Cut off at any moment, it goes on from there the next time. */
  run(ctx: Context, told: Told): Promise<Done>;
  /** Of a job that comes round: so long after its end. */
  everyMs?: number;
}

/** What the process hears of the work done in it. */
export interface Told {
  /** Accounts of which something is to be seen that nobody did: a clock was breached. */
  changed(accounts: readonly string[]): void;
  /** Something that a person has to put right: the job goes on without it. */
  wants(what: string, name: string): void;
}

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** A job that comes round, whichever process does it. */
function round(name: string, everyMs: number, run: Job['run']): Job {
  return { name, everyMs, lookMs: 5 * MINUTE, nextAt: (ctx) => jobDueAt(ctx, name), run };
}

/** Every job. What each needs is loaded when it has something to do. */
export const JOBS: readonly Job[] = [
  {
    name: 'deliver',
    lookMs: 2 * SECOND,
    nextAt: nextDelivery,
    async run(ctx, told) {
      const [{ deliverDue }, { openSender }] = await Promise.all([import('./deliver-due.ts'), import('./webhook-sender.ts')]);
      const sender = openSender(ctx.webhookNetworks ?? []);
      // what is under way is broken off with the work
      const stop = () => void sender.close();
      ctx.signal.addEventListener('abort', stop, { once: true });
      try {
        const { unsigned, ...tally } = await deliverDue(ctx, sender);
        for (const name of unsigned) told.wants('webhook_secret', name);
        return { ...tally };
      } finally {
        ctx.signal.removeEventListener('abort', stop);
        await sender.close();
      }
    },
  },
  {
    name: 'announce',
    lookMs: 15 * SECOND,
    nextAt: nextLook,
    async run(ctx, told) {
      const { announceClocks } = await import('./announce-clocks.ts');
      const { accounts, ...counts } = await announceClocks(ctx);
      if (accounts.length > 0) told.changed(accounts);
      return counts;
    },
  },
  round('recycle', HOUR, async (ctx) => {
    const { recycleDue } = await import('./recycle-leads.ts');
    const { handed_off, lapsed } = await recycleDue(ctx);
    return { handed_off: handed_off.length, lapsed: lapsed.length };
  }),
  round('propose', 24 * HOUR, async (ctx) => {
    const { proposeSegmentRules } = await import('./propose-segment-rules.ts');
    const { compared, moves } = await proposeSegmentRules(ctx);
    return compared && moves.length > 0 ? { moves: moves.length } : undefined;
  }),
  round('prune', 24 * HOUR, async (ctx) => ({ ...(await (await import('./prune-outbox.ts')).pruneOutbox(ctx)) })),
];
