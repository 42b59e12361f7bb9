import type { Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';
import type { MessagePort, Worker } from 'node:worker_threads';
import type { Channel } from './messages.ts';

/** Before each frame: its length. */
const HEAD_BYTES = 4;
/** Larger is no message of ours: a statement's text and parameters, or the rows of one answer. */
const MAX_FRAME = 1024 ** 3;

/**
 * Messages over a socket, each a frame of Node's own serialisation, which threads use as well: long texts and documents
 * travel as they are, and are not escaped again.
 */
export function socketChannel<In, Out>(socket: Socket): Channel<In, Out> {
  return {
    send(message) {
      if (socket.destroyed) return;
      const body = serialize(message);
      const head = Buffer.alloc(HEAD_BYTES);
      head.writeUInt32BE(body.length);
      socket.cork();
      socket.write(head);
      socket.write(body);
      socket.uncork();
    },
    receive(onMessage, onClose) {
      const frames = frameReader((body) => onMessage(deserialize(body)));
      let failure: Error | undefined;
      socket.on('error', (error) => {
        failure = error;
      });
      socket.on('data', (data: Buffer) => {
        try {
          frames(data);
        } catch (error) {
          socket.destroy(error instanceof Error ? error : undefined);
        }
      });
      socket.on('end', () => socket.destroy());
      if (socket.destroyed) setImmediate(onClose);
      else socket.on('close', () => onClose(failure));
      socket.resume();
    },
    close: () => void socket.end(),
  };
}

/** Cuts a stream into frames. Pieces are joined once, when their frame is whole. */
function frameReader(onFrame: (body: Buffer) => void): (data: Buffer) => void {
  let pieces: Buffer[] = [];
  let size = 0;
  let wanted: number | undefined;
  const take = (bytes: number): Buffer => {
    const all = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces, size);
    size -= bytes;
    pieces = size > 0 ? [all.subarray(bytes)] : [];
    return all.subarray(0, bytes);
  };
  return (data) => {
    pieces.push(data);
    size += data.length;
    for (;;) {
      if (wanted === undefined) {
        if (size < HEAD_BYTES) return;
        wanted = take(HEAD_BYTES).readUInt32BE();
        if (wanted > MAX_FRAME) throw new Error('a frame is too large');
      }
      if (size < wanted) return;
      const body = take(wanted);
      wanted = undefined;
      onFrame(body);
    }
  };
}

/**
 * Messages between two threads. What is said in one turn goes as one: to wake a thread takes as long as a short statement does, and a
 * transaction asks for several at once.
 * @param isUrgent what waits for nothing, as for a next transaction that may take long
 */
export function threadChannel<In, Out>(port: MessagePort | Worker, isUrgent: (message: Out) => boolean = () => false): Channel<In, Out> {
  const said: Out[] = [];
  const flush = () => {
    if (said.length > 0) port.postMessage(said.splice(0));
  };
  return {
    send(message) {
      said.push(message);
      if (isUrgent(message)) flush();
      // after all that this turn goes on to, awaited or not
      else if (said.length === 1) queueMicrotask(() => process.nextTick(flush));
    },
    receive(onMessage, onClose) {
      let failure: Error | undefined;
      port.on('message', (messages: readonly In[]) => {
        for (const message of messages) onMessage(message);
      });
      port.on('error', (error: Error) => {
        failure = error;
      });
      // a worker exits, a port closes
      port.on('exit', () => onClose(failure));
      port.on('close', () => onClose(failure));
    },
    close() {
      flush();
      if ('terminate' in port) void port.terminate();
      else port.close();
    },
  };
}
