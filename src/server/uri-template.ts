/** `samepage://definitions/{kind}`: each variable is one path segment. */
const VARIABLE = /\{([a-z_]+)\}/g;

export function isTemplate(template: string): boolean {
  return template.includes('{');
}

/** The variables of a template in a URI, decoded; undefined when the URI is not of the template. */
export function matchUri(template: string, uri: string): Record<string, string> | undefined {
  const names = [...template.matchAll(VARIABLE)].map((match) => match[1] ?? '');
  const literals = template.split(/\{[a-z_]+\}/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const match = new RegExp(`^${literals.join('([^/?#]+)')}$`).exec(uri);
  if (match === null) return undefined;
  try {
    return Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1] ?? '')]));
  } catch {
    return undefined;
  }
}
