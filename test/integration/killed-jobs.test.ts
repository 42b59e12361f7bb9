import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { killedImports, killedRescores } from '../support/killed-jobs.ts';
import { makePlace, removePlace } from '../support/places.ts';

let place: string;
beforeAll(async () => {
  place = await makePlace('killed-jobs');
});
afterAll(() => removePlace(place));

describe('a job under which the owner is killed ends, when it is started again, as if nothing had happened', () => {
  it('an import', async () => {
    await killedImports(join(place, 'imports'), { rounds: 2, rows: 2_000 });
  });

  it('a rescore', async () => {
    await killedRescores(join(place, 'rescores'), { rounds: 1, rows: 2_000 });
  });
});
