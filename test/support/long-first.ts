import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that are short to read and long to run. */
const LONG = /(random-input|killed-jobs|scoring-oracle|clients|takeover|folder-owner|upkeep-commands|merged-history)\.test\.ts$/;

/** Where nothing is known of earlier runs, Vitest begins with the files that have most text: the longest to run came last, and alone. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
