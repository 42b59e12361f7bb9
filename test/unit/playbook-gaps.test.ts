import { beforeAll, describe, expect, it } from 'vitest';
import type { Icp } from '../../src/definitions/core/icp.ts';
import { type Playbook, SECTIONS } from '../../src/definitions/core/playbook.ts';
import type { Taxonomy } from '../../src/definitions/core/taxonomy.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import { dayFromIso } from '../../src/kernel/dates.ts';
import type { PlayFigures, Seen } from '../../src/playbook/core/data-gaps.ts';
import { experienceDiagram, experienceTable } from '../../src/playbook/core/diagram.ts';
import { AREAS, coverageOf, gapsOf } from '../../src/playbook/core/gaps.ts';
import { type Compared, compareAllWonRates, compareWonRates, type Deals } from '../../src/playbook/core/won-rates.ts';

let playbook: Playbook;
let icp: Icp;
let taxonomy: Taxonomy;

beforeAll(async () => {
  const shipped = await shippedDefinitions();
  playbook = shipped.playbook as Playbook;
  icp = shipped.icp as Icp;
  taxonomy = shipped.taxonomy as Taxonomy;
});

const NOTHING: Seen = { lossReasons: [], competitors: [], rejections: [], plays: [] };
const silent = (id: string): PlayFigures => ({ id, kind: 'account', holds: 0, deals: null, leftOut: [] });
const audit = (document: Playbook, seen: Partial<Seen> = {}, today = '2026-12-01') =>
  gapsOf(document, { icp, taxonomy, seen: { ...NOTHING, ...seen }, today: dayFromIso(today) });
const told = (document: Playbook, seen: Partial<Seen> = {}, today?: string) => audit(document, seen, today).map(({ what }) => what);

describe('the gaps of a playbook', () => {
  it('an empty one lacks every section first, and then whoever keeps it', () => {
    const gaps = audit({ kind: 'playbook' });
    expect(gaps.slice(0, 9).map(({ importance, section }) => [importance, section])).toEqual(SECTIONS.map((section) => [1, section]));
    expect(gaps.filter(({ importance }) => importance === 4)).toHaveLength(9);
    expect(coverageOf(gaps).every(({ complete }) => complete === 0)).toBe(true);
  });

  it('are told in the order of importance', () => {
    const gaps = audit(playbook, { lossReasons: [{ value: 'merger', n: 4 }], plays: [silent('champion_arrived')] }, '2027-06-01');
    expect(gaps.map(({ importance }) => importance)).toEqual([...gaps.map(({ importance }) => importance)].sort());
    expect(gaps[0]?.what).toBe('Deals were lost for «merger» (4), and no objection answers it.');
    expect(gaps.at(-1)?.what).toBe('The play champion_arrived holds for no record today.');
  });

  it('a code that leads were rejected with matters as much as a reason that deals were lost for', () => {
    const { objections, ...rest } = playbook;
    const without = { ...rest, objections: objections?.filter(({ codes }) => !codes?.includes('QUAL-01')) };
    const gapOf = (seen: Partial<Seen>) => audit(without, seen).find(({ what }) => what.includes('QUAL-01'));
    expect(gapOf({})).toMatchObject({ importance: 3, what: expect.stringContaining('No objection answers the rejection code QUAL-01') });
    expect(gapOf({ rejections: [{ value: 'QUAL-01', n: 7 }] })).toMatchObject({
      importance: 2,
      what: expect.stringMatching(/^Sales rejected leads for QUAL-01, .* \(7\), and no objection answers it\.$/),
    });
    expect(audit(playbook, { rejections: [{ value: 'QUAL-01', n: 7 }] }).filter(({ what }) => what.includes('QUAL-01'))).toEqual([]);
  });

  it('each appears when what it asks for is taken away, and goes when it is there', () => {
    const cases: [string, (p: Playbook) => Playbook, Partial<Seen>][] = [
      [
        'The offer has no discovery questions.',
        ({ offer, ...p }) => ({ ...p, offer: offer && { ...offer, discovery_questions: undefined } }),
        {},
      ],
      [
        'The offer does not answer “Why buy from you?”.',
        ({ offer, ...p }) => ({ ...p, offer: offer && { ...offer, why_buy: undefined } }),
        {},
      ],
      [
        'The offer does not answer “What value do they receive?”.',
        ({ offer, ...p }) => ({ ...p, offer: offer && { ...offer, value: undefined } }),
        {},
      ],
      ['The stage prove has no exit criteria.', (p) => ({ ...p, selling: p.selling?.map((one) => ({ ...one, exit: undefined })) }), {}],
      [
        'The competitor in_house has no message map.',
        (p) => ({ ...p, competitors: p.competitors?.map((one) => ({ ...one, message_map: undefined })) }),
        {},
      ],
      [
        'No stage of the buying process is of the purchase.',
        (p) => ({ ...p, buying_process: p.buying_process?.filter(({ id }) => id !== 'commit') }),
        {},
      ],
      ['No practice is told of that has not worked.', (p) => ({ ...p, practices: p.practices?.filter(({ works }) => works) }), {}],
      [
        'The play quiet_target does not say how one sees that it worked.',
        (p) => ({ ...p, plays: p.plays?.map((one) => ({ ...one, measure: undefined })) }),
        {},
      ],
      ['The segment core of the ICP has no customer analysis.', (p) => ({ ...p, customers: p.customers?.slice(1) }), {}],
      [
        'The required role champion has no persona.',
        (p) => ({ ...p, personas: p.personas?.filter(({ role }) => role !== 'champion') }),
        {},
      ],
      ['No stage of selling answers the buying stage commit.', (p) => ({ ...p, selling: p.selling?.slice(0, 2) }), {}],
      [
        'No objection answers the rejection code QUAL-01, no budget.',
        (p) => ({ ...p, objections: p.objections?.filter(({ id }) => id !== 'no_budget') }),
        {},
      ],
      [
        'Nobody keeps the section plays.',
        ({ upkeep, ...p }) => ({ ...p, upkeep: { objections: upkeep?.objections ?? { owner: 'sales', reviewed: '2026-11-02' } } }),
        {},
      ],
      [
        'The practice one_question has no evidence.',
        (p) => ({ ...p, practices: p.practices?.map((one) => ({ ...one, evidence: undefined, seen: undefined })) }),
        {},
      ],
    ];
    for (const [what, without, seen] of cases) {
      expect(told(playbook, seen)).not.toContain(what);
      expect(told(without(playbook), seen)).toContain(what);
    }
    const lost = { lossReasons: [{ value: 'qual_01', n: 3 }] };
    const unanswered: Playbook = { ...playbook, objections: playbook.objections?.filter(({ id }) => id !== 'no_budget') };
    expect(told(playbook, lost)).toEqual(told(playbook));
    // seen in deals, and so told once, before the codes that nobody has met yet
    expect(told(unanswered, lost).filter((what) => what.includes('QUAL-01'))).toEqual([
      'Deals were lost for QUAL-01, no budget (3), and no objection answers it.',
    ]);
    const rival = {
      competitors: [
        { value: 'In House', n: 2 },
        { value: 'Rival Ltd', n: 1 },
      ],
    };
    expect(told(playbook, rival).filter((what) => what.includes('as competitor'))).toEqual([
      'Deals were lost with «Rival Ltd» as competitor (1), and the playbook does not name it.',
    ]);
  });

  it('a section is stale after a quarter, not on its last day', () => {
    const stale = (today: string) => told(playbook, {}, today).filter((what) => what.includes('last gone through')).length;
    expect(stale('2027-02-02')).toBe(0);
    expect(stale('2027-02-03')).toBe(9);
  });

  it('the four areas cover every section once', () => {
    expect(Object.values(AREAS).flat().sort()).toEqual([...SECTIONS].sort());
  });
});

describe('a play held against the rest', () => {
  // the examples of Newcombe's table II: 56 of 70 against 48 of 80, 9 of 10 against 3 of 10, 6 of 7 against 2 of 7
  it.each([
    [56, 70, 48, 80, 20, 5.2, 33.4],
    [9, 10, 3, 10, 60, 17.1, 80.9],
    [6, 7, 2, 7, 57.1, 5.8, 80.6],
    [5, 56, 0, 29, 8.9, -3.8, 19.3],
    [0, 10, 0, 20, 0, -16.1, 27.8],
  ])('%i of %i against %i of %i', (won, decided, wonBeside, beside, points, low, high) => {
    const { difference } = compareWonRates({ won, decided }, { won: wonBeside, decided: beside });
    expect(difference).toEqual({ points, low, high });
  });

  it('is better, worse, no better, or there is too little data', () => {
    const verdict = (held: [number, number], rest: [number, number]) => {
      const of = ([won, decided]: [number, number]): Deals => ({ won, decided });
      return compareWonRates(of(held), of(rest)).verdict;
    };
    expect(verdict([60, 100], [30, 100])).toBe('better');
    expect(verdict([30, 100], [60, 100])).toBe('worse');
    expect(verdict([300, 1000], [900, 3000])).toBe('no_better');
    expect(verdict([30, 100], [30, 100])).toBe('too_little');
    expect(verdict([9, 9], [0, 1000])).toBe('too_little');
    expect(compareWonRates({ won: 0, decided: 0 }, { won: 1, decided: 2 })).toEqual({ verdict: 'too_little', difference: null });
  });

  it('is told of few of many plays that change nothing, though by itself each in twenty looks as if it did', () => {
    const chance = chanceFrom(5);
    const drawn = (decided: number): Deals => ({ decided, won: Array.from({ length: decided }, chance).filter((one) => one < 0.3).length });
    const worlds = Array.from({ length: 60 }, () => Array.from({ length: 30 }, () => ({ held: drawn(60), rest: drawn(200) })));
    const says = (verdicts: readonly Compared[]) => verdicts.some(({ verdict }) => verdict === 'better' || verdict === 'worse');
    const alone = worlds.filter((plays) => says(plays.map(({ held, rest }) => compareWonRates(held, rest))));
    const together = worlds.filter((plays) => says(compareAllWonRates(plays)));
    expect(alone.length).toBeGreaterThan(30);
    expect(together.length).toBeLessThan(7);
    // one that helps is still found among them
    const real = { held: { won: 45, decided: 60 }, rest: { won: 60, decided: 200 } };
    const found = worlds.filter((plays) => compareAllWonRates([...plays, real]).at(-1)?.verdict === 'better');
    expect(found.length).toBe(worlds.length);
    expect(compareAllWonRates([real])).toEqual([compareWonRates(real.held, real.rest)]);
  });

  it('is a gap where it is no better, and says the interval', () => {
    const held = { won: 30, decided: 100 };
    const rest = { won: 60, decided: 100 };
    const worse: PlayFigures = { ...silent('quiet_target'), holds: 3, deals: { held, rest, ...compareWonRates(held, rest) } };
    expect(told(playbook, { plays: [worse] })).toContain(
      'Deals of the play quiet_target were won less often than the rest: 30 of 100 (30 %) against 60 of 100 (60 %), −30 points (95 % interval −42.2 to −16.3).',
    );
    const better: PlayFigures = { ...worse, deals: { held: rest, rest: held, ...compareWonRates(rest, held) } };
    expect(told(playbook, { plays: [better] }).filter((what) => what.includes('quiet_target'))).toEqual([]);
  });
});

describe('the diagram of the engagement experience', () => {
  it('has every stage, and each of ours under the one that it answers', () => {
    expect(experienceDiagram(playbook)?.split('\n')).toEqual([
      'flowchart LR',
      '  subgraph buying["The customer"]',
      '    b_trigger["Something changed"]',
      '    b_evaluate["Compare options"]',
      '    b_commit["Decide and buy"]',
      '    b_trigger --> b_evaluate --> b_commit',
      '  end',
      '  subgraph ours["Our teams"]',
      '    s_qualify["Qualify"]',
      '    s_prove["Prove"]',
      '    s_close["Close"]',
      '    s_qualify --> s_prove --> s_close',
      '  end',
      '  b_trigger -.-> s_qualify',
      '  b_evaluate -.-> s_prove',
      '  b_commit -.-> s_close',
    ]);
  });

  it('has a table with the criteria, content and people of each stage', () => {
    const [head, line, ...rows] = experienceTable(playbook)?.split('\n') ?? [];
    expect(head?.split('|').length).toBe(line?.split('|').length);
    expect(rows).toHaveLength(3);
    expect(rows[2]).toBe(
      '| Close | Decide and buy | Legal or security takes part; Questions turn to dates | The economic buyer took part in a call | Contract signed; Owner for the first 90 days named | Mutual plan with dates; Reference call; Mutual plan; Reference of their industry | sales; finance |',
    );
    const bare = { id: 'x', label: 'a | b', buying_stage: 'y' };
    expect(experienceTable({ kind: 'playbook', selling: [bare] })).toContain('| a \\| b | y | – | – | – | – | – |');
  });

  it('keeps a label inside its quotation marks, and is not there without stages', () => {
    const stage = { id: 'x', label: 'a"]; click b_x "evil"', triggers: ['x'], behaviour: ['x'] };
    expect(experienceDiagram({ kind: 'playbook', buying_process: [stage] })).toContain('b_x["a click b_x evil"]');
    expect(experienceDiagram({ kind: 'playbook' })).toBeUndefined();
  });
});
