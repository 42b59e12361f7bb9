import type { Socket } from 'node:net';
import { lineReader } from './lines.ts';

/** What is at the other end of a proxy: an owner, or what stands in for one that cannot be had. */
export interface Link {
  /** False when it is enough for now: `onDrain` tells when to go on. */
  send(line: string): boolean;
  /** Stops reading for a while, or goes on. */
  pause(): void;
  resume(): void;
  close(): void;
}

export interface LinkEvents {
  /** A line with its end. */
  onLine(line: Buffer): void;
  onDrain(): void;
  /** Once, also when it was gone from the start. Not after `close`. */
  onLost(): void;
}

/** An owner, at its socket. It keeps its lines below what a client takes, so there is no bound here. */
export function socketLink(socket: Socket, events: LinkEvents): Link {
  let closed = false;
  const read = lineReader(events.onLine, Number.POSITIVE_INFINITY, () => {});
  const lost = () => {
    if (closed) return;
    closed = true;
    socket.destroy();
    events.onLost();
  };
  socket.on('data', read);
  socket.on('drain', events.onDrain);
  socket.on('end', lost);
  socket.on('error', lost);
  socket.on('close', lost);
  // it may have gone before anybody listened
  if (socket.destroyed || socket.readableEnded) setImmediate(lost);
  socket.resume();
  return {
    send: (line) => socket.write(`${line}\n`),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close() {
      closed = true;
      socket.destroy();
    },
  };
}
