/** What a page says of its company, for mappings to read. */
export interface WebPage {
  title: string | null;
  /** `og` and `meta` by name in lower case, without `og:`. */
  og: Readonly<Record<string, string>>;
  meta: Readonly<Record<string, string>>;
  /** The first Organization, or kind of one, of the page's JSON-LD. */
  organization: unknown;
  /** Where the page links to other sites and to jobs, at most 200. */
  links: readonly string[];
}

const MAX_LINKS = 200;
const MAX_TAGS = 5_000;
const MAX_NODES = 2_000;
/** schema.org's kinds of organisations that companies use for themselves. */
const ORGANISATIONS =
  /^(?:https?:\/\/schema\.org\/)?(?:Organization|Corporation|LocalBusiness|OnlineBusiness|OnlineStore|Store|ProfessionalService|FinancialService|NGO|Airline|NewsMediaOrganization|EducationalOrganization|MedicalOrganization|SoftwareCompany|AutomotiveBusiness)$/;

/** Reads a page by scanning its tags, in time that grows with its length alone. Nothing of it is run or followed. */
export function readWebPage(html: string): WebPage {
  const og: Record<string, string> = {};
  const meta: Record<string, string> = {};
  const links: string[] = [];
  let organization: unknown = null;
  let title: string | null = null;
  let at = 0;
  for (let tags = 0; tags < MAX_TAGS; tags += 1) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open + 4);
      if (end < 0) break;
      at = end + 3;
      continue;
    }
    const close = html.indexOf('>', open);
    if (close < 0) break;
    at = close + 1;
    const tag = html.slice(open + 1, Math.min(close, open + 5_000));
    const name = /^[a-zA-Z]+/.exec(tag)?.[0].toLowerCase();
    if (name === 'meta') readMeta(attributesOf(tag), og, meta);
    else if (name === 'a' && links.length < MAX_LINKS) {
      const { href } = attributesOf(tag);
      if (href !== undefined && /^https?:\/\//i.test(href)) links.push(href);
    } else if (name === 'script' || name === 'style' || name === 'title') {
      const end = closingTag(html, name, at);
      const content = html.slice(at, end);
      if (name === 'title') title ??= text(content) || null;
      else if (name === 'script' && /ld\+json/i.test(tag)) organization ??= organizationOf(content);
      at = end;
    }
  }
  return { title, og, meta, organization, links };
}

function closingTag(html: string, name: string, from: number): number {
  for (let end = html.indexOf('</', from); end >= 0; end = html.indexOf('</', end + 2)) {
    if (html.slice(end + 2, end + 2 + name.length).toLowerCase() === name) return end;
  }
  return html.length;
}

function readMeta(attributes: Readonly<Record<string, string>>, og: Record<string, string>, meta: Record<string, string>): void {
  const key = (attributes.property ?? attributes.name ?? '').toLowerCase();
  const content = attributes.content?.trim() ?? '';
  if (key === '' || content === '' || key === '__proto__') return;
  const [kept, short] = key.startsWith('og:') ? [og, key.slice(3)] : [meta, key];
  if (!Object.hasOwn(kept, short)) kept[short] = content;
}

function attributesOf(tag: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const match of tag.matchAll(/([a-zA-Z:-]{1,40})\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g)) {
    found[(match[1] ?? '').toLowerCase()] ??= text(match[2] ?? match[3] ?? match[4] ?? '');
  }
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function text(raw: string): string {
  return raw
    .replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,6}));/g, (whole, decimal, hex, named) => {
      if (named !== undefined) return ENTITIES[named] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .replace(/\s+/g, ' ')
    .trim();
}

/** The first organisation of a JSON-LD document, at its top, in its `@graph`, or as the publisher of what is. */
function organizationOf(content: string): unknown {
  let waiting: unknown[];
  try {
    waiting = [JSON.parse(content)];
  } catch {
    return null;
  }
  for (let seen = 0; waiting.length > 0 && seen < MAX_NODES; seen += 1) {
    const node = waiting.shift();
    if (Array.isArray(node)) waiting.push(...node.slice(0, MAX_NODES));
    else if (typeof node === 'object' && node !== null) {
      const types: unknown[] = '@type' in node ? [node['@type']].flat() : [];
      if (types.some((type) => typeof type === 'string' && ORGANISATIONS.test(type))) return node;
      for (const key of ['@graph', 'publisher', 'mainEntity', 'about'] as const) {
        if (key in node) waiting.push((node as Record<string, unknown>)[key]);
      }
    }
  }
  return null;
}
