import { describe, expect, it } from 'vitest';
import { createLog, errorForLog } from '../../src/log.ts';

describe('errorForLog', () => {
  it.each([
    'duplicate key: (email)=(jane@acme.com) exists',
    'invalid input syntax for type json: "Jane Doe"',
    "could not find 'Jane Doe' in list",
    'connect failed: postgres://jane:hunter2@db.internal/x',
    'mail to jane@acme.com bounced',
    'cannot open /home/jane/secret/file.csv',
    'phone 4915112345678 is wrong',
  ])('keeps nothing of a value: %s', (message) => {
    expect(errorForLog(new Error(message)).message).not.toMatch(/jane|hunter2|acme|4915|secret/i);
  });

  it('says where, without the folders of the machine, and why', () => {
    const logged = errorForLog(new Error('outer', { cause: Object.assign(new TypeError('inner'), { code: '22021' }) }));
    expect(logged.at[0]).toMatch(/\(log\.test\.ts:\d+:\d+\)$/);
    expect(logged.cause).toMatchObject({ type: 'TypeError', code: '22021', message: 'inner' });
    expect(JSON.stringify(logged)).not.toContain('/');
  });

  it('ends with causes that go round', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(errorForLog(error)).length).toBeLessThan(10_000);
  });
});

describe('createLog', () => {
  it('writes one JSON object a line, from its level up', () => {
    const lines: string[] = [];
    const log = createLog('warn', (line) => void lines.push(line));
    log.info('quiet');
    log.warn('loud', { n: 1 });
    const reference = log.failure('broken', new Error('x'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', event: 'loud', n: 1 },
      { level: 'error', event: 'broken', reference, error: { type: 'Error', message: 'x' } },
    ]);
    expect(reference).toMatch(/^ref-[0-9a-f]{8}$/);
  });
});
