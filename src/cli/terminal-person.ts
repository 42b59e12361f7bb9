import { createInterface } from 'node:readline/promises';
import type { Person } from '../kernel/context.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
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
        if (given === '') return undefined;
        const name = whoIs(given, names);
        const yes = (await lines.question(`Type "${word}" to go on, anything else to stop: `, { signal })).trim();
        return yes === word ? name : undefined;
      } finally {
        lines.close();
      }
    },
  };
}

/**
 * Who is meant by the number in the list or the name, however its accents are composed.
 * @throws SamepageError `invalid_input` for anybody else
 */
export function whoIs(given: string, names: readonly string[]): string {
  const name = names[Number(given) - 1] ?? names.find((one) => one.normalize() === given.normalize());
  if (name !== undefined) return name;
  const numbers = names.length === 1 ? '1' : `1 to ${names.length}`;
  throw new SamepageError(
    'invalid_input',
    `"${shown(given)}" is none of those who were asked; nothing was signed.`,
    `Run the command again, and answer with ${numbers}, or a name as it is listed.`,
  );
}
