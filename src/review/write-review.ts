import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeLines } from '../identity/write-lines.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { paragraphs } from '../kernel/markdown.ts';
import { picture, section } from './core/markdown.ts';
import { getReview, type ReviewView } from './get-review.ts';
import { viewData, viewMarkdown } from './view-markdown.ts';

/**
 * Writes a review to a folder, which is made where it is not there: the page (`weekly-2026-W47.md`), its data (`.json`) and its plots
 * (`.svg`), each whole or not at all, the page last. Files of the same names are replaced.
 * @returns the review, and the paths that were written
 * @throws SamepageError as `getReview`; `file_rejected`, `invalid_input` for a folder that cannot be written to.
 */
export async function writeReview(
  ctx: Context,
  { folder, ...named }: Parameters<typeof getReview>[1] & { folder: string },
): Promise<{ view: ReviewView; files: string[] }> {
  const view = await getReview(ctx, named);
  const { kind, period, plots = [] } = view.document;
  const name = `${kind}-${period}`;
  const pictures = plots.map((plot) => ({ ...plot, file: `${name}-${plot.name}.svg` }));
  const page = paragraphs(
    viewMarkdown(view).trimEnd(),
    section('Plots', ...pictures.map(({ describes, file }) => picture(describes, file))),
  );
  const files = [
    { file: `${name}.json`, text: JSON.stringify(viewData(view), null, 2) },
    ...pictures.map(({ file, svg }) => ({ file, text: svg.trimEnd() })),
    { file: `${name}.md`, text: page },
  ];
  await makeFolder(folder);
  for (const { file, text } of files) await writeLines(join(folder, file), [text]);
  return { view, files: files.map(({ file }) => join(folder, file)) };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new SamepageError(
      'file_rejected',
      `The folder "${shown(folder)}" cannot be made.`,
      'Name a folder that this user may make or write to.',
      {
        cause: error,
      },
    );
  }
}
