import { beforeAll, describe, expect, it } from 'vitest';
import { checkReferences } from '../../src/definitions/core/check-references.ts';
import { type DefinitionKind, parseDefinition, readStored } from '../../src/definitions/core/definition.ts';
import { asProblems } from '../../src/definitions/core/problems.ts';
import { shippedDefinitions, shippedWorld } from '../../src/definitions/shipped.ts';
import { edited, yaml } from '../support/edit-document.ts';

let shipped: Record<DefinitionKind, unknown>;
let world: Awaited<ReturnType<typeof shippedWorld>>;

beforeAll(async () => {
  shipped = await shippedDefinitions();
  world = await shippedWorld();
});

const TEST = { field: 'account.industry', eq: 'software' };

function problemsOf(document: unknown) {
  const parsed = parseDefinition(document);
  const references = parsed.kind === undefined ? [] : checkReferences(parsed.kind, parsed.ok ? parsed.document : parsed.rest, world);
  return asProblems([...(parsed.ok ? [] : parsed.problems), ...references], document);
}

/** One more than a predicate takes. */
const MANY_TESTS = { all: [...Array.from({ length: 10 }, () => ({ any: Array(50).fill(TEST) })), TEST] };

const MANY_PLAYS = Array.from({ length: 167 }, (_, i) => ({
  id: `p${i}`,
  label: 'x',
  purpose: 'x',
  owner: 'sales',
  steps: [{ do: 'x' }],
  when: { all: Array(30).fill(TEST) },
}));

/** kind, path that is edited, its new value, path of the problem, what the message says */
type Row = [DefinitionKind, string, unknown, string, RegExp];

/** What the tables of test/unit/definitions, which edit a small document of each kind, do not have. */
const SHAPE: Row[] = [
  ['rubric', 'max', 69, 'tiers.A', /no score reaches it: the rubric's max is 69$/],
  ['rubric', 'heat.warm', { people: 3, momentum_percent: 150 }, 'heat.hot.people', /less than warm does, which is 3$/],
  ['rubric', 'heat.warm.momentum_percent', 151, 'heat.hot.momentum_percent', /less than warm does, which is 151$/],
  ['rubric', 'criteria.0.when', { not: MANY_TESTS }, 'criteria[0].when', /has 501 tests, and a predicate takes at most 500/],
  ['rubric', 'disqualify.0.when', { not: MANY_TESTS }, 'disqualify[0].when', /has 501 tests/],
  ['rubric', 'criteria.0.group', 'constructor', 'criteria[0].group', /no such group/],
  ['rubric', 'criteria.0.when', { field: 'account.industry', eq: 'software', exists: true }, 'criteria[0].when', /found eq, exists/],
  ['rubric', 'criteria.0.when', { field: 'industry', eq: 'software' }, 'criteria[0].when.field', /entity\.key/],
  ['rubric', 'criteria.0.when', { field: 'account.employees', range: {} }, 'criteria[0].when.range', /min, max or both/],
  ['rubric', 'criteria.0.when', { all: [] }, 'criteria[0].when.all', /at least 1 item/],
  ['rubric', 'criteria.0.when', { not: { all: [{ feild: 'account.x' }] } }, 'criteria[0].when.not.all[0].feild', /did you mean field\?/],
  ['rubric', 'disqualify.0.when.any.0.in_list', 'constructor', 'disqualify[0].when.any[0].in_list', /no list named constructor/],
  ['rubric', 'description', 'a\u0000b', 'description', /control characters/],
  ['rubric', 'description', 'a\ud800b', 'description', /broken Unicode/],
  ['taxonomy', 'fields.3.values.banking.0', 'Software', 'fields[3].values.banking[0]', /"Software" already means software/],
  ['playbook', 'selling.0.buying_stage', 'closing', 'selling[0].buying_stage', /no such stage.*trigger, evaluate, commit/],
  ['playbook', 'plays.0.score', { min: 60, max: 50 }, 'plays[0].score', /min is above max$/],
  ['playbook', 'plays.0.score', {}, 'plays[0].score', /give min, max or both/],
  ['playbook', 'plays', MANY_PLAYS, 'plays', /the plays have 5,010 tests together; a playbook takes 5,000$/],
  ['playbook', 'plays.0.steps', [], 'plays[0].steps', /at least 1/],
  ['playbook', 'personas.1.role', 'economic_buyer', 'personas[1].role', /used twice/],
];

const REFERENCES: Row[] = [
  [
    'rubric',
    'criteria.0.when',
    { field: 'account.industri', eq: 'software' },
    'criteria[0].when.field',
    /did you mean account\.industry\?/,
  ],
  ['rubric', 'criteria.0.when', { field: 'opportunity.stage', eq: 'won' }, 'criteria[0].when.field', /only fields of account and person/],
  ['rubric', 'criteria.0.when', { field: 'account.industry', eq: 'Software' }, 'criteria[0].when.eq', /write it as software/],
  ['rubric', 'criteria.0.when', { field: 'account.industry', in: ['saas'] }, 'criteria[0].when.in[0]', /write it as software/],
  ['rubric', 'criteria.0.when', { field: 'account.industry', eq: 7 }, 'criteria[0].when.eq', /a keyword field: write text/],
  [
    'rubric',
    'criteria.0.when',
    { field: 'account.industry', range: { min: 3 } },
    'criteria[0].when.range',
    /takes eq, in, in_list, exists/,
  ],
  ['rubric', 'criteria.0.when', { field: 'account.employees', eq: '50' }, 'criteria[0].when.eq', /write a number without quotes/],
  ['rubric', 'criteria.0.when', { field: 'account.employees', eq: 5.5 }, 'criteria[0].when.eq', /never occurs/],
  ['rubric', 'criteria.0.when', { field: 'account.employees', has: ['x'] }, 'criteria[0].when.has', /takes eq, in, range, exists/],
  ['rubric', 'criteria.0.when', { field: 'account.technologies', eq: 'aws' }, 'criteria[0].when.eq', /takes has, exists/],
  ['rubric', 'criteria.0.when', { field: 'account.technologies', has: ['K8s'] }, 'criteria[0].when.has[0]', /write it as k8s/],
  ['rubric', 'criteria.0.when', { field: 'account.technologies', has: ['k8s'] }, 'criteria[0].when.has[0]', /write it as kubernetes/],
  ['rubric', 'criteria.0.when', { field: 'account.country', eq: 'Germany' }, 'criteria[0].when.eq', /two letters/],
  ['rubric', 'criteria.0.when', { field: 'account.country', eq: 'DE' }, 'criteria[0].when.eq', /write it as de/],
  ['rubric', 'criteria.0.when', { field: 'account.target_account', eq: 'yes' }, 'criteria[0].when.eq', /true or false/],
  ['rubric', 'criteria.0.when', { field: 'account.founded_year', range: { min: '2020-01-01' } }, 'criteria[0].when.range.min', /number/],
  ['rubric', 'criteria.0.when', { field: 'account.renewal_date', range: { min: 20 } }, 'criteria[0].when.range.min', /in quotes/],
  ['rubric', 'criteria.0.when', { field: 'account.renewal_date', eq: 'soon' }, 'criteria[0].when.eq', /YYYY-MM-DD/],
  ['rubric', 'criteria.0.when', { field: 'account.domain', eq: 'Acme.com' }, 'criteria[0].when.eq', /write it as acme\.com/],
  ['rubric', 'lists.competitors.1', 'Rival.example', 'lists.competitors[1]', /write it as rival\.example.*compared with account\.domain/],
  [
    'rubric',
    'criteria.0.when',
    { count: { types: ['hiring'], window_days: 9 }, range: { min: 1 } },
    'criteria[0].when.count.types[0]',
    /signal: \{/,
  ],
  ['rubric', 'criteria.0.when', { signal: { type: 'meeting', within_days: 9 } }, 'criteria[0].when.signal.type', /is an engagement type/],
  ['rubric', 'criteria.2.bands.field', 'account.industry', 'criteria[2].bands.field', /bands need an integer or number field/],
  ['rubric', 'criteria.11.events.types.0', 'demo_requests', 'criteria[11].events.types[0]', /did you mean demo_request\?/],
  ['rubric', 'criteria.18.signal.type', 'demo_request', 'criteria[18].signal.type', /is an engagement type/],
  ['rubric', 'criteria.8.for', 'account', 'criteria[8].for', /always be unknown/],
  ['rubric', 'disqualify.0.reason', 'REL-09', 'disqualify[0].reason', /no rejection code REL-09.*did you mean REL-01/],
  ['rubric', 'heat.act_now.0.type', 'meeting', 'heat.act_now[0].type', /is an engagement type/],
  ['rubric', 'heat.types', ['hiring'], 'heat.types[0]', /is a signal type/],
  ['taxonomy', 'mql', { field: 'person.mail', exists: true }, 'mql.field', /did you mean person\.email\?/],
  ['taxonomy', 'mql', { field: 'person.email', in_list: 'x' }, 'mql.in_list', /in_list is for rubrics/],
  ['taxonomy', 'rejection_codes.11.before', 'account.name', 'rejection_codes[11].before', /a date field is needed/],
  ['icp', 'segments.0.when', { field: 'person.title', exists: true }, 'segments[0].when.field', /only fields of account/],
  ['icp', 'exclude.0.reason', 'FIT-99', 'exclude[0].reason', /no rejection code FIT-99/],
  ['sla', 'clocks.0.exceptions.0.when', { field: 'account.vip', eq: true }, 'clocks[0].exceptions[0].when.field', /declares no field/],
  ['sla', 'follow_up.attempts.0.type', 'hiring', 'follow_up.attempts[0].type', /is a signal type/],
  ['attribution', 'channels.0.types.0', 'banner', 'channels[0].types[0]', /no engagement type "banner"/],
  ['playbook', 'customers.0.segment', 'cores', 'customers[0].segment', /did you mean core\?/],
  ['playbook', 'objections.0.codes.0', 'FIT-77', 'objections[0].codes[0]', /no rejection code/],
  ['playbook', 'plays.0.when', { signal: { type: 'gossip', within_days: 3 } }, 'plays[0].when.signal.type', /no signal type "gossip"/],
];

describe.each([
  ['shape', SHAPE],
  ['references', REFERENCES],
] as const)('a problem of %s', (_, rows) => {
  it.each(rows)('%s: %s = %j is told at %s', (kind, path, value, where, message) => {
    const problems = problemsOf(edited(shipped[kind], path, value));
    expect(problems.map((p) => p.path)).toContain(where);
    expect(problems.find((p) => p.path === where)?.reason).toMatch(message);
  });

  it('is told once, and a good document has none', () => {
    for (const [kind, path, value] of rows) {
      const told = problemsOf(edited(shipped[kind], path, value)).map((p) => `${p.path} ${p.reason}`);
      expect(new Set(told).size).toBe(told.length);
    }
    for (const document of Object.values(shipped)) expect(problemsOf(document)).toEqual([]);
  });
});

describe('what is no definition', () => {
  it.each([
    ['nothing', null],
    ['a text', 'kind: rubric'],
    ['a list', [{ kind: 'rubric' }]],
    ['no kind', { name: 'x' }],
    ['a kind that is no text', { kind: 7 }],
  ])('%s', (_, document) => {
    expect(problemsOf(document)).toMatchObject([{ path: '(document)' }]);
  });

  it('an unknown kind lists the seven', () => {
    expect(problemsOf({ kind: 'rubrik' })).toEqual([
      { path: 'kind', value: 'rubrik', reason: expect.stringMatching(/icp, taxonomy, rubric, sla, attribution, cadence, playbook/) },
    ]);
  });

  it('a document that never ends', () => {
    const loop: Record<string, unknown> = { kind: 'icp' };
    loop.segments = [loop, loop];
    expect(problemsOf(loop).length).toBeGreaterThan(0);
  });
});

it('all problems of a document are told at once', () => {
  const document = yaml(`
kind: rubric
tiers: { A: high, B: 45 }
groups: { fit: { cap: 1.5 } }
criteria:
  - { id: size, group: fitt, bands: { field: account.industry, steps: [[1, x]] } }
  - { id: size, group: fit, signal: { type: demo_request, within_days: 30 }, points: ten }
  - { id: a, group: fit, when: { field: account.employees, eq: "50" } }
heat: { hot: { point: 3 }, warm: {}, act_now: [{ type: hirin, within_days: 3 }] }
`);
  expect(problemsOf(document).map((p) => p.path)).toEqual(
    expect.arrayContaining([
      'tiers.A',
      'groups.fit.cap',
      'criteria[0].group',
      'criteria[0].bands.field',
      'criteria[0].bands.steps[0][1]',
      'criteria[1].id',
      'criteria[1].signal.type',
      'criteria[1].points',
      'criteria[2]',
      'criteria[2].when.eq',
      'heat.hot.point',
      'heat.act_now[0].type',
    ]),
  );
});

describe('a stored rubric', () => {
  it('that contradicts itself, from before that was refused, is read all the same', () => {
    const rubric = edited(edited(shipped.rubric, 'tiers.A', 101), 'heat.hot.points', 7);
    expect(readStored('rubric', JSON.stringify(rubric))).toEqual(rubric);
  });
});
