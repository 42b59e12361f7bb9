import type { Channel, Reply, Request } from './messages.ts';
import type { RawDatabase, RunStatement } from './raw-database.ts';
import { toWire } from './wire-error.ts';

type Job = Extract<Request, { do: 'statement' | 'end' }>;

interface OpenTransaction {
  /** Takes the next of the transaction's requests. */
  take(job: Job): void;
  cancel(): void;
  /** Rolls back what is open. */
  drop(): void;
}

const ROLLBACK = Symbol('rollback');

/**
 * Answers the questions that come over a channel from a database. What a client leaves open when it goes is rolled back.
 * @param onEnd called when the client has gone; says whether anything was written.
 */
export function serveDatabase(channel: Channel<Request, Reply>, database: RawDatabase, onEnd: (wrote: boolean) => void = () => {}): void {
  const open = new Map<number, OpenTransaction>();
  let wrote = false;

  const answer = async (id: number, work: () => Promise<void>) => {
    try {
      await work();
      channel.send({ id, done: true });
    } catch (error) {
      channel.send({ id, error: toWire(error) });
    }
  };

  channel.receive(
    (request) => {
      switch (request.do) {
        case 'begin':
          return void open.set(request.tx, begin(channel, database, request.mode));
        case 'statement':
        case 'end': {
          const transaction = open.get(request.tx);
          if (request.do === 'end') {
            open.delete(request.tx);
            wrote ||= request.commit;
          }
          if (transaction !== undefined) transaction.take(request);
          else channel.send({ id: request.id, error: toWire(new Error('there is no such transaction')) });
          return;
        }
        case 'cancel':
          return open.get(request.tx)?.cancel();
        case 'maintain':
          return void answer(request.id, () => database.maintain(request.tables));
        case 'close':
          return void answer(request.id, () => database.close());
      }
    },
    () => {
      for (const transaction of open.values()) transaction.drop();
      open.clear();
      onEnd(wrote);
    },
  );
}

function begin(channel: Channel<Request, Reply>, database: RawDatabase, mode: 'read' | 'write'): OpenTransaction {
  const cancelled = new AbortController();
  const jobs: Job[] = [];
  let arrived = () => {};
  let dropped = false;
  let failure: unknown;
  let over = false;

  /** Requests in their order, until the last. */
  async function serve(statement: RunStatement): Promise<Job> {
    for (;;) {
      const job = jobs.shift();
      if (dropped) throw ROLLBACK;
      if (job === undefined) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
        continue;
      }
      if (job.do === 'end') {
        if (job.commit) return job;
        channel.send({ id: job.id, done: true });
        throw ROLLBACK;
      }
      try {
        channel.send({ id: job.id, rows: await statement(job.text, job.params, job.form, job.prepare) });
      } catch (error) {
        channel.send({ id: job.id, error: toWire(error) });
      }
    }
  }

  const refuse = (job: Job) => {
    if (job.do === 'end' && !job.commit) channel.send({ id: job.id, done: true });
    else channel.send({ id: job.id, error: toWire(failure) });
  };

  database
    .transaction(mode, serve, { signal: cancelled.signal })
    .then((last) => channel.send({ id: last.id, done: true }))
    .catch((error: unknown) => {
      failure = error === ROLLBACK ? new Error('the transaction has ended') : error;
      over = true;
      for (const job of jobs.splice(0)) refuse(job);
    });

  return {
    take(job) {
      if (over) return refuse(job);
      jobs.push(job);
      arrived();
    },
    cancel: () => cancelled.abort(),
    drop() {
      dropped = true;
      // a statement under way may not go on for long, when nobody waits for it
      cancelled.abort();
      arrived();
    },
  };
}
