import type { Icp } from '../../definitions/core/icp.ts';
import { BUYING_PHASES, type Playbook, SECTIONS, type Section } from '../../definitions/core/playbook.ts';
import { orList } from '../../definitions/core/words.ts';
import { dayFromIso } from '../../kernel/dates.ts';
import type { Gap } from './gaps.ts';

/** A quarter: what nobody went through for longer is stale. */
const QUARTER_DAYS = 92;

const gap = (importance: Gap['importance'], section: Section, what: string, next: string): Gap => ({ importance, section, what, next });

export function missingSections(playbook: Playbook): Gap[] {
  const isEmpty = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);
  return SECTIONS.filter((section) => isEmpty(playbook[section])).map((section) =>
    gap(
      1,
      section,
      `The section ${section} is not there.`,
      'Propose one with propose_definition, from the default playbook if nothing else is at hand.',
    ),
  );
}

/** The two questions that an offer answers, and what is needed to sell by it. */
export function offerGaps({ offer }: Playbook): Gap[] {
  if (offer === undefined) return [];
  const { why_buy, value, discovery_questions, use_cases } = offer;
  const lacks = [...(discovery_questions === undefined ? ['discovery questions'] : []), ...(use_cases === undefined ? ['use cases'] : [])];
  return [
    ...(why_buy === undefined
      ? [gap(1, 'offer', 'The offer does not answer “Why buy from you?”.', 'Write it under why_buy, in the words of a customer.')]
      : []),
    ...(value === undefined
      ? [gap(1, 'offer', 'The offer does not answer “What value do they receive?”.', 'Write it under value, with what changes for them.')]
      : []),
    ...(lacks.length === 0
      ? []
      : [gap(1, 'offer', `The offer has no ${lacks.join(' and no ')}.`, 'Write what to ask, and what others use it for.')]),
  ];
}

/** Stages of the sales process that do not say when one enters or leaves them, or who does what with which content. */
export function sellingGaps({ selling = [] }: Playbook): Gap[] {
  return selling.flatMap(({ id, entry, exit, content, players }) => {
    const lacks = [...(content === undefined ? ['content'] : []), ...(players === undefined ? ['people'] : [])];
    return [
      ...(exit === undefined
        ? [gap(3, 'selling', `The stage ${id} has no exit criteria.`, 'Write under exit what the customer has done when it is over.')]
        : []),
      ...(entry === undefined
        ? [gap(3, 'selling', `The stage ${id} has no entry criteria.`, 'Write under entry what is known before it begins.')]
        : []),
      ...(lacks.length === 0
        ? []
        : [
            gap(
              5,
              'selling',
              `The stage ${id} names no ${orList(lacks)}.`,
              'Write what is shown under content, and who takes part under players.',
            ),
          ]),
    ];
  });
}

/** What the sections say of each other and of the ICP, where one end is missing. */
export function mappingGaps(playbook: Playbook, icp: Icp): Gap[] {
  const { customers, personas, buying_process: buying, selling, competitors } = playbook;
  const phases = new Set((buying ?? []).map(({ phase }) => phase));
  phases.delete(undefined);
  return [
    ...(customers === undefined ? [] : icp.segments)
      .filter(({ id }) => !customers?.some(({ segment }) => segment === id))
      .map(({ id }) =>
        gap(3, 'customers', `The segment ${id} of the ICP has no customer analysis.`, 'Write its pains and preferences, with sources.'),
      ),
    ...(customers ?? [])
      .filter(({ sources }) => sources === undefined)
      .map(({ segment }) => gap(3, 'customers', `The analysis of ${segment} names no sources.`, 'Name the interviews or data behind it.')),
    ...(phases.size === 0 ? [] : BUYING_PHASES)
      .filter((phase) => !phases.has(phase))
      .map((phase) =>
        gap(3, 'buying_process', `No stage of the buying process is of the ${phase}.`, 'Write what triggers it, and how it shows.'),
      ),
    ...(selling === undefined ? [] : (buying ?? []))
      .filter(({ id }) => !selling?.some(({ buying_stage }) => buying_stage === id))
      .map(({ id }) => gap(3, 'selling', `No stage of selling answers the buying stage ${id}.`, 'Add one with entry and exit criteria.')),
    ...(competitors ?? [])
      .filter(({ message_map }) => message_map === undefined)
      .map(({ id }) =>
        gap(3, 'competitors', `The competitor ${id} has no message map.`, 'Write what it says, what we say to that, and the proof.'),
      ),
    ...(personas === undefined ? [] : icp.buying_group)
      .filter(({ role, required }) => required && !personas?.some((one) => one.role === role))
      .map(({ role }) => gap(3, 'personas', `The required role ${role} has no persona.`, 'Write what such a person cares about and asks.')),
  ];
}

/** Practices that nothing stands behind, and what has not worked. */
export function practiceGaps({ practices = [] }: Playbook): Gap[] {
  return [
    ...(practices.length > 0 && practices.every(({ works }) => works)
      ? [gap(5, 'practices', 'No practice is told of that has not worked.', 'Write one with works: false, and the lesson.')]
      : []),
    ...practices
      .filter(({ evidence, seen }) => evidence === undefined && seen === undefined)
      .map(({ id }) => gap(5, 'practices', `The practice ${id} has no evidence.`, 'Say what showed that it works, or does not, or when.')),
    ...practices
      .filter(({ works, lesson }) => !works && lesson === undefined)
      .map(({ id }) =>
        gap(5, 'practices', `The practice ${id} has not worked, and says no lesson.`, 'Write under lesson what to do instead.'),
      ),
  ];
}

export function upkeepGaps({ upkeep = {} }: Playbook, today: number): Gap[] {
  return SECTIONS.flatMap((section): Gap[] => {
    const kept = upkeep[section];
    if (kept === undefined)
      return [gap(4, section, `Nobody keeps the section ${section}.`, 'Name its owner and the day of the last review under upkeep.')];
    const age = today - dayFromIso(kept.reviewed);
    if (age <= QUARTER_DAYS) return [];
    return [
      gap(4, section, `${section} was last gone through ${age} days ago, on ${kept.reviewed}.`, `Ask ${kept.owner} to go through it.`),
    ];
  });
}
