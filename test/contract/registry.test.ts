import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isObject } from '../../src/kernel/json.ts';
import { loadRegistry, selectCatalog } from '../../src/server/catalog.ts';
import { INSTRUCTIONS } from '../../src/server/instructions.ts';
import { listedTool } from '../../src/server/tool-handlers.ts';
import { isTemplate } from '../../src/server/uri-template.ts';
import { TOOLSETS } from '../../src/tools/define-tool.ts';
import { connect } from './connect.ts';

const registry = await loadRegistry();
const catalog = selectCatalog(registry, { toolsets: undefined, readOnly: false });
const served = [...catalog.tools].map(([key, tool]) => ({ key, tool, listed: listedTool(tool) }));

const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/;
/** What a model reads of all tools: 260 tokens a tool on average, at four characters a token. */
const MEAN_TOKENS = 260;

describe.each(served)('tool $key', ({ key, tool: served, listed }) => {
  const { tool } = served;

  it('has a name, a title and a toolset', () => {
    expect(tool.name).toBe(key);
    expect(tool.name).toMatch(NAME);
    expect(tool.name.length).toBeLessThanOrEqual(64);
    expect(tool.title).toMatch(/^[A-Z].{2,60}$/);
    expect(TOOLSETS).toContain(tool.toolset);
  });

  it('says what it does, when to use it, when not, and gives an example that it accepts', () => {
    const { description } = tool;
    expect(description.length).toBeLessThan(2048);
    expect(description).toMatch(/\b(use|call) (it|this)\b|\buse (it )?(to|when|for|after|before)\b/i);
    // when not: in so many words, or by naming the tool to use then
    const others = [...catalog.tools.keys()].filter((name) => name !== key);
    expect(/\b(not|never|instead|rather)\b/i.test(description) || others.some((name) => description.includes(name)), description).toBe(
      true,
    );
    const example = /Example:?\s*`?(\{[\s\S]*\})`?/.exec(description)?.[1];
    expect(example, 'an example after "Example:"').toBeDefined();
    // what is too long to write out stands as <…> or …
    if (/<[^>]*>|…/.test(example ?? '')) return;
    const parsed = tool.input.safeParse(JSON.parse(example ?? ''));
    expect(parsed.error === undefined ? '' : z.prettifyError(parsed.error)).toBe('');
  });

  it('names only tools that exist', () => {
    const named = tool.description.match(/\b(get|search|import|record|score|rescore|verify|simulate|propose|sign)(_[a-z]+)+\b/g) ?? [];
    const fields = JSON.stringify(listed.inputSchema);
    for (const name of named) expect(catalog.tools.has(name) || fields.includes(name), name).toBe(true);
  });

  it('has all four hints, and a reader neither destroys nor writes', () => {
    expect(Object.values(tool.annotations).map((hint) => typeof hint)).toEqual(['boolean', 'boolean', 'boolean', 'boolean']);
    if (tool.annotations.readOnlyHint) expect(tool.annotations.destructiveHint).toBe(false);
  });

  it('takes and gives an object, without a union at its root', () => {
    for (const schema of [served.inputSchema, served.outputSchema]) {
      expect(schema).toMatchObject({ type: 'object' });
      for (const key of ['anyOf', 'oneOf', 'allOf', '$ref']) expect(schema).not.toHaveProperty(key);
      expect(isObject(schema.properties) && Object.keys(schema.properties).length > 0).toBe(true);
    }
  });

  it('refuses unknown keys, and tells every object apart from a map', () => {
    expect(looseObjects(listed.inputSchema)).toEqual([]);
    expect(looseObjects(listed.outputSchema)).toEqual([]);
    expect(tool.input.safeParse({ surely_unknown: 1 }).success).toBe(false);
  });
});

/** The paths of objects that name properties and take others as well. */
function looseObjects(schema: unknown, path = '#'): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, i) => looseObjects(item, `${path}/${i}`));
  if (!isObject(schema)) return [];
  const loose = isObject(schema.properties) && schema.type === 'object' && schema.additionalProperties !== false ? [path] : [];
  return [...loose, ...Object.entries(schema).flatMap(([key, member]) => looseObjects(member, `${path}/${key}`))];
}

describe('all together', () => {
  it('stays small for the model that reads it', async () => {
    const { client, close } = await connect();
    const { tools } = await client.listTools();
    await close();
    const sizes = tools.map((tool) => ({
      tool: tool.name,
      tokens: Math.ceil(`${tool.name}${tool.description}${JSON.stringify(tool.inputSchema)}`.length / 4),
    }));
    const mean = sizes.reduce((sum, { tokens }) => sum + tokens, 0) / Math.max(1, sizes.length);
    expect(mean, JSON.stringify(sizes)).toBeLessThanOrEqual(MEAN_TOKENS);
  });

  it('has each name once', () => {
    expect(catalog.tools.size).toBe(registry.tools.length);
    for (const list of [registry.resources, registry.prompts]) expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
  });

  it('instructs in fewer than 2,048 characters, naming only tools that exist', () => {
    expect(INSTRUCTIONS.length).toBeLessThan(2048);
    for (const name of INSTRUCTIONS.match(/\b(get|search|import|score|rescore|verify|simulate)(_[a-z]+)+\b/g) ?? []) {
      expect(catalog.tools.has(name), name).toBe(true);
    }
  });
});

describe.each(registry.resources)('resource $name', (resource) => {
  it('has a name, a type and a template of ours', () => {
    expect(resource.name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(resource.mimeType).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
    expect(resource.uriTemplate).toMatch(/^samepage:\/\/[a-z]+(\/(\{[a-z_]+\}|[a-z]+))*$/);
    expect(resource.description.length).toBeGreaterThan(20);
  });

  it('completes each variable', () => {
    const variables = [...resource.uriTemplate.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1] ?? '');
    expect(Object.keys(resource.complete ?? {}).sort()).toEqual(variables.sort());
    expect(variables.length > 0).toBe(isTemplate(resource.uriTemplate));
  });
});

describe.each(registry.prompts)('prompt $name', (prompt) => {
  it('names each tool that it says to call', () => {
    const args = Object.fromEntries(Object.keys(prompt.arguments.shape).map((name) => [name, 'x']));
    const text = prompt
      .messages(prompt.arguments.parse(args))
      .map((message) => message.text)
      .join('\n');
    const named = registry.tools.map(({ name }) => name).filter((name) => new RegExp(`\\b${name}\\b`).test(text));
    expect([...prompt.calls].sort()).toEqual(named.sort());
  });

  it('has a name, and says what each argument is', () => {
    expect(prompt.name).toMatch(NAME);
    for (const [name, argument] of Object.entries(prompt.arguments.shape)) expect(argument.description, name).toBeTruthy();
    expect(prompt.arguments.safeParse({ surely_unknown: 'x' }).success).toBe(false);
  });
});
