import { execFile, spawn, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { makePlace, removePlace } from '../support/places.ts';
import { startProcess } from './process.ts';

const HEADING = '## From a list to a tier-A account with its play';
/** util-linux's `script` gives a command a terminal. */
const hasTerminal = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

let place: string;
let env: Record<string, string>;

beforeAll(async () => {
  place = await makePlace('trial');
  await writeFile(join(place, 'samepage-mcp'), `#!/bin/sh\nexec '${process.execPath}' '${inject('program')}' "$@"\n`, { mode: 0o755 });
  env = { PATH: `${place}${delimiter}${process.env.PATH}`, SAMEPAGE_DATA_DIR: join(place, 'data') };
});
afterAll(() => removePlace(place));

const answered = z.object({
  result: z.object({
    structuredContent: z.object({
      tier: z.string(),
      plays: z.array(z.object({ id: z.string() })),
      definitions: z.array(z.object({ kind: z.string(), status: z.string() })),
    }),
  }),
});

/** The shell commands of the section, a block at a time, without the one that makes a clone's program a command. */
async function blocks(): Promise<string[]> {
  const readme = await readFile('README.md', 'utf8');
  const from = readme.indexOf(HEADING);
  expect(from).toBeGreaterThan(0);
  const section = readme.slice(from, readme.indexOf('\n## ', from + 1));
  const all = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  expect(all[0]).toContain('alias samepage-mcp=');
  return all.slice(1);
}

const QUESTIONS = [
  { question: 'Who are you? Number or name: ', answer: '1\n' },
  { question: 'anything else to stop: ', answer: 'sign\n' },
];

/** Types what a leader types, each time they are asked. */
function atTerminal(command: string): Promise<{ code: number | null; out: string }> {
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: place, env });
  let out = '';
  let read = 0;
  let turn = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    // a terminal shows a question again while it is answered
    const { question, answer } = QUESTIONS[turn % QUESTIONS.length] ?? { question: '', answer: '' };
    if (!out.slice(read).includes(question)) return;
    read = out.length;
    turn += 1;
    child.stdin.write(answer);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out })));
}

it.skipIf(!hasTerminal)(
  'the README leads from nothing to both signatures to a tier-A account with its play (needs the `script` of util-linux)',
  async () => {
    const said: string[] = [];
    for (const block of await blocks()) {
      const [signing, rest] = [/^samepage-mcp sign .*$/gm, /^(?!samepage-mcp sign ).*$/gm].map((lines) => block.match(lines) ?? []);
      const { stdout } = await promisify(execFile)('sh', ['-ec', (rest ?? []).join('\n')], { cwd: place, env });
      said.push(stdout);
      for (const command of signing ?? []) {
        const { code, out } = await atTerminal(command);
        expect(code, out).toBe(0);
        said.push(out);
      }
    }
    const told = said.join('\n');
    expect(told).toContain('2 rows: 2 created, 0 updated, 0 unchanged, 0 bad.');
    expect(told.match(/^(icp|taxonomy|rubric|playbook) v\d+ [0-9a-f]{64} is active; signed by marketing and sales\.\r?$/gm)).toHaveLength(
      4,
    );
    expect(told).toMatch(/Northwind Labs.*tier A/);
    expect(told).toContain('(pricing_surge, sales)');

    const server = startProcess([], { ...env, SAMEPAGE_LOG_LEVEL: 'error' });
    try {
      await server.initialize();
      const answer = await server.request('tools/call', { name: 'find_plays', arguments: { record: 'northwind.example' } });
      const { tier, plays, definitions } = answered.parse(answer).result.structuredContent;
      expect(tier).toBe('A');
      expect(plays.map(({ id }) => id)).toContain('pricing_surge');
      expect(definitions.map(({ status }) => status)).toEqual(['signed', 'signed', 'signed']);
    } finally {
      server.child.kill();
      await server.ended;
    }
  },
  60_000,
);
