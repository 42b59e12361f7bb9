import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Any day that has passed will do. */
const DAY = '2025-06-02';
const TWO_RUNS = 300_000;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samepage-demo-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  code: number | string | null;
  out: string;
  err: string;
}

/** The demonstration as somebody runs it, with a temporary folder of its own. */
function demo(args: readonly string[], stopAt?: string): { ended: Promise<Ended>; temporary: Promise<string> } {
  const temporary = mkdtemp(join(folder, 'tmp-'));
  const ended = temporary.then(
    (tmp) =>
      new Promise<Ended>((resolve) => {
        const child = spawn(process.execPath, [inject('program'), 'demo', ...args], {
          cwd: ROOT,
          env: { PATH: process.env.PATH ?? '', TMPDIR: tmp, TEMP: tmp, TMP: tmp },
        });
        let [out, err] = ['', ''];
        let isStopped = false;
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          out += text;
        });
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          err += text;
          if (isStopped || stopAt === undefined || !err.includes(stopAt)) return;
          isStopped = true;
          child.kill('SIGINT');
        });
        child.on('close', (code, signal) => resolve({ code: code ?? signal, out, err }));
      }),
  );
  return { ended, temporary };
}

const leftIn = async (temporary: string) => (await readdir(temporary)).filter((name) => name.startsWith('samepage'));

const migration = z.array(z.object({ from: z.string(), to: z.string(), n: z.int() }));
const counts = z.object({ scored: z.int(), new: z.int(), changed: z.int(), tiers: z.record(z.string(), z.int()), moved: migration });
const imports = z.array(
  z.object({
    file: z.string(),
    rows: z.record(z.string(), z.int()),
    lines: z.record(z.string(), z.int()),
    columns: z.int(),
    columns_known: z.int(),
  }),
);
const figuresSchema = z.object({
  lists: z.object({ accounts: z.int(), by_lists: z.array(z.object({ lists: z.int(), accounts: z.int() })), imports }).optional(),
  exports: z.object({ free_mail_people: z.int(), imports }),
  enriched: z
    .object({
      lists: z.array(z.string()),
      accounts: z.array(
        z.object({
          lacked: z.int(),
          found: z.array(
            z.object({
              field: z.string(),
              providers: z.array(z.string()).min(1),
              conflicts: z.array(z.object({ sources: z.array(z.string()).min(1) })),
            }),
          ),
          undecided: z.array(z.string()),
        }),
      ),
    })
    .optional(),
  rescored: z.object({ account: counts, lead: counts }),
  best: z.object({
    tier: z.string(),
    total: z.int(),
    accounts: z.array(
      z.object({
        domain: z.string(),
        score: z.int(),
        max: z.int(),
        tier: z.string(),
        parts: z.array(z.object({ criterion: z.string(), points: z.int() })),
        groups: z.array(z.object({ group: z.string(), sum: z.int(), cap: z.int(), adjustment: z.int(), points: z.int() })),
        clamp: z.int(),
      }),
    ),
  }),
  heat: z.object({ account: z.string(), heat: z.enum(['hot', 'warm', 'cold']), score: z.int(), receipt: z.object({ score: z.int() }) }),
  late: z.object({ imports, rescored: z.object({ account: counts }) }),
  verified: z.object({ receipts: z.int(), reproduced: z.int() }),
  simulated: z.object({ accounts: z.int(), changed: z.int(), migration, movers: z.array(z.object({ domain: z.string() })) }),
});
type Figures = z.infer<typeof figuresSchema>;

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

function expectConsistent(figures: Figures): void {
  for (const { file, rows, lines } of [...(figures.lists?.imports ?? []), ...figures.exports.imports, ...figures.late.imports]) {
    const { read = 0, ...outcomes } = rows;
    const { total = 0, ...kinds } = lines;
    expect(sum(Object.values(outcomes)), file).toBe(read);
    expect(sum(Object.values(kinds)), file).toBe(total);
    expect(lines.rows, file).toBe(read);
  }
  for (const { lacked, found, undecided } of figures.enriched?.accounts ?? [])
    expect(found.length + undecided.length).toBeLessThanOrEqual(lacked);
  for (const { scored, tiers } of Object.values(figures.rescored)) expect(sum(Object.values(tiers))).toBe(scored);
  for (const { domain, score, parts, groups, clamp } of figures.best.accounts) {
    expect(sum(parts.map((part) => part.points)) + sum(groups.map((group) => group.adjustment)) + clamp, domain).toBe(score);
    for (const group of groups) expect(group.points, domain).toBe(Math.min(group.cap, group.sum));
  }
  expect(figures.heat.receipt.score).toBe(figures.heat.score);
  expect(figures.verified.receipts).toBe(figures.best.accounts.length + 1);
  expect(figures.verified.reproduced).toBe(figures.verified.receipts);
  expect(sum(figures.simulated.migration.map((one) => one.n))).toBe(figures.simulated.accounts);
  expect(figures.simulated.accounts).toBe(figures.rescored.account.scored);
}

async function figuresOf(args: readonly string[]): Promise<{ figures: Figures; out: string }> {
  const { code, out, err } = await demo([...args, '--date', DAY, '--json']).ended;
  expect(code, err).toBe(0);
  return { figures: figuresSchema.parse(JSON.parse(out)), out };
}

describe('the demonstration', () => {
  it(
    'gives figures that agree with each other, and the same ones again',
    async () => {
      const { figures, out } = await figuresOf(['--seed', '11']);
      expectConsistent(figures);
      expect(figures.best).toMatchObject({ tier: 'A' });
      expect(figures.best.total).toBe(figures.rescored.account.tiers.A);
      // the mess is there: rows that cannot be read, rows that came twice, columns of two systems, people without a company
      const rows = figures.exports.imports.map((one) => one.rows);
      expect(sum(rows.map((one) => one.bad ?? 0))).toBeGreaterThan(0);
      expect(sum(rows.map((one) => one.unchanged ?? 0))).toBeGreaterThan(0);
      expect(sum(rows.map((one) => one.updated ?? 0))).toBeGreaterThan(0);
      expect(figures.exports.free_mail_people).toBeGreaterThan(0);
      // lists of the team's own fill what the systems lack, each of them something, and contradict each other
      const { lists = [], accounts = [] } = figures.enriched ?? {};
      const found = accounts.flatMap((account) => account.found);
      expect([...new Set(found.flatMap(({ providers }) => providers))].sort()).toEqual([...lists].sort());
      const contrary =
        found.filter(({ conflicts }) => conflicts.length > 0).length + sum(accounts.map(({ undecided }) => undecided.length));
      expect(contrary).toBeGreaterThan(0);
      expect(figures.exports.imports.every((one) => one.columns_known === one.columns)).toBe(true);

      expect((await figuresOf(['--seed', '11'])).out).toBe(out);
    },
    TWO_RUNS,
  );

  it('tells it in 100 columns without colour, and keeps the workspace for a client', async () => {
    const keep = join(folder, 'kept');
    const { ended, temporary } = demo(['--date', DAY, '--keep', keep]);
    const { code, out, err } = await ended;
    expect(code, err).toBe(0);
    expect(out).not.toContain('\u001b');
    const prose = out.slice(0, out.indexOf('Connect a client'));
    expect(prose.split('\n').filter((line) => [...line].length > 100)).toEqual([]);
    expect(out).toMatch(/\n {2}Record ID +external_id +/);
    expect(out).toMatch(/is (HOT|WARM|COLD) as of 2025-06-02: score \d+, tier/);
    expect(out).toMatch(/(\d+) of \1 receipts\s+reproduced/);
    expect(await leftIn(await temporary)).toEqual([]);

    const json = /\n( {2}\{\n[\s\S]*?\n {2}\})\n/.exec(out)?.[1] ?? '';
    const server = z
      .object({ mcpServers: z.object({ samepage: z.object({ command: z.string(), env: z.object({ SAMEPAGE_DATA_DIR: z.string() }) }) }) })
      .parse(JSON.parse(json)).mcpServers.samepage;
    expect(server.env.SAMEPAGE_DATA_DIR.startsWith(keep)).toBe(true);
    expect(await readdir(server.env.SAMEPAGE_DATA_DIR)).toContain('samepage.json');
    expect(await readdir(join(keep, 'exports'))).toContain('salesforce-accounts.csv');
    // and it is not poured into what is there
    expect(await demo(['--keep', keep]).ended).toMatchObject({ code: 1, err: expect.stringContaining('is not empty') });
  });

  it('builds on lists: a company that two of them name is one account', async () => {
    const lists = join(folder, 'lists');
    await mkdir(lists);
    await writeFile(
      join(lists, 'one.jsonl'),
      ['alpha.example', 'beta.example', 'gamma.example']
        .map((domain) => `${JSON.stringify({ domain, name: domain.slice(0, 5) })}\n`)
        .join(''),
    );
    await writeFile(
      join(lists, 'two.csv'),
      'name,website,industry,country\nBeta,https://www.beta.example,Software,Germany\nDelta,delta.example,,\n',
    );
    const { figures } = await figuresOf(['--companies', lists]);
    expectConsistent(figures);
    expect(figures.lists).toMatchObject({
      accounts: 4,
      by_lists: [
        { lists: 1, accounts: 3 },
        { lists: 2, accounts: 1 },
      ],
    });
    expect(figures.rescored.account.scored).toBe(4);
    // the companies may exist: nothing is invented about them
    expect(figures.enriched).toBeUndefined();
  });

  it('stops at Ctrl-C and leaves nothing behind', async () => {
    const { ended, temporary } = demo([], 'making a workspace');
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(err).toContain('Stopped.');
    expect(await leftIn(await temporary)).toEqual([]);
  });

  it.each([
    [['--seed', 'seven'], /A seed is a whole number/],
    [['--date', '2025-02-30'], /A day is written YYYY-MM-DD/],
    [['--date', '2999-01-01'], /lies in the future/],
    [['--companies', '/no/such/folder'], /There is no/],
  ])('refuses %j', async (args, said) => {
    const { code, err } = await demo(args).ended;
    expect(code).toBe(1);
    expect(err).toMatch(said);
  });
});
