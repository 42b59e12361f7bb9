import { parentPort, workerData } from 'node:worker_threads';
import { openFile } from '../records/open-file.ts';
import { type OwnColumns, TableBuilder } from './core/build-table.ts';
import type { ScoredPart } from './core/candidates.ts';
import { type ScoringJob, StitchShare } from './core/shares.ts';
import { receivedTable } from './core/table.ts';
import { letGo } from './let-go.ts';
import { phonePlaces } from './phone-places.ts';
import { type CellTaker, readCells } from './read-cells.ts';
import type { ColumnsToRead, WorkerReply, WorkerRequest } from './stitch-thread.ts';

/** The second thread of a large run: it reads some of the columns, then sorts, counts and scores its share. */
if (parentPort === null) throw new Error('stitch-worker.ts is a thread');
const port = parentPort;
const reply = (message: WorkerReply, handedOver: ArrayBuffer[] = []) => port.postMessage(message, handedOver);

let work: StitchShare | undefined;
port.on('message', (request: WorkerRequest) => {
  if (request.share === 'index') {
    const { table, next } = request.asked;
    letGo(table.size);
    work = new StitchShare(receivedTable(table));
    reply({ found: work.index(next) });
    letGo(table.size);
  } else if (request.share === 'count') {
    const { blocks, next } = request.asked;
    if (work !== undefined) reply({ found: work.count(blocks, next) });
  } else if (work !== undefined) reply({ found: scored(work, request.asked) });
});

function scored(work: StitchShare, job: ScoringJob): ScoredPart {
  const scoring = work.score(job);
  while (scoring.advance());
  const { edges, ...others } = scoring.result();
  const { a, b, evidence, length } = edges;
  return { ...others, edges: { a: a.slice(0, length), b: b.slice(0, length), evidence: evidence.slice(0, length), length } };
}

/** @returns null where the file cannot be read: what is wrong with it the other thread says */
async function readColumns(toRead: ColumnsToRead): Promise<OwnColumns | null> {
  const file = await openFile(toRead.path);
  const isPlaced = toRead.kinds.includes('country') || (toRead.kinds.includes('phone') && toRead.country !== undefined);
  const builder = new TableBuilder(toRead.kinds, toRead.labels, undefined, isPlaced ? await phonePlaces(toRead.country) : undefined);
  const cells = new Int32Array(2 * toRead.used.length);
  const taker: CellTaker = {
    takesBytes: true,
    header() {},
    row: (row) => builder.add(toRead.used.map((i) => row.cells[i] ?? '')),
    bytes(bytes, bounds) {
      for (let i = 0; i < toRead.used.length; i += 1) {
        const at = 2 * (toRead.used[i] as number);
        cells[2 * i] = bounds[at] as number;
        cells[2 * i + 1] = bounds[at + 1] as number;
      }
      builder.addAscii(bytes, cells);
    },
  };
  return readCells(file, taker, toRead.encoding === undefined ? {} : { encoding: toRead.encoding }).then(
    () => builder.own(),
    () => null,
  );
}

const columns = await readColumns(workerData);
reply({ columns });
letGo(Math.max(0, ...(columns?.single ?? []).map(({ column }) => column.codes.length)));
