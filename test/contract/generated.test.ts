import { expect, it } from 'vitest';
import { differences } from '../../scripts/generate.ts';

it('what is made from the code is what is committed (npm run generate)', async () => {
  expect(await differences()).toEqual([]);
});
