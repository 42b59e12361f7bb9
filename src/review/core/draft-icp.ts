import type { Icp } from '../../definitions/core/icp.ts';
import type { Change } from '../../definitions/core/patch.ts';
import type { PredicateDocument } from '../../definitions/core/predicate.ts';
import type { DraftLine } from './draft-lines.ts';

/** What a line of evidence changes in the profile, and why. */
interface IcpEdit {
  change: Change;
  why: string;
}

interface Finding {
  field: string;
  value: string;
  wins: boolean;
  why: string;
}

/**
 * The findings about companies as edits of the ICP. A value that wins more and that no segment names joins the last segment that lists
 * values of its field, the least one; one that wins less leaves the segments that name it, unless it is all that they name. A value that
 * the draft rubric rewards is wanted, where the ICP says which are. A field with a finding belongs to the firmographics.
 */
export function icpEdits(lines: readonly DraftLine[], icp: Icp): IcpEdit[] {
  const findings = lines.flatMap(findingOf);
  const segments = new Map(icp.segments.map(({ id, when }) => [id, when]));
  const reasons = new Map<string, string[]>();
  const edit = (id: string, when: PredicateDocument, why: string) => {
    segments.set(id, when);
    reasons.set(id, [...(reasons.get(id) ?? []), why]);
  };
  for (const { field, value, wins, why } of findings) {
    const lists = [...segments].filter(([, when]) => valuesOf(when, field) !== undefined);
    const naming = lists.filter(([, when]) => valuesOf(when, field)?.includes(value));
    if (wins && naming.length === 0) {
      const [id, when] = lists.at(-1) ?? [];
      if (id !== undefined && when !== undefined)
        edit(
          id,
          withValues(when, field, (values) => [...values, value]),
          why,
        );
    } else if (!wins) {
      for (const [id, when] of naming)
        if ((valuesOf(when, field)?.length ?? 0) > 1)
          edit(
            id,
            withValues(when, field, (values) => values.filter((one) => one !== value)),
            why,
          );
    }
  }
  const changed = [...reasons].map(
    ([id, why]): IcpEdit => ({ change: { path: `segments.${id}.when`, value: segments.get(id) }, why: why.join('; ') }),
  );
  return [...changed, ...wantedValues(findings, icp), ...newFirmographics(lines, icp)];
}

function findingOf({ proposal, when, after, before }: DraftLine): Finding[] {
  const { field, eq, has } = when;
  const value = typeof eq === 'string' ? eq : has?.length === 1 ? has[0] : undefined;
  if (field === undefined || !field.startsWith('account.') || value === undefined) return [];
  return [{ field, value, wins: after > before, why: proposal.text }];
}

/** The values that a segment asks of a field by `in` or `has`, itself or as one of all its conditions. */
function valuesOf(when: PredicateDocument, field: string): readonly unknown[] | undefined {
  const asks = [when, ...(when.all ?? [])].find((one) => one.field === field && (one.in ?? one.has) !== undefined);
  return asks?.in ?? asks?.has;
}

function withValues(when: PredicateDocument, field: string, change: (values: string[]) => string[]): PredicateDocument {
  if (when.all !== undefined) {
    const at = when.all.findIndex((one) => one.field === field && (one.in ?? one.has) !== undefined);
    return { ...when, all: when.all.map((one, i) => (i === at ? withValues(one, field, change) : one)) };
  }
  const texts = (values: readonly unknown[]) => change(values.map(String));
  if (when.in !== undefined) return { ...when, in: texts(when.in) };
  return { ...when, has: texts(when.has ?? []) };
}

function wantedValues(findings: readonly Finding[], { firmographics = [] }: Icp): IcpEdit[] {
  return firmographics.flatMap(({ field, values }) => {
    if (values === undefined) return [];
    const missing = findings.filter((one) => one.field === field && one.wins && !values.includes(one.value));
    if (missing.length === 0) return [];
    return [
      {
        change: { path: `firmographics.${field}.values`, value: [...values, ...missing.map(({ value }) => value)] },
        why: missing.map(({ why }) => why).join('; '),
      },
    ];
  });
}

function newFirmographics(lines: readonly DraftLine[], { firmographics = [] }: Icp): IcpEdit[] {
  const fields = lines.flatMap(({ when }) => fieldIn(when) ?? []).filter((field) => field.startsWith('account.'));
  return [...new Set(fields)]
    .filter((field) => !firmographics.some((one) => one.field === field))
    .map((field) => ({
      change: { path: `firmographics.${field}`, value: { field, required: false, why: 'Closed deals differ by it.' } },
      why: 'the draft rubric reads it, and the profile does not name it',
    }));
}

function fieldIn(when: PredicateDocument): string | undefined {
  return when.field ?? (when.not !== undefined ? fieldIn(when.not) : when.all?.[0] !== undefined ? fieldIn(when.all[0]) : undefined);
}
