import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a client starts this server: the package when it was installed as one, else what stands in this folder. */
function serverCommand(): { command: string; args: string[] } {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  return root.includes('node_modules')
    ? { command: 'npx', args: ['-y', 'samepage-mcp'] }
    : { command: 'node', args: [join(root, 'dist', 'main.js')] };
}

/** The commands and the JSON that connect a client. @param dataDir the workspace that was kept, if one was @param asked an account in it */
export function connectText(dataDir: string | undefined, asked: string): string {
  const { command, args } = serverCommand();
  const env = dataDir === undefined ? {} : { SAMEPAGE_DATA_DIR: dataDir };
  const flags = Object.entries(env).map(([name, value]) => `--env ${name}=${quoted(value)} `);
  const server = { mcpServers: { samepage: { command, args, ...(dataDir === undefined ? {} : { env }) } } };
  return [
    'Claude Code:',
    '',
    `  claude mcp add samepage ${flags.join('')}-- ${[command, ...args].map(quoted).join(' ')}`,
    '',
    'Claude Desktop (claude_desktop_config.json), Cursor (.cursor/mcp.json) and others that read JSON:',
    '',
    ...JSON.stringify(server, null, 2)
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    dataDir === undefined
      ? 'That workspace begins empty: ask the agent to import an export of your CRM. To try a client on the\ndemonstration’s data, run it again with --keep FOLDER.'
      : `The workspace of this demonstration is kept; ask the agent: "Is ${asked} hot?"`,
  ].join('\n');
}

function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
