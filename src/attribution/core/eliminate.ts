import type { Chain } from './chain.ts';
import type { Steps } from './steps.ts';

/** States that are left, the start as row 0 and the two ends as the last two columns; dense, by rows. */
interface Flows {
  /** Channel of each state. */
  channelOf: readonly number[];
  width: number;
  weight: Float64Array;
}

/**
 * Removal effects in closed form: the other channels' states are taken out of the chain one by one, each one's flow passed on to where it
 * went, until the start, the channel and the two ends are left. Half of the channels are taken out for all of the other half at once, so all
 * effects together cost about as much as one inverse. A state's outflow is the sum of where it goes to, never 1 minus something: no
 * digit is lost to cancellation (Grassmann, Taksar and Heyman 1985).
 * @returns by channel, the share of conversions that pass through it
 */
export function* eliminated(chain: Chain): Steps<Float64Array> {
  const effects = new Float64Array(chain.channels.length);
  const progress = { done: 0, total: effects.length };
  yield* halved(
    dense(chain),
    chain.channels.map((_, i) => i),
    effects,
    progress,
  );
  return effects;
}

function* halved(flows: Flows, channels: readonly number[], effects: Float64Array, progress: { done: number; total: number }): Steps<void> {
  const [only] = channels;
  if (only === undefined) return;
  if (channels.length === 1) {
    const around = converted(flows);
    // counted by itself, so that a small effect is not the difference of two large numbers
    flows.weight[flows.width - 2] = 0;
    const through = converted(without(flows, new Set(channels)));
    effects[only] = through === 0 ? 0 : through / (around + through);
    progress.done += 1;
    yield { ...progress };
    return;
  }
  const middle = channels.length >> 1;
  const [left, right] = [channels.slice(0, middle), channels.slice(middle)];
  yield* halved(without(flows, new Set(right)), left, effects, progress);
  yield* halved(without(flows, new Set(left)), right, effects, progress);
}

/** What goes from the start to a conversion by no state that is left. */
const converted = ({ weight, width }: Flows) => weight[width - 2] as number;

function dense({ channelOf, first, to, weight, begun, won, lost }: Chain): Flows {
  const n = channelOf.length;
  const width = n + 2;
  const flows = new Float64Array((n + 1) * width);
  flows.set(begun, 0);
  for (let i = 0; i < n; i += 1) {
    const row = (i + 1) * width;
    for (let k = first[i] as number; k < (first[i + 1] as number); k += 1) flows[row + (to[k] as number)] = weight[k] as number;
    flows[row + n] = won[i] as number;
    flows[row + n + 1] = lost[i] as number;
  }
  return { channelOf: [...channelOf], width, weight: flows };
}

/** The flows once the states of some channels are taken out. */
function without(flows: Flows, channels: ReadonlySet<number>): Flows {
  const { channelOf, width } = flows;
  const weight = flows.weight.slice();
  const isOut = new Uint8Array(width);
  const columns = new Int32Array(width);
  for (const [state, channel] of channelOf.entries()) {
    if (!channels.has(channel)) continue;
    isOut[state] = 1;
    passOn(weight, width, state, isOut, columns);
  }
  return compact(weight, channelOf, width, isOut);
}

/** What flows to a state goes on to where its own flow goes; those already out get nothing. */
function passOn(weight: Float64Array, width: number, state: number, isOut: Uint8Array, columns: Int32Array): void {
  const row = (state + 1) * width;
  let count = 0;
  let outflow = 0;
  for (let j = 0; j < width; j += 1) {
    const flow = weight[row + j] as number;
    if (flow === 0 || isOut[j] === 1) continue;
    outflow += flow;
    columns[count] = j;
    count += 1;
  }
  for (let i = 0; i < width - 1; i += 1) {
    if (i > 0 && isOut[i - 1] === 1) continue;
    const into = weight[i * width + state] as number;
    if (into === 0) continue;
    const share = into / outflow;
    const base = i * width;
    for (let k = 0; k < count; k += 1) {
      const j = columns[k] as number;
      // a way back to where it came from is no step
      if (j !== i - 1) weight[base + j] = (weight[base + j] as number) + share * (weight[row + j] as number);
    }
  }
}

function compact(weight: Float64Array, channelOf: readonly number[], width: number, isOut: Uint8Array): Flows {
  const kept: number[] = [];
  for (let j = 0; j < width; j += 1) if (isOut[j] !== 1) kept.push(j);
  const rows = kept.length - 1;
  const left = new Float64Array(rows * kept.length);
  for (let i = 0; i < rows; i += 1) {
    const row = i === 0 ? 0 : ((kept[i - 1] as number) + 1) * width;
    for (const [j, column] of kept.entries()) left[i * kept.length + j] = weight[row + column] as number;
  }
  return { channelOf: kept.slice(0, -2).map((state) => channelOf[state] as number), width: kept.length, weight: left };
}
