import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attributePaths, type PathsReport } from '../../src/attribution/attribute-paths.ts';
import { NO_PROGRESS } from '../../src/kernel/context.ts';
import { usePlace } from './places.ts';

export type GivenPaths = Partial<Parameters<typeof attributePaths>[1]>;

/** Gives a suite a folder, and credits the files of paths that its tests write there. */
export function useAttributedFiles() {
  const place = usePlace('paths');
  const path = (name: string) => join(place(), name);
  return {
    path,
    async attribute(text: string, given: GivenPaths = {}, name = 'paths.csv'): Promise<PathsReport> {
      await writeFile(path(name), text);
      return attributePaths({ progress: NO_PROGRESS, signal: new AbortController().signal }, { paths: path(name), ...given });
    },
  };
}

/** The conversions of each channel by one model. */
export const creditsOf = (report: PathsReport, model: string) =>
  Object.fromEntries((report.models.find((one) => one.model === model)?.credits ?? []).map((one) => [one.channel, one.conversions]));
