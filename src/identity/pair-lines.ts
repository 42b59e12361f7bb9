import { csvLine } from './core/csv-line.ts';
import { explainPair, sentenceOf } from './core/explain.ts';
import { compareIds } from './core/record-ids.ts';
import type { Stitched } from './core/stitch.ts';
import type { Texts } from './core/texts.ts';

/** Each accepted or reviewed pair as a line, the surest first; the lesser id is on the left. */
export function* pairLines({ edges, prior, model, scorer, cluster }: Stitched, ids: Texts, order: Uint32Array): Iterable<string> {
  yield 'left,right,decision,p,bits,prior,same_cluster,evidence,sentence';
  const idOf = (record: number) => ids.at(order[record] as number) as string;
  const shown: { left: number; right: number; bits: number }[] = [];
  for (let e = 0; e < edges.length; e += 1) {
    const bits = Math.round(((edges.evidence[e] as number) + prior) * 100) / 100;
    if (bits < model.reviewBits) continue;
    const [a, b] = [edges.a[e] as number, edges.b[e] as number];
    const isInOrder = compareIds(idOf(a), idOf(b)) < 0;
    shown.push({ left: isInOrder ? a : b, right: isInOrder ? b : a, bits });
  }
  shown.sort((x, y) => y.bits - x.bits || compareIds(idOf(x.left), idOf(y.left)) || compareIds(idOf(x.right), idOf(y.right)));
  for (const { left, right } of shown) {
    const found = explainPair(scorer, model, prior, left, right);
    const evidence = found.evidence.map((one) => `${one.group}=${one.level}:${one.bits}`).join(' ');
    yield csvLine([
      idOf(left),
      idOf(right),
      found.decision,
      found.p.toFixed(6),
      String(found.bits),
      String(found.prior),
      cluster[left] === cluster[right] ? 'yes' : 'no',
      evidence,
      sentenceOf(found),
    ]);
  }
}
