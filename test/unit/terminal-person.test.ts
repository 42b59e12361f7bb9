import { expect, it } from 'vitest';
import { whoIs } from '../../src/cli/terminal-person.ts';

const names = ['Mára Lind', 'Sam Ode', '1'];

it('who signs says so by number or by name', () => {
  expect(['1', '2', '3', 'Sam Ode', 'Mára Lind'.normalize('NFD')].map((given) => whoIs(given, names))).toEqual([
    'Mára Lind',
    'Sam Ode',
    '1',
    'Sam Ode',
    'Mára Lind',
  ]);
});

it.each(['9', '0', '1.5', '-1', 'sam ode', 'Mara Lind', 'Infinity', 'constructor'])('%s is nobody, and it says who there is', (given) => {
  expect(() => whoIs(given, names)).toThrow(
    expect.objectContaining({
      code: 'invalid_input',
      message: `"${given}" is none of those who were asked; nothing was signed.`,
      next: 'Run the command again, and answer with 1 to 3, or a name as it is listed.',
    }),
  );
});
