import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { createPostgresDatabase } from '../support/databases.ts';
import { killedDeliveries } from '../support/killed-deliveries.ts';
import { makePlace, removePlace } from '../support/places.ts';

const ROUNDS = Number(process.env.STRESS_DELIVERIES ?? 200);
const HELD = { lost: [], invented: [], early: [], unsigned: 0 };

const say = (report: object) => void process.stdout.write(`${JSON.stringify(report)}\n`);

describe('the process that delivers is killed again and again', () => {
  it('in an embedded folder', async () => {
    const place = await makePlace('stress-deliveries');
    try {
      const report = await killedDeliveries(join(place, 'data'), ROUNDS);
      say(report);
      expect(report).toMatchObject(HELD);
    } finally {
      await removePlace(place);
    }
  });

  it.skipIf(inject('postgres') === undefined)('on PostgreSQL', async () => {
    const created = await createPostgresDatabase('migrated');
    try {
      const report = await killedDeliveries(created.url, ROUNDS);
      say(report);
      expect(report).toMatchObject(HELD);
    } finally {
      await created.drop();
    }
  });
});
