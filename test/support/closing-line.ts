import type { Reporter, TestModule, TestSuite } from 'vitest/node';

type Suite = TestModule | TestSuite;

/** A suite that could not be collected, or whose hooks threw, failed although none of its tests says so. */
function brokenSuites(suite: Suite): number {
  let broken = suite.errors().length > 0 ? 1 : 0;
  for (const child of suite.children.suites()) broken += brokenSuites(child);
  return broken;
}

/** Ends the run with one plain line that a script can read: `N passed, N failed, N skipped`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    let skipped = 0;
    for (const module of modules) {
      failed += brokenSuites(module);
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped += 1;
      }
    }
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
