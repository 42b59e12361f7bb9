import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin } from '../../../src/handoff/core/networks.ts';
import { bodyOf, nextAttempt, verdictOf } from '../../../src/handoff/core/webhook.ts';
import { readSigners, signedHeaders } from '../../../src/handoff/sign-webhook.ts';

const ID = '12345678-1234-8234-8234-123456789abc';
const DAY = 24 * 3_600_000;
const now = new Date('2026-03-02T09:00:00Z');

describe('a signature', () => {
  it('is that of the published example of Standard Webhooks', () => {
    const signers = readSigners('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw') ?? [];
    expect(signedHeaders(signers, 'msg_p5jXN8AQM9LWM0D4loKWxJek', new Date(1614265330_999), '{"test": 2432232314}')).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is of each secret, while a receiver changes over', () => {
    const [first, second] = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'];
    const of = (text: string) => signedHeaders(readSigners(text) ?? [], 'a', now, '{}')['webhook-signature'];
    expect(of(`${first} ${second}`)).toBe(`${of(first)} ${of(second)}`);
  });

  it.each(['', 'whsec_', 'whsec_c2hvcnQ=', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', `whsec_${'A'.repeat(90)}`])(
    'is not made with %j',
    (text) => {
      expect(readSigners(text)).toBeUndefined();
    },
  );
});

describe('an answer', () => {
  const answered = (status: number, headers: Record<string, string> = {}) => verdictOf({ status, headers }, now.getTime());

  it.each([
    [200, { is: 'delivered' }],
    [204, { is: 'delivered' }],
    [410, { is: 'gone' }],
    [302, { is: 'again', answer: 'it redirects (302), which is not followed' }],
    [404, { is: 'again', answer: 'it answered 404' }],
    [500, { is: 'again', answer: 'it answered 500' }],
    [429, { is: 'again', answer: 'it asked for less (429)', afterMs: 60_000, pauses: true }],
  ])('%i', (status, verdict) => {
    expect(answered(status)).toEqual(verdict);
  });

  it('says when to come again', () => {
    expect(answered(429, { 'retry-after': '7' })).toMatchObject({ afterMs: 7_000, pauses: true });
    expect(answered(503, { 'retry-after': 'Mon, 02 Mar 2026 09:00:30 GMT' })).toMatchObject({ afterMs: 30_000, pauses: true });
    expect(answered(500, { 'retry-after': '9' })).toMatchObject({ afterMs: 9_000, pauses: false });
  });

  it('that did not come is no answer', () => {
    expect(verdictOf({ failed: true, sent: true, reason: 'it did not answer in time' }, 0)).toEqual({
      is: 'again',
      answer: 'it did not answer in time',
    });
  });
});

describe('attempts', () => {
  const schedule = (id: string) => {
    const waits: number[] = [];
    let at = now;
    for (let attempt = 1; attempt < 100; attempt += 1) {
      const next = nextAttempt(id, { attempt, firstAt: now, now: at });
      if (next === null) return waits;
      waits.push(next.getTime() - at.getTime());
      at = next;
    }
    throw new Error('it never ends');
  };

  it('come ever later over three days, by chance that their id repeats', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const waits = schedule(id);
        for (const [i, wait] of waits.entries()) {
          const step = Math.min(5_000 * 4 ** i, 6 * 3_600_000);
          expect(wait).toBeGreaterThanOrEqual(step * 0.75);
          expect(wait).toBeLessThanOrEqual(step * 1.25 + 1);
        }
        const sum = waits.reduce((a, b) => a + b, 0);
        expect(sum).toBeLessThanOrEqual(3 * DAY);
        expect(sum).toBeGreaterThan(3 * DAY - 7.5 * 3_600_000);
        expect(schedule(id)).toEqual(waits);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('wait for as long as they were asked to', () => {
    const next = nextAttempt(ID, { attempt: 1, firstAt: now, now, afterMs: 3_600_000 });
    expect(next?.getTime()).toBe(now.getTime() + 3_600_000);
  });
});

describe('a body', () => {
  it('is the same however often it is made', () => {
    const event = { id: ID, subject: 's', position: 2, type: 'hand_off.disposed', recordedAt: now, data: { code: 'FIT-01' } };
    expect(bodyOf(event)).toBe(
      '{"type":"hand_off.disposed","timestamp":"2026-03-02T09:00:00.000Z","subject":"s","position":2,"data":{"code":"FIT-01"}}',
    );
  });
});

describe('private networks', () => {
  const within = isWithin(['10.1.0.0/16', '127.0.0.1', 'fd00::/8', 'no network']);
  it.each([
    ['10.1.2.3', true],
    ['10.2.0.1', false],
    ['127.0.0.1', true],
    ['127.0.0.2', false],
    ['::ffff:10.1.0.9', true],
    ['fd12::1', true],
    ['fe80::1', false],
    ['8.8.8.8', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (address, expected) => {
    expect(within(address)).toBe(expected);
  });
});
