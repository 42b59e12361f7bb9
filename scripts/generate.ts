import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { commands } from '../src/cli/commands.ts';
import { VARIABLES } from '../src/config.ts';
import { providerSpec, secretsOf } from '../src/enrichment/core/provider-spec.ts';
import { loadProviders } from '../src/enrichment/load-providers.ts';
import { jsonSchemaOf } from '../src/kernel/json-schema.ts';
import { type Catalog, loadRegistry, selectCatalog } from '../src/server/catalog.ts';
import { listedTool } from '../src/server/tool-handlers.ts';
import { TOOLSETS } from '../src/tools/define-tool.ts';

const ROOT = new URL('../', import.meta.url);
const SNAPSHOTS = 'test/contract/snapshots/';
const PROVIDER_GUIDE = 'docs/guide/providers.md';
const PROVIDER_SCHEMA = 'providers/provider.schema.json';

/** Everything that is made from the code: path from the project's root → content. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const catalog = selectCatalog(await loadRegistry(), { toolsets: undefined, readOnly: false });
  const readme = await readFile(new URL('README.md', ROOT), 'utf8');
  const parts = { tools: toolTable(catalog), commands: commandTable(), configuration: configurationTable() };
  const written = Object.entries(parts).reduce((text, [name, content]) => between(text, name, content), readme);
  const guide = await readFile(new URL(PROVIDER_GUIDE, ROOT), 'utf8');
  const files = new Map([
    ['README.md', written],
    [PROVIDER_GUIDE, between(guide, 'providers', await providerTable(), PROVIDER_GUIDE)],
    [PROVIDER_SCHEMA, `${JSON.stringify(providerSchema(), null, 2)}\n`],
  ]);
  for (const served of catalog.tools.values()) {
    files.set(`${SNAPSHOTS}${served.tool.name}.json`, `${JSON.stringify(listedTool(served), null, 2)}\n`);
  }
  return files;
}

/** Files of a kind that is generated, which nothing generates any more. */
export async function staleFiles(generated: ReadonlyMap<string, string>): Promise<string[]> {
  const present = await readdir(new URL(SNAPSHOTS, ROOT)).catch(() => []);
  return present.map((name) => `${SNAPSHOTS}${name}`).filter((path) => !generated.has(path));
}

/** The paths whose content on disk is not what the code makes. */
export async function differences(): Promise<string[]> {
  const generated = await generatedFiles();
  const wrong = await staleFiles(generated);
  for (const [path, content] of generated) {
    if ((await readFile(new URL(path, ROOT), 'utf8').catch(() => '')) !== content) wrong.push(path);
  }
  return wrong.sort();
}

function between(text: string, name: string, content: string, file = 'README.md'): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no ${start} … ${end}`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}

async function providerTable(): Promise<string> {
  const { providers } = await loadProviders(undefined);
  const rows = [...providers.values()].map(({ offer, spec }) => {
    const paid = offer.billing === 'none' ? 'free to ask' : `$${offer.priceMicros / 1_000_000} a ${offer.billing}`;
    const price = `${paid}${spec.billing.price_from === 'assumed' ? ' (assumed)' : ''}`;
    const inputs = offer.inputs.map((set) => set.map((field) => field.slice(field.indexOf('.') + 1)).join(' + ')).join(', ');
    const needs = [...secretsOf(spec.auth), ...(spec.contact === true ? ['SAMEPAGE_CONTACT'] : [])].map((name) => `\`${name}\``).join(', ');
    const gives = offer.fields.length + (spec.signals ?? []).length;
    return `| \`${offer.id}\` | ${offer.subject} | ${inputs} | ${gives} | ${price} | ${needs} | ${spec.verified.mark.replace('_', ' ')} |`;
  });
  return ['| provider | gives | asked by | fields and signals | price | needs | verified |', '|---|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

/** What an editor checks a provider.yaml against. */
function providerSchema() {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'provider.yaml of samepage-mcp',
    ...jsonSchemaOf(providerSpec, 'input'),
  };
}

function toolTable(catalog: Catalog): string {
  const tools = [...catalog.tools.values()].map(({ tool }) => tool);
  const rows = TOOLSETS.flatMap((toolset) =>
    tools
      .filter((tool) => tool.toolset === toolset)
      .map(
        (tool) =>
          `| ${toolset} | \`${tool.name}\` | ${tool.annotations.readOnlyHint ? 'reads' : 'writes'} | ${firstSentence(tool.description)} |`,
      ),
  );
  return ['| toolset | tool | | what it does |', '|---|---|---|---|', ...rows].join('\n');
}

function commandTable(): string {
  const program = new Command('samepage-mcp');
  const unused = () => {
    throw new Error('no command runs here');
  };
  for (const register of commands) {
    register(program, { openContext: unused, out: unused, err: unused, signal: new AbortController().signal });
  }
  const help = program.createHelp();
  const rows = program.commands.map((command) => `| \`samepage-mcp ${help.subcommandTerm(command)}\` | ${command.description()} |`);
  return ['| command | what it does |', '|---|---|', ...rows].join('\n');
}

function configurationTable(): string {
  return [
    '| variable | meaning |',
    '|---|---|',
    ...Object.entries(VARIABLES).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`),
  ].join('\n');
}

function firstSentence(text: string): string {
  return (/^[\s\S]*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text).replace(/\s+/g, ' ').replaceAll('|', '\\|');
}

async function generate(): Promise<void> {
  await mkdir(new URL(SNAPSHOTS, ROOT), { recursive: true });
  const generated = await generatedFiles();
  for (const path of await staleFiles(generated)) await rm(new URL(path, ROOT));
  for (const [path, content] of generated) await writeFile(new URL(path, ROOT), content);
  console.log(`${generated.size} files are made from the code: README.md, ${PROVIDER_GUIDE}, ${PROVIDER_SCHEMA} and ${SNAPSHOTS}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await generate();
