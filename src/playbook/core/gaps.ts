import type { Icp } from '../../definitions/core/icp.ts';
import { type Playbook, SECTIONS, type Section } from '../../definitions/core/playbook.ts';
import type { Taxonomy } from '../../definitions/core/taxonomy.ts';
import { answerGaps, playGaps, type Seen } from './data-gaps.ts';
import { mappingGaps, missingSections, offerGaps, practiceGaps, sellingGaps, upkeepGaps } from './section-gaps.ts';

export interface Gap {
  /** 1 is what matters most. */
  importance: 1 | 2 | 3 | 4 | 5;
  section: Section;
  what: string;
  /** What to do about it. */
  next: string;
}

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
    ...answerGaps(playbook, taxonomy, seen),
    ...sellingGaps(playbook),
    ...mappingGaps(playbook, icp),
    ...upkeepGaps(playbook, today),
    ...playGaps(playbook, seen),
    ...practiceGaps(playbook),
  ];
  const place = (gap: Gap) => gap.importance * SECTIONS.length + SECTIONS.indexOf(gap.section);
  return found
    .map((gap, i) => [gap, i] as const)
    .sort(([a, i], [b, j]) => place(a) - place(b) || i - j)
    .map(([gap]) => gap);
}

export interface Coverage {
  area: string;
  complete: number;
  sections: number;
  /** Sections with a gap of the first three kinds. */
  open: Section[];
}

/** For each area, its sections without a gap of the first three kinds, of all that it has. */
export function coverageOf(gaps: readonly Gap[]): Coverage[] {
  const weighty = new Set(gaps.filter(({ importance }) => importance <= 3).map(({ section }) => section));
  return Object.entries(AREAS).map(([area, sections]) => {
    const open = sections.filter((section) => weighty.has(section));
    return { area, complete: sections.length - open.length, sections: sections.length, open };
  });
}
