import { defineConfig } from 'vitest/config';

/** `npm run test:stress`: minutes of kills, on the built command, and thousands of inputs to each tool. A short form of each is among the tests that always run. */
export default defineConfig({
  test: {
    name: 'stress',
    include: ['test/stress/**/*.test.ts'],
    globalSetup: './test/support/global-setup.ts',
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
  },
});
