import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { register as webhooks } from '../../src/cli/webhooks.ts';
import { readWorkspace, recordInWorkspace } from '../../src/db/workspace.ts';
import { listDeadLetters, replayDeadLetters } from '../../src/handoff/dead-letters.ts';
import { deliverDue } from '../../src/handoff/deliver-due.ts';
import { listWebhooks } from '../../src/handoff/list-webhooks.ts';
import { nextDelivery } from '../../src/handoff/next-delivery.ts';
import { pruneOutbox } from '../../src/handoff/prune-outbox.ts';
import { takeDeliveries } from '../../src/handoff/take-deliveries.ts';
import { openSender, type Sender } from '../../src/handoff/webhook-sender.ts';
import { writeOutbox } from '../../src/handoff/write-outbox.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import type { Database } from '../../src/kernel/database.ts';
import { examineWebhooks } from '../../src/upkeep/examine-webhooks.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { deliverAll, hook, outboxOf, tell, WEBHOOK_SETTINGS } from '../support/outbox.ts';
import { runCommand } from '../support/run-command.ts';
import { type Behaviour, startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const DAY = 24 * 3_600_000;

describeDatabases('webhooks', (open) => {
  let database: Database;
  let ctx: TestContext;
  let workspaces = 0;
  let sender: Sender;
  /** For a receiver that does not answer; where it may, it is asked again. */
  let impatient: Sender;
  let receiver: WebhookReceiver;
  /** What the receiver does next; without, it takes all. */
  let behaviours: Behaviour[] = [];

  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    workspaces += 1;
    ctx = testContext(database, { workspaceId: `w${workspaces}`, ...WEBHOOK_SETTINGS });
    // the workspace is there
    await recordInWorkspace(ctx, async () => {});
    sender = openSender(['127.0.0.1']);
    impatient = openSender(['127.0.0.1'], 300);
    behaviours = [];
    receiver = await startReceiver(() => behaviours.shift() ?? 204);
  });
  afterEach(async () => {
    await Promise.all([sender.close(), impatient.close()]);
    await receiver.close();
  });

  const arrived = () => receiver.arrivals.map(({ body }) => `${body.subject}${body.position}`);

  describe('the outbox', () => {
    it('keeps an event exactly when its change is kept, in the order of its subject', async () => {
      await tell(ctx, ['a', 'b', 'a'], { n: 1 });
      await tell(ctx, ['a']);
      const broken = recordInWorkspace(ctx, async (tx, recordedAt) => {
        await writeOutbox(tx, ctx, [{ type: 'hand_off.created', subject: 'c', data: {} }], recordedAt);
        throw new Error('the change failed');
      });
      await expect(broken).rejects.toThrow('the change failed');
      const events = await outboxOf(ctx);
      expect(events.map(({ subject, position }) => `${subject}${position}`)).toEqual(['a1', 'a2', 'a3', 'b1']);
      expect(new Set(events.map(({ id }) => id)).size).toBe(4);
    });

    it('forgets after 30 days what nobody is owed', async () => {
      await tell(ctx, ['a']);
      await hook(ctx, receiver.url);
      await tell(ctx, ['b']);
      ctx.advance(31 * DAY);
      await tell(ctx, ['c']);
      expect(await pruneOutbox(ctx)).toEqual({ events: 1 });
      expect((await outboxOf(ctx)).map(({ subject }) => subject)).toEqual(['b', 'c']);
    });
  });

  describe('delivery', () => {
    it('signs, tells of what it was asked for, and from the time it was asked', async () => {
      await tell(ctx, ['before']);
      await hook(ctx, receiver.url);
      await hook(ctx, receiver.url, 'breaches', ['hand_off.breached']);
      await tell(ctx, ['a', 'b'], { code: 'FIT-01' });
      expect(await deliverDue(ctx, sender)).toEqual({ delivered: 2, retried: 0, dead: 0, unsigned: [] });
      expect(arrived().sort()).toEqual(['a1', 'b1']);
      expect(receiver.arrivals.every(({ signed }) => signed)).toBe(true);
      expect(receiver.arrivals[0]?.body).toMatchObject({ type: 'hand_off.disposed', data: { code: 'FIT-01' } });
      expect(await listWebhooks(ctx)).toMatchObject([
        { name: 'breaches', waiting: 0, deliveredAt: null },
        { name: 'loop', waiting: 0, deliveredAt: ctx.now() },
      ]);
      expect(await nextDelivery(ctx)).toBeNull();
    });

    it.each<[Behaviour, RegExp]>([
      [500, /answered 500/],
      [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }, /redirects/],
      ['hang', /in time/],
      ['reset', /connection broke/],
    ])('%j is tried again, and what comes after it waits', async (behaviour, said) => {
      await hook(ctx, receiver.url);
      behaviours = [behaviour];
      await tell(ctx, ['a']);
      await tell(ctx, ['a']);
      expect(await deliverDue(ctx, behaviour === 'hang' ? impatient : sender)).toMatchObject({ delivered: 0, retried: 1 });
      expect(arrived()).toEqual(['a1']);
      const [owed] = await readWorkspace(ctx, (tx) => tx.query('select last_answer from webhook_delivery where attempts = 1'));
      expect(owed?.last_answer).toMatch(said);
      const waits = ((await nextDelivery(ctx))?.getTime() ?? 0) - ctx.now().getTime();
      expect(waits).toBeGreaterThan(3_000);
      expect(waits).toBeLessThan(7_000);
      // the others need not wait for it
      await tell(ctx, ['b']);
      await deliverDue(ctx, sender);
      expect(arrived()).toEqual(['a1', 'b1']);
      ctx.advance(3 * DAY - 10_000);
      behaviours = [500];
      await deliverDue(ctx, sender);
      const { letters } = await listDeadLetters(ctx, {});
      expect(letters).toMatchObject([{ endpoint: 'loop', subject: 'a', attempts: 2, lastAnswer: 'it answered 500' }]);
      // its time was over, and the next one has its own
      expect(arrived()).toEqual(['a1', 'b1', 'a1', 'a2']);
      expect(await replayDeadLetters(ctx, { endpoint: 'loop' })).toEqual({ replayed: 1 });
      await deliverDue(ctx, sender);
      expect(arrived()).toEqual(['a1', 'b1', 'a1', 'a2', 'a1']);
      const ids = new Set(receiver.arrivals.filter(({ body }) => body.position === 1 && body.subject === 'a').map(({ id }) => id));
      expect(ids.size).toBe(1);
      expect((await listDeadLetters(ctx, {})).total).toBe(0);
    });

    it('an answer whose body does not end is an answer', async () => {
      await hook(ctx, receiver.url);
      behaviours = ['slow body'];
      await tell(ctx, ['a']);
      expect(await deliverDue(ctx, impatient)).toMatchObject({ delivered: 1 });
    });

    it('410 ends the endpoint; added again it can be told what it missed', async () => {
      await hook(ctx, receiver.url);
      await tell(ctx, ['a', 'b']);
      await tell(ctx, ['a']);
      behaviours = [410, 410];
      expect(await deliverDue(ctx, sender)).toMatchObject({ delivered: 0, dead: 3 });
      await tell(ctx, ['a']);
      expect(await nextDelivery(ctx)).toBeNull();
      expect(await listWebhooks(ctx)).toMatchObject([{ waiting: 0, dead: 3, endedAt: ctx.now() }]);
      await expect(replayDeadLetters(ctx, { endpoint: 'loop' })).rejects.toMatchObject({ code: 'conflict' });
      ctx.advance(1_000);
      expect(await hook(ctx, receiver.url)).toEqual({ name: 'loop', replaced: true });
      await replayDeadLetters(ctx, { endpoint: 'loop' });
      expect(await deliverDue(ctx, sender)).toMatchObject({ delivered: 3 });
    });

    it('429 pauses all that is sent there, for as long as it asks', async () => {
      await hook(ctx, receiver.url);
      behaviours = [{ status: 429, headers: { 'retry-after': '120' } }];
      await tell(ctx, ['a']);
      await deliverDue(ctx, sender);
      await tell(ctx, ['b']);
      ctx.advance(119_000);
      expect(await deliverDue(ctx, sender)).toMatchObject({ delivered: 0 });
      expect((await nextDelivery(ctx))?.getTime()).toBe(ctx.now().getTime() + 1_000);
      ctx.advance(1_000);
      expect(await deliverDue(ctx, sender)).toMatchObject({ delivered: 2 });
    });

    it('a private address is not spoken to unless its network is permitted', async () => {
      await hook(ctx, receiver.url);
      await tell(ctx, ['a']);
      const guarded = openSender(['10.0.0.0/8']);
      expect(await deliverDue(ctx, guarded)).toMatchObject({ retried: 1 });
      await guarded.close();
      expect(receiver.arrivals).toEqual([]);
    });

    describe('without its secret nothing is sent', () => {
      const without = (variable: () => string | undefined = () => undefined) =>
        deliverDue({ ...ctx, providers: { ...WEBHOOK_SETTINGS.providers, variable } }, sender);
      const found = () => readWorkspace(ctx, (tx) => examineWebhooks(tx, ctx));
      const listed = async () => (await runCommand([webhooks], ctx, ['webhooks', 'list'])).out;
      beforeEach(async () => {
        await hook(ctx, receiver.url);
        await tell(ctx, ['a', 'b']);
        await tell(ctx, ['a']);
      });

      it.each([undefined, 'whsec_short'])('and it is said where webhooks are listed and by the doctor: %j', async (secret) => {
        expect(await listWebhooks(ctx)).toMatchObject([{ unsigned: false }]);
        expect(await without(() => secret)).toMatchObject({ delivered: 0, unsigned: ['loop'] });
        expect(receiver.arrivals).toEqual([]);
        expect(await listWebhooks(ctx)).toMatchObject([{ waiting: 3, unsigned: true }]);
        expect(await listed()).toMatch(/loop +not sent: no secret +3 .*has no secret in HOOK_SECRET/s);
        expect(await found()).toMatchObject({
          state: 'warning',
          says: expect.stringContaining('nothing is sent to loop'),
          mend: expect.stringContaining('Set HOOK_SECRET'),
        });
        const noted = await readWorkspace(ctx, (tx) =>
          tx.query('select attempts from webhook_delivery where workspace_id = $1 and last_answer is not null', [ctx.workspaceId]),
        );
        expect(noted).toEqual([{ attempts: 0 }]);
      });

      it('until a process that has it takes what waits, whatever becomes of that', async () => {
        await without();
        behaviours = [500, 500];
        expect(await deliverDue(ctx, sender)).toMatchObject({ delivered: 0, retried: 2, unsigned: [] });
        expect(await listWebhooks(ctx)).toMatchObject([{ waiting: 3, unsigned: false }]);
        expect(await listed()).toMatch(/loop +served +3 /);
        expect(await found()).toMatchObject({ state: 'ok' });
        ctx.advance(10_000);
        await without();
        expect(await listWebhooks(ctx)).toMatchObject([{ unsigned: true }]);
        await deliverAll(ctx, sender);
        expect(await listWebhooks(ctx)).toMatchObject([{ waiting: 0, unsigned: false }]);
        expect(new Set(arrived())).toEqual(new Set(['a1', 'b1', 'a2']));
      });

      it('and another secret is another matter', async () => {
        await without();
        await hook(ctx, receiver.url);
        expect(await listWebhooks(ctx)).toMatchObject([{ waiting: 3, unsigned: false }]);
      });
    });

    it('what a runner took and did not bring is taken over when its lease is over', async () => {
      await hook(ctx, receiver.url);
      await tell(ctx, ['a']);
      await tell(ctx, ['a']);
      expect((await takeDeliveries(ctx, 'loop', 10)).taken).toHaveLength(1);
      expect((await deliverDue(ctx, sender)).delivered).toBe(0);
      ctx.advance(60_000);
      expect((await deliverDue(ctx, sender)).delivered).toBe(2);
      expect(arrived()).toEqual(['a1', 'a2']);
    });

    it('broken off, it leaves what it did not send to the next', async () => {
      await hook(ctx, receiver.url);
      behaviours = ['hang'];
      await tell(ctx, ['a', 'b']);
      const stop = new AbortController();
      const own = openSender(['127.0.0.1'], 60_000);
      const delivering = deliverDue({ ...ctx, signal: stop.signal }, own);
      while (receiver.arrivals.length < 2) await new Promise((turn) => setTimeout(turn, 5));
      stop.abort();
      await own.close();
      await delivering;
      expect((await deliverDue(ctx, sender)).delivered).toBeGreaterThan(0);
      expect(new Set(arrived())).toEqual(new Set(['a1', 'b1']));
      expect(await nextDelivery(ctx)).toBeNull();
    });

    it('whatever a receiver does, each event comes at least once, under one id, in the order of its record', async () => {
      const chance = chanceFrom(5);
      const worse: Behaviour[] = [500, 503, 'reset', 'hang', { status: 429, headers: { 'retry-after': '1' } }, 302];
      await receiver.close();
      receiver = await startReceiver(() => (chance() < 0.4 ? (worse[Math.floor(chance() * worse.length)] ?? 500) : 200));
      await hook(ctx, receiver.url);
      for (let n = 0; n < 6; n += 1) {
        await tell(ctx, ['a', 'b', 'c', 'd', 'e', 'f', `s${n}`], { n });
        if (n % 4 === 0) await deliverDue(ctx, impatient);
      }
      await deliverAll(ctx, impatient);
      const events = await outboxOf(ctx);
      const taken = receiver.arrivals.filter((one) => one.taken);
      expect(new Set(taken.map(({ id }) => id))).toEqual(new Set(events.map(({ id }) => id)));
      expect(receiver.early).toEqual([]);
      expect(receiver.arrivals.every(({ signed }) => signed)).toBe(true);
      expect((await listDeadLetters(ctx, {})).total).toBe(0);
    });
  });
});
