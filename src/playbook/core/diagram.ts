import type { Playbook } from '../../definitions/core/playbook.ts';

/**
 * The engagement experience as a Mermaid flowchart: the customer's stages above, ours below, each of ours under the one that it
 * answers. Undefined while the playbook has no stages.
 */
export function experienceDiagram({ buying_process: buying = [], selling = [] }: Playbook): string | undefined {
  if (buying.length === 0 && selling.length === 0) return undefined;
  const text = (label: string) =>
    `"${label
      .replace(/["[\]{}()|<>#;`\\]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()}"`;
  const chain = (ids: readonly string[]) => (ids.length > 1 ? [`    ${ids.join(' --> ')}`] : []);
  const group = (id: string, title: string, prefix: string, stages: readonly { id: string; label: string }[]) =>
    stages.length === 0
      ? []
      : [
          `  subgraph ${id}[${text(title)}]`,
          ...stages.map((stage) => `    ${prefix}${stage.id}[${text(stage.label)}]`),
          ...chain(stages.map((stage) => `${prefix}${stage.id}`)),
          '  end',
        ];
  const links = selling
    .filter(({ buying_stage }) => buying.some(({ id }) => id === buying_stage))
    .map(({ id, buying_stage }) => `  b_${buying_stage} -.-> s_${id}`);
  return ['flowchart LR', ...group('buying', 'The customer', 'b_', buying), ...group('ours', 'Our teams', 's_', selling), ...links].join(
    '\n',
  );
}

/** Each of our stages with the customer's, its criteria, content and people, as a Markdown table. Undefined without stages of ours. */
export function experienceTable({ buying_process: buying = [], selling = [] }: Playbook): string | undefined {
  if (selling.length === 0) return undefined;
  const cell = (lines: readonly string[] = []) => lines.join('; ').replace(/\s+/g, ' ').replaceAll('|', '\\|') || '–';
  const rows = selling.map((stage) => {
    const answered = buying.find(({ id }) => id === stage.buying_stage);
    const cells = [
      [stage.label],
      [answered?.label ?? stage.buying_stage],
      answered?.behaviour,
      stage.entry,
      stage.exit,
      [...(stage.touchpoints ?? []), ...(stage.content ?? [])],
      stage.players,
    ];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  return [
    '| our stage | the customer’s | how that shows | it begins when | it is over when | touchpoints and content | who |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
