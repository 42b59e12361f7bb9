import { resolve } from 'node:path';
import { inject } from 'vitest';

/** The built file of a process of the tests, to be run by Node: `stitch` is `test/support/stitch-child.ts`. */
export function childProgram(name: 'deliver' | 'enrich' | 'folder' | 'sign' | 'stitch'): string {
  return resolve(inject('program'), '../../test/support', `${name}-child.js`);
}
