import type { ClockFigures, Volumes } from '../handoff/core/review-figures.ts';
import type { HandoffReview } from '../handoff/review-handoffs.ts';
import { type Figure, figureKey } from './core/figures.ts';

type Weekly = Pick<HandoffReview, 'volumes' | 'by_source' | 'by_owner' | 'codes' | 'clocks' | 'recycled'>;

/** The published numbers of a review of hand-offs. What stands open now is none: it is of today and not of the period. */
export function weeklyFigures({ volumes, by_source, by_owner, codes, clocks, recycled }: Weekly): Figure[] {
  return [
    ...volumesOf(volumes, ['handoffs'], ''),
    count('handoffs.overridden', 'handed off against the rule', volumes.overridden),
    ...by_source.flatMap((one) => volumesOf(one, ['handoffs', 'by_source', one.source], `, source ${one.source ?? 'none'}`)),
    ...by_owner.flatMap(({ owner, accepted, rejected, acceptance }) => {
      const key = (what: string) => figureKey('handoffs', 'by_owner', owner, what);
      const of = `, owner ${owner ?? 'none'}`;
      return [
        count(key('accepted'), `accepted${of}`, accepted),
        count(key('rejected'), `rejected${of}`, rejected),
        percent(key('acceptance'), `acceptance${of}`, acceptance, accepted + rejected),
      ];
    }),
    ...codes.map(({ code, given }) => count(figureKey('rejections', code), `rejected with ${code}`, given)),
    ...clocks.flatMap(({ by_source: parts, ...whole }) => [
      ...clockOf(whole, ['clocks', whole.clock], whole.clock),
      ...parts.flatMap((one) =>
        clockOf(one, ['clocks', whole.clock, 'by_source', one.source], `${whole.clock}, source ${one.source ?? 'none'}`),
      ),
    ]),
    count('recycled.sent_back', 'sent back', recycled.sent_back),
    count('recycled.again', 'handed off again', recycled.again),
    count('recycled.kept', 'handed off again and accepted', recycled.kept),
    count('recycled.rejected', 'handed off again and rejected', recycled.rejected),
  ];
}

const count = (key: string, label: string, value: number): Figure => ({ key, label, value, unit: 'count' });
const percent = (key: string, label: string, value: number | null, n: number): Figure => ({ key, label, value, unit: 'percent', n });

function volumesOf(volumes: Volumes, at: readonly (string | null)[], of: string): Figure[] {
  const { handed_off, accepted, rejected, rerouted, acceptance } = volumes;
  const key = (what: string) => figureKey(...at, what);
  return [
    count(key('handed_off'), `handed off${of}`, handed_off),
    count(key('accepted'), `accepted${of}`, accepted),
    count(key('rejected'), `rejected${of}`, rejected),
    count(key('rerouted'), `sent to another owner${of}`, rerouted),
    percent(key('acceptance'), `acceptance${of}`, acceptance, accepted + rejected),
  ];
}

function clockOf(
  { kept, breached, attainment, median_minutes, p90_minutes }: ClockFigures,
  at: readonly (string | null)[],
  of: string,
): Figure[] {
  const key = (what: string) => figureKey(...at, what);
  const minutes = (what: string, label: string, value: number | null): Figure => ({
    key: key(what),
    label: `${of}: ${label}`,
    value,
    unit: 'minutes',
    n: kept + breached,
  });
  return [
    count(key('kept'), `${of}: kept`, kept),
    count(key('breached'), `${of}: breached`, breached),
    percent(key('attainment'), `${of}: in time`, attainment, kept + breached),
    minutes('median', 'median', median_minutes),
    minutes('p90', 'nine in ten within', p90_minutes),
  ];
}
