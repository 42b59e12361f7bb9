import type { Icp } from '../../definitions/core/icp.ts';
import { type Playbook, SECTIONS, type Section } from '../../definitions/core/playbook.ts';
import type { Taxonomy } from '../../definitions/core/taxonomy.ts';
import { dayFromIso } from '../../kernel/dates.ts';

/** What data says that a playbook should have an answer to. */
export interface Seen {
  /** Of lost opportunities, most first. */
  lossReasons: readonly { value: string; n: number }[];
  competitors: readonly { value: string; n: number }[];
  /** Plays that hold for no record today. */
  silentPlays: readonly string[];
}

export interface Gap {
  /** 1 is what matters most. */
  importance: 1 | 2 | 3 | 4 | 5;
  section: Section;
  what: string;
  /** What to do about it. */
  next: string;
}

/** A quarter: what nobody went through for longer is stale. */
const QUARTER_DAYS = 92;
/** A code with such a fate is no objection that a conversation could answer. */
const UNANSWERABLE = new Set(['suppress', 'reroute', 'merge', 'enrich']);

/** The four areas that a playbook covers, and the sections of each. */
export const AREAS: Readonly<Record<string, readonly Section[]>> = {
  segmentation: ['customers', 'personas'],
  go_to_market: ['buying_process', 'offer', 'competitors'],
  sales_enablement: ['objections', 'practices', 'plays'],
  opportunity_management: ['selling'],
};

/** What is missing or stale in a playbook, most important first, then in the order of its sections. */
export function gapsOf(
  playbook: Playbook,
  { icp, taxonomy, seen, today }: { icp: Icp; taxonomy: Taxonomy; seen: Seen; today: number },
): Gap[] {
  const found = [
    ...missingSections(playbook),
    ...offerGaps(playbook),
    ...mappingGaps(playbook, icp),
    ...answerGaps(playbook, taxonomy, seen),
    ...upkeepGaps(playbook, today),
  ];
  for (const id of seen.silentPlays)
    found.push({
      importance: 5,
      section: 'plays',
      what: `The play ${id} holds for no record today.`,
      next: 'Loosen its conditions, or take it out.',
    });
  for (const { id, evidence } of playbook.practices ?? [])
    if (evidence === undefined)
      found.push({
        importance: 5,
        section: 'practices',
        what: `The practice ${id} has no evidence.`,
        next: 'Say what showed that it works, or does not.',
      });
  const place = (gap: Gap) => gap.importance * SECTIONS.length + SECTIONS.indexOf(gap.section);
  return found
    .map((gap, i) => [gap, i] as const)
    .sort(([a, i], [b, j]) => place(a) - place(b) || i - j)
    .map(([gap]) => gap);
}

/** For each area, its sections without a gap of the first three kinds, of all that it has. */
export function coverageOf(gaps: readonly Gap[]): { area: string; complete: number; sections: number }[] {
  const open = new Set(gaps.filter(({ importance }) => importance <= 3).map(({ section }) => section));
  return Object.entries(AREAS).map(([area, sections]) => ({
    area,
    complete: sections.filter((section) => !open.has(section)).length,
    sections: sections.length,
  }));
}

function missingSections(playbook: Playbook): Gap[] {
  return SECTIONS.filter((section) => isEmpty(playbook[section])).map((section) => ({
    importance: 1,
    section,
    what: `The section ${section} is not there.`,
    next: 'Propose one with propose_definition, from the default playbook if nothing else is at hand.',
  }));
}

const isEmpty = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);

function offerGaps({ offer }: Playbook): Gap[] {
  if (offer === undefined) return [];
  const lacks = [
    ...(offer.discovery_questions === undefined ? ['discovery questions'] : []),
    ...(offer.use_cases === undefined ? ['use cases'] : []),
  ];
  if (lacks.length === 0) return [];
  return [
    {
      importance: 1,
      section: 'offer',
      what: `The offer has no ${lacks.join(' and no ')}.`,
      next: 'Write what to ask, and what others use it for.',
    },
  ];
}

function mappingGaps(playbook: Playbook, icp: Icp): Gap[] {
  const { customers, personas, buying_process: buying, selling } = playbook;
  const gap = (section: Section, what: string, next: string): Gap => ({ importance: 3, section, what, next });
  return [
    ...(customers === undefined ? [] : icp.segments)
      .filter(({ id }) => !customers?.some(({ segment }) => segment === id))
      .map(({ id }) =>
        gap('customers', `The segment ${id} of the ICP has no customer analysis.`, 'Write its pains and preferences, with sources.'),
      ),
    ...(personas === undefined ? [] : icp.buying_group)
      .filter(({ role, required }) => required && !personas?.some((one) => one.role === role))
      .map(({ role }) => gap('personas', `The required role ${role} has no persona.`, 'Write what such a person cares about and asks.')),
    ...(selling === undefined ? [] : (buying ?? []))
      .filter(({ id }) => !selling?.some(({ buying_stage }) => buying_stage === id))
      .map(({ id }) => gap('selling', `No stage of selling answers the buying stage ${id}.`, 'Add one with entry and exit criteria.')),
    ...(customers ?? [])
      .filter(({ sources }) => sources === undefined)
      .map(({ segment }) => gap('customers', `The analysis of ${segment} names no sources.`, 'Name the interviews or data behind it.')),
  ];
}

function answerGaps(playbook: Playbook, taxonomy: Taxonomy, { lossReasons, competitors }: Seen): Gap[] {
  const objections = playbook.objections ?? [];
  const codes = new Set(objections.flatMap((one) => one.codes ?? []));
  const reasons = new Set(objections.flatMap((one) => [one.id, ...(one.loss_reasons ?? [])]));
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const rivals = new Set((playbook.competitors ?? []).flatMap(({ id, label }) => [plain(id), plain(label)]));
  return [
    ...lossReasons
      .filter(({ value }) => !reasons.has(value))
      .map(
        ({ value, n }): Gap => ({
          importance: 2,
          section: 'objections',
          what: `Deals were lost for ${value} (${n}), and no objection answers it.`,
          next: 'Write the answer, with the reason under loss_reasons.',
        }),
      ),
    ...competitors
      .filter(({ value }) => !rivals.has(plain(value)))
      .map(
        ({ value, n }): Gap => ({
          importance: 2,
          section: 'competitors',
          what: `Deals were lost with ${value} as competitor (${n}), and the playbook does not name it.`,
          next: 'Write how it sells, and the counter-moves.',
        }),
      ),
    ...taxonomy.rejection_codes
      .filter(({ code, action }) => !UNANSWERABLE.has(action) && !codes.has(code))
      .map(
        ({ code, reason }): Gap => ({
          importance: 3,
          section: 'objections',
          what: `No objection answers the rejection code ${code}, ${reason}.`,
          next: 'Write the answer, with the code under codes.',
        }),
      ),
  ];
}

function upkeepGaps({ upkeep = {} }: Playbook, today: number): Gap[] {
  return SECTIONS.flatMap((section): Gap[] => {
    const kept = upkeep[section];
    if (kept === undefined)
      return [
        {
          importance: 4,
          section,
          what: `Nobody keeps the section ${section}.`,
          next: 'Name its owner and the day of the last review under upkeep.',
        },
      ];
    const age = today - dayFromIso(kept.reviewed);
    if (age <= QUARTER_DAYS) return [];
    return [
      {
        importance: 4,
        section,
        what: `${section} was last gone through ${age} days ago, on ${kept.reviewed}.`,
        next: `Ask ${kept.owner} to go through it.`,
      },
    ];
  });
}
