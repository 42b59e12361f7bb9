import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backup } from '../../src/upkeep/backup.ts';
import { restore } from '../../src/upkeep/restore.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { openTestPglite } from '../support/databases.ts';
import { workspaceRows } from '../support/digest.ts';
import { resealed } from '../support/reseal.ts';
import { makeWholeWorld } from '../support/whole-world.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samepage-backup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a file that is no whole backup', () => {
  let ctx: TestContext;
  let bytes: Buffer;
  let text: string;
  let n = 0;
  beforeAll(async () => {
    ctx = testContext(await openTestPglite());
    await makeWholeWorld(ctx);
    const path = join(folder, 'whole.gz');
    await backup(ctx, { path });
    bytes = await readFile(path);
    text = gunzipSync(bytes).toString();
    await ctx.db.close();
    ctx = testContext(await openTestPglite());
  });
  afterAll(() => ctx.db.close());

  const refusal = async (content: Buffer | string) => {
    n += 1;
    const path = join(folder, `damaged-${n}.gz`);
    await writeFile(path, content);
    const error = await restore(ctx, { path }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'file_rejected', message: expect.stringMatching(/cut off|altered|not a backup|newer/) });
    return error as Error;
  };

  it('is refused wherever it is cut', async () => {
    for (const part of [0, 1, 11, 100, bytes.length / 2, bytes.length - 9, bytes.length - 1]) await refusal(bytes.subarray(0, part));
    const lines = text.split('\n');
    for (const part of [0, 1, 2, 3, lines.length / 2, lines.length - 3, lines.length - 2]) {
      await refusal(gzipSync(`${lines.slice(0, part).join('\n')}${part === 0 ? '' : '\n'}`));
    }
  });

  it('is refused when a byte is another', async () => {
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 25)) {
      // the header of gzip holds a time and a system that mean nothing
      if (at >= 4 && at < 10) continue;
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ 0x10;
      await refusal(altered);
    }
    for (let at = 9; at < text.length; at += Math.ceil(text.length / 60)) {
      const other = text[at] === '7' ? '8' : '7';
      await refusal(gzipSync(text.slice(0, at) + other + text.slice(at + 1)));
    }
  });

  it('is refused when lines were swapped, dropped, doubled or added', async () => {
    const lines = text.trimEnd().split('\n');
    const rows = lines.flatMap((line, i) => (line.startsWith('{') && lines[i + 1]?.startsWith('{') === true ? [i] : []));
    const at = rows[5] ?? 0;
    const [one = '', two = ''] = lines.slice(at, at + 2);
    const whole = (changed: string[]) => gzipSync(`${changed.join('\n')}\n`);
    await refusal(whole(lines.toSpliced(at, 2, two, one)));
    await refusal(whole(lines.toSpliced(at, 1)));
    await refusal(whole(lines.toSpliced(at, 0, one)));
    await refusal(whole([...lines, 'end {}']));
    await refusal(whole([...lines, ...lines]));
    await refusal(Buffer.concat([bytes, bytes]));
    await refusal(Buffer.concat([bytes, Buffer.from('more')]));
  });

  it('is refused when it is something else, or of a newer version', async () => {
    expect((await refusal('a,b\n1,2\n')).message).toContain('not a backup');
    expect((await refusal(gzipSync('{"a":1}\n'))).message).toContain('not a backup');
    expect((await refusal(gzipSync(text.replace('"format":1', '"format":2')))).message).toContain('newer');
    const later = resealed(text, (lines) => {
      lines[0] = lines[0]?.replace(/"when":\d+/, '"when":99999999999999') ?? '';
    });
    expect((await refusal(later)).message).toContain('newer');
  });

  it('has left nothing behind', async () => {
    expect(Object.values(await workspaceRows(ctx)).flat()).toEqual([]);
  });
});
