import { NICKNAMES } from './nickname-table.ts';

/** Each name → the rows of the table in which it stands, named by their first word, sorted. */
const GROUPS: ReadonlyMap<string, readonly string[]> = groupsOf(NICKNAMES);
const NONE: readonly string[] = [];

/**
 * The given names that a name (plain, as `nameToken` gives it) may stand for, sorted: `bill` → `['william']`, `alex` →
 * `['alexander', 'alexandra']`. Empty for a name without known short forms.
 */
export function nicknameGroup(token: string): readonly string[] {
  return GROUPS.get(token) ?? NONE;
}

/** True when two different names may be those of one person: they stand for a given name in common. */
export function areNicknames(a: string, b: string): boolean {
  const groups = nicknameGroup(a);
  return groups.length > 0 && a !== b && nicknameGroup(b).some((group) => groups.includes(group));
}

function groupsOf(table: string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, Set<string>>();
  for (const row of table.trim().split(/;\s*/)) {
    const names = row.split(' ');
    for (const name of names) {
      const group = groups.get(name) ?? new Set<string>();
      groups.set(name, group.add(names[0] ?? name));
    }
  }
  return new Map([...groups].map(([name, group]) => [name, [...group].sort()]));
}
