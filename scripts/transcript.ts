import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { z } from 'zod';

/**
 * The transcript of the README: `npm run build`, then `npx tsx scripts/transcript.ts FOLDER --account DOMAIN`. FOLDER holds company
 * lists; they are imported by the command into a workspace of their own, and the official client asks over stdio. Lines are left out
 * only where a … stands.
 */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { account: { type: 'string' } } });
const [folder] = positionals;
const { account } = values;
if (folder === undefined || account === undefined) throw new Error('Usage: npx tsx scripts/transcript.ts FOLDER --account DOMAIN');

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const contentSchema = z.array(z.object({ type: z.literal('text'), text: z.string() }));

async function importLists(lists: string, env: Record<string, string>): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'import', lists], { env, maxBuffer: 2 ** 24 });
  const reports = stdout.split(/\n(?=\S+ \(accounts: )/).map((report) => {
    const [said, , counts] = report.split('\n');
    return `${said}\n\n${counts}\n…`;
  });
  return ['$ samepage-mcp import lists/', '', reports.length > 1 ? `${reports[0]}\n${reports.at(-1)}` : reports[0]].join('\n');
}

async function ask(client: Client, name: string, input: Record<string, unknown>): Promise<string> {
  const { content } = await client.callTool({ name, arguments: input });
  const [first] = contentSchema.parse(content);
  return `> ${name} ${JSON.stringify(input)}\n\n${first?.text}`;
}

const dataDir = await mkdtemp(join(tmpdir(), 'samepage-transcript-'));
try {
  const env = { PATH: process.env.PATH ?? '', SAMEPAGE_DATA_DIR: dataDir, SAMEPAGE_LOG_LEVEL: 'error' };
  const imported = await importLists(folder, env);
  const client = new Client({ name: 'transcript', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [MAIN], env }));
  const rescored = await ask(client, 'rescore_records', { scope: 'all', kinds: ['account'] });
  const heat = await ask(client, 'get_account_heat', { account });
  await client.close();
  console.log([imported, rescored, heat].join('\n\n'));
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
