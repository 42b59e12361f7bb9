import { z } from 'zod';
import { recordInWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition, type DefinitionRef, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { readIndexed } from './read-indexed.ts';
import { personRecord, readPeople } from './read-people.ts';
import { type RecordedPerson, recordPeople } from './record-people.ts';

export const streamPeopleInput = z.strictObject({
  source: z.string().trim().min(1).max(100),
  records: z.array(personRecord).min(1).max(1000),
});

export interface StreamedPeople {
  people: RecordedPerson[];
  definitions: DefinitionRef[];
}

/**
 * Takes people in as they come and stitches each at once, all or none. A record is told by its source and id: the same again changes
 * nothing, other content under the id is what the source says now. What a few records cannot show, `stitchRecords` settles.
 * @throws SamepageError `invalid_input` naming each field that cannot be read, as in `records[3].email`
 */
export async function streamPeople(ctx: Context, given: z.input<typeof streamPeopleInput>): Promise<StreamedPeople> {
  requireScope(ctx, 'write');
  const { source, records } = parseInput(streamPeopleInput, given, 'stream_people');
  const { taxonomy, index } = await readIndexed(
    ctx,
    (tx) => currentDefinition(tx, ctx, 'taxonomy'),
    async (_tx, found, current) => ({ taxonomy: current, index: found }),
  );
  const rows = await readPeople(ctx, records, taxonomy.document, (i) => `records[${i}].`);
  const { people } = await recordInWorkspace(ctx, (tx, recordedAt) =>
    recordPeople(tx, ctx, { source, rows, verb: 'stream_people', index, recordedAt }),
  );
  return { people, definitions: [refOf(taxonomy)] };
}
