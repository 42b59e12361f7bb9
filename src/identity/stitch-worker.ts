import { parentPort, workerData } from 'node:worker_threads';
import { openFile } from '../records/open-file.ts';
import { type OwnColumns, TableBuilder } from './core/build-table.ts';
import { BlockScoring } from './core/candidates.ts';
import { comparisonsOf } from './core/comparisons.ts';
import { PairScorer } from './core/score.ts';
import { receivedTable } from './core/table.ts';
import { letGo } from './let-go.ts';
import { type CellTaker, readCells } from './read-cells.ts';
import type { ColumnsToRead, WorkerReply, WorkerRequest } from './stitch-thread.ts';

/** The second thread of a large run: it reads some of the columns, then scores some of the pairs. */
if (parentPort === null) throw new Error('stitch-worker.ts is a thread');
const port = parentPort;
const reply = (message: WorkerReply) => port.postMessage(message);

let comparisons: ReturnType<typeof comparisonsOf> = [];
port.on('message', (request: WorkerRequest) => {
  if ('table' in request) {
    letGo(request.table.size);
    comparisons = comparisonsOf(receivedTable(request.table));
    return;
  }
  const { blocks, weights, floor, next } = request.job;
  const scoring = new BlockScoring(blocks, new PairScorer(comparisons, weights), floor, next);
  while (scoring.advance());
  const { edges, ...others } = scoring.result();
  const { a, b, evidence, length } = edges;
  reply({ scored: { ...others, edges: { a: a.slice(0, length), b: b.slice(0, length), evidence: evidence.slice(0, length), length } } });
});

/** @returns null where the file cannot be read: what is wrong with it the other thread says */
async function readColumns(toRead: ColumnsToRead): Promise<OwnColumns | null> {
  const file = await openFile(toRead.path);
  const builder = new TableBuilder(toRead.kinds, toRead.labels);
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
