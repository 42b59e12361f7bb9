import type { Progress } from '../kernel/context.ts';

export interface DrawnProgress extends Progress {
  stop(): void;
}

/** A bar when a person watches, else a plain line for each tenth of the way. */
export async function createProgress(stream: NodeJS.WriteStream, err: (text: string) => void): Promise<DrawnProgress> {
  return stream.isTTY ? bar(stream) : lines(err);
}

async function bar(stream: NodeJS.WriteStream): Promise<DrawnProgress> {
  const { default: progress } = await import('cli-progress');
  const drawn = new progress.SingleBar({
    stream,
    format: '{bar} {percentage}% {value}/{total} {message}',
    hideCursor: true,
    clearOnComplete: true,
    barsize: 30,
  });
  let started = false;
  return {
    report(done, total, message) {
      if (total === undefined) return;
      if (!started) drawn.start(total, done, { message });
      else drawn.update(done, { message });
      drawn.setTotal(total);
      started = true;
    },
    stop() {
      if (started) drawn.stop();
      started = false;
    },
  };
}

function lines(err: (text: string) => void): DrawnProgress {
  let last = '';
  return {
    report(done, total, message) {
      const step = total === undefined || total === 0 ? '' : ` ${Math.floor((done * 10) / total) * 10} %`;
      const line = `${message}${step}`;
      if (line !== last) err(line);
      last = line;
    },
    stop() {},
  };
}
