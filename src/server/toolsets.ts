import { SamepageError, shown } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { TOOLSETS, type Toolset } from '../tools/define-tool.ts';

/** The toolsets named on the command line. @throws SamepageError for one that does not exist. */
export function parseToolsets(text: string | undefined): readonly Toolset[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(',').map((name) => name.trim());
  return names.map((name) => {
    const toolset = TOOLSETS.find((known) => known === name);
    if (toolset !== undefined) return toolset;
    const meant = nearest(name, TOOLSETS);
    throw new SamepageError(
      'invalid_input',
      `--toolsets: there is no toolset "${shown(name)}".`,
      `Give some of ${TOOLSETS.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    );
  });
}
