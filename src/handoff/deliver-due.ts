import pLimit from 'p-limit';
import type { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import { readSecrets } from '../enrichment/read-secrets.ts';
import type { Context } from '../kernel/context.ts';
import { pause } from '../kernel/pause.ts';
import { bodyOf, verdictOf } from './core/webhook.ts';
import { type Ended, noteUnsigned, settleDeliveries, type Tally } from './settle-deliveries.ts';
import { readSigners, signedHeaders } from './sign-webhook.ts';
import { type Delivery, takeDeliveries } from './take-deliveries.ts';
import { CONNECTIONS, type Sender } from './webhook-sender.ts';

/** Leased at once to one endpoint. */
const TAKEN = 256;
/** What is written meanwhile is looked for so often while answers are awaited. */
const LOOK_MS = 500;
/** Answers that come so close together are settled in one transaction. */
const GATHER_MS = 10;

export interface Delivered extends Tally {
  /** Endpoints to which nothing is sent, because the secret that signs is not set or is none. */
  unsigned: string[];
}

const endpointRows = z.array(z.object({ name: z.string(), url: z.string(), secret_name: z.string() }));
type Endpoint = z.infer<typeof endpointRows>[number];

/**
 * Delivers what is due, until nothing is any more or the signal is aborted: endpoints side by side, subjects side by side, the events of a
 * subject one after the other. No transaction is open while anything is sent.
 */
export async function deliverDue(ctx: Context, sender: Sender): Promise<Delivered> {
  requireScope(ctx, 'write');
  const endpoints = endpointRows.parse(
    await readWorkspace(ctx, (tx) =>
      tx.query(
        `select name, url, secret_name from webhook_endpoint
         where workspace_id = $1 and ended_at is null and (paused_until is null or paused_until <= $2::timestamptz)`,
        [ctx.workspaceId, ctx.now().toISOString()],
        { prepare: true },
      ),
    ),
  );
  const secrets = await readSecrets(ctx.providers);
  const signed = endpoints.map((endpoint) => ({ endpoint, signers: readSigners(secrets(endpoint.secret_name) ?? '') }));
  const tallies = await Promise.all(
    signed.map(({ endpoint, signers }) =>
      signers === undefined ? noteUnsigned(ctx, endpoint.name).then(() => NOTHING) : deliverTo(ctx, sender, endpoint, signers),
    ),
  );
  const sum = (of: keyof Tally) => tallies.reduce((total, tally) => total + tally[of], 0);
  return {
    delivered: sum('delivered'),
    retried: sum('retried'),
    dead: sum('dead'),
    unsigned: signed.flatMap(({ endpoint, signers }) => (signers === undefined ? [endpoint.name] : [])),
  };
}

const NOTHING: Tally = { delivered: 0, retried: 0, dead: 0 };

async function deliverTo(ctx: Context, sender: Sender, { name, url }: Endpoint, signers: readonly Webhook[]): Promise<Tally> {
  const limit = pLimit(CONNECTIONS);
  const total = { ...NOTHING };
  const ended: Ended[] = [];
  let underWay = 0;
  let stops = false;
  let tell = () => {};
  const send = async (delivery: Delivery) => {
    const verdict = stops || ctx.signal.aborted ? UNSENT : await attempt(ctx, sender, url, signers, delivery);
    ended.push({ delivery, verdict });
    underWay -= 1;
    tell();
  };
  for (;;) {
    stops ||= ctx.signal.aborted;
    let more = false;
    if (!stops && underWay <= TAKEN / 2) {
      const found = await takeDeliveries(ctx, name, TAKEN - underWay);
      more = found.more;
      underWay += found.taken.length;
      for (const delivery of found.taken) void limit(send, delivery);
    }
    if (ended.length === 0 && underWay > 0) {
      await orSoon(
        new Promise<void>((resolve) => {
          tell = resolve;
          if (ended.length > 0) resolve();
        }),
      );
      await pause(GATHER_MS, ctx.signal);
    }
    if (ended.length > 0) {
      // what was sent is written down also when the work is broken off
      const settled = await settleDeliveries({ ...ctx, signal: new AbortController().signal }, name, ended.splice(0));
      for (const key of ['delivered', 'retried', 'dead'] as const) total[key] += settled[key];
      stops ||= settled.stops;
    } else if (underWay === 0 && !more) return total;
  }
}

const UNSENT = { is: 'unsent' } as const;

async function attempt(
  ctx: Context,
  sender: Sender,
  url: string,
  signers: readonly Webhook[],
  delivery: Delivery,
): Promise<Ended['verdict']> {
  const body = bodyOf(delivery);
  const signed = signedHeaders(signers, delivery.id, ctx.now(), body);
  const headers = { 'content-type': 'application/json', 'user-agent': 'samepage-mcp', ...signed };
  const answer = await sender.post(url, headers, body);
  // broken off by ourselves, whatever became of it
  if ('failed' in answer && ctx.signal.aborted) return UNSENT;
  return verdictOf(answer, ctx.now().getTime());
}

/** Waits for it, and no longer than what is written meanwhile may wait. */
async function orSoon(event: Promise<void>): Promise<void> {
  const over = new AbortController();
  await Promise.race([event, pause(LOOK_MS, over.signal)]);
  over.abort();
}
