import { join } from 'node:path';
import { describe, it } from 'vitest';
import { killedImports, killedRescores } from '../support/killed-jobs.ts';
import { usePlace } from '../support/places.ts';

const place = usePlace('killed-jobs');

describe('a job under which the owner is killed ends, when it is started again, as if nothing had happened', () => {
  it('an import', async () => {
    await killedImports(join(place(), 'imports'), { rounds: 2, rows: 3_000 });
  });

  it('a rescore', async () => {
    await killedRescores(join(place(), 'rescores'), { rounds: 1, rows: 2_000 });
  });
});
