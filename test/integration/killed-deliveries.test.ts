import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { createPostgresDatabase } from '../support/databases.ts';
import { killedDeliveries } from '../support/killed-deliveries.ts';
import { makePlace, placeFolder, removePlace } from '../support/places.ts';

const HELD = { lost: [], invented: [], early: [], unsigned: 0 };

describe('the process that delivers is killed: each event comes, in order, and none that never was', () => {
  it('in an embedded folder', async () => {
    const place = await makePlace('killed-deliveries');
    try {
      expect(await killedDeliveries(await placeFolder(join(place, 'data')), 2)).toMatchObject(HELD);
    } finally {
      await removePlace(place);
    }
  });

  it.skipIf(inject('postgres') === undefined)('on PostgreSQL', async () => {
    const created = await createPostgresDatabase('migrated');
    try {
      expect(await killedDeliveries(created.url, 2)).toMatchObject(HELD);
    } finally {
      await created.drop();
    }
  });
});
