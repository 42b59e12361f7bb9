interface Rule {
  allow: boolean;
  path: string;
}

/**
 * True when a robots.txt lets an agent read a path (RFC 9309): the groups that name it, else those of `*`; the longest rule
 * that fits, and of two as long the one that allows.
 */
export function mayFetch(robots: string, agent: string, path: string): boolean {
  const groups = groupsOf(robots);
  const named = groups.filter(({ agents }) => agents.some((name) => name !== '*' && agent.toLowerCase().startsWith(name)));
  const rules = (named.length > 0 ? named : groups.filter(({ agents }) => agents.includes('*'))).flatMap((group) => group.rules);
  let best: Rule | undefined;
  for (const rule of rules) {
    if (!fits(rule.path, path)) continue;
    if (best === undefined || rule.path.length > best.path.length || (rule.path.length === best.path.length && rule.allow)) best = rule;
  }
  return best?.allow ?? true;
}

function groupsOf(robots: string): { agents: string[]; rules: Rule[] }[] {
  const groups: { agents: string[]; rules: Rule[] }[] = [];
  let open = false;
  for (const line of robots.split(/\r\n|\r|\n/).slice(0, 10_000)) {
    const [, key = '', value = ''] = /^\s*([A-Za-z-]+)\s*:\s*([^#]*)/.exec(line.slice(0, 2_000)) ?? [];
    const last = groups.at(-1);
    switch (key.toLowerCase()) {
      case 'user-agent':
        if (open && last !== undefined) last.agents.push(value.trim().toLowerCase());
        else groups.push({ agents: [value.trim().toLowerCase()], rules: [] });
        open = true;
        break;
      case 'allow':
      case 'disallow':
        open = false;
        if (value.trim() !== '') last?.rules.push({ allow: key.toLowerCase() === 'allow', path: value.trim() });
    }
  }
  return groups;
}

/** `*` stands for any characters and `$` at the end for the end; the parts between are looked for in turn. */
function fits(pattern: string, path: string): boolean {
  const toEnd = pattern.endsWith('$');
  const [first = '', ...parts] = (toEnd ? pattern.slice(0, -1) : pattern).split('*');
  if (!path.startsWith(first)) return false;
  let at = first.length;
  for (const [i, part] of parts.entries()) {
    if (toEnd && i === parts.length - 1) return path.length - part.length >= at && path.endsWith(part);
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return !toEnd || at === path.length;
}
