import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killedImports, killedRescores } from '../support/killed-jobs.ts';
import { ownersOf } from '../support/owners.ts';
import { makePlace, placeFolder, removePlace } from '../support/places.ts';
import { writeUnderFire } from '../support/under-fire.ts';

const KILLS = Number(process.env.STRESS_KILLS ?? 50);
const ROUNDS = Number(process.env.STRESS_ROUNDS ?? 50);

const say = (report: object) => void process.stdout.write(`${JSON.stringify(report)}\n`);

let folder: string;
beforeEach(async () => {
  folder = await makePlace('stress');
});
afterEach(() => removePlace(folder));

describe('the owner is killed again and again', () => {
  it('under twelve clients that write: every acknowledged write is there once, and nothing is left', async () => {
    // a database to begin with: one that is killed while it is made is made anew, and nobody would have written anything
    const data = await placeFolder(join(folder, 'data'));
    const report = await writeUnderFire(data, { clients: 12, kills: KILLS, everyMs: [20, 4_000] });
    say(report);
    expect(report).toMatchObject({ missing: [], twoOwners: 0, deadProxies: 0 });
    expect(report.acknowledged).toBeGreaterThanOrEqual(Math.floor(KILLS / 2));
    expect(await ownersOf(data)).toEqual([]);
    expect((await readdir(data)).filter((name) => name.endsWith('.sock')).length).toBeLessThanOrEqual(1);
  });

  it('in the middle of imports: the folder opens, and the file is in as if nothing had happened', async () => {
    const report = await killedImports(folder, { rounds: ROUNDS, rows: 3_500 });
    say(report);
    expect(report.cuts).toBeGreaterThan(ROUNDS / 4);
  });

  it('in the middle of rescores: the folder opens, and the scores are those of an undisturbed run', async () => {
    const report = await killedRescores(folder, { rounds: ROUNDS, rows: 3_000 });
    say(report);
    expect(report.cuts).toBeGreaterThan(ROUNDS / 4);
  });
});
