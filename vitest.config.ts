import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line.ts'],
    // generous: no test may depend on speed, and an embedded database takes a second to open on a busy machine
    testTimeout: 180_000,
    // by default one core is left to others: of two, half
    maxWorkers: availableParallelism(),
    hookTimeout: 180_000,
    sequence: { sequencer: LongFirst },
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false } },
      {
        extends: true,
        test: {
          name: 'databases',
          // a file closes what it opens: one process for many files compiles the embedded database once
          isolate: false,
          include: ['test/integration/**/*.test.ts', 'test/contract/**/*.test.ts'],
          globalSetup: './test/support/global-setup.ts',
        },
      },
    ],
  },
});
