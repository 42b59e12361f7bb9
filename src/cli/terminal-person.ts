import { createInterface } from 'node:readline/promises';
import type { Person } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { neutralText } from '../server/neutralise.ts';

/**
 * The person at the terminal, who types which leader they are and the word that says yes.
 * @throws SamepageError `permission_denied` where input or output is not a terminal: a pipe is no person.
 */
export function terminalPerson(signal: AbortSignal): Person {
  const stdin = process.stdin;
  const stderr = process.stderr;
  if (stdin.isTTY !== true || stderr.isTTY !== true)
    throw new SamepageError(
      'permission_denied',
      'Only a person at a terminal signs, and this is a pipe or a program.',
      'Run the command in a terminal of your own, and type the answers there.',
    );
  return {
    way: 'terminal',
    async ask({ title, text, names, word }) {
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        stderr.write(`${neutralText(`${text}\n\n${title}`)}\n${names.map((name, i) => `  ${i + 1}  ${neutralText(name)}`).join('\n')}\n`);
        const given = (await lines.question('Who are you? Number or name: ', { signal })).trim();
        const name = names[Number(given) - 1] ?? names.find((one) => one === given);
        if (name === undefined) return undefined;
        const yes = (await lines.question(`Type "${word}" to go on, anything else to stop: `, { signal })).trim();
        return yes === word ? name : undefined;
      } finally {
        lines.close();
      }
    },
  };
}
