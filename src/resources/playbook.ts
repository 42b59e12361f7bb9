import { stringify } from 'yaml';
import { SECTIONS } from '../definitions/core/playbook.ts';
import { getDefinition } from '../definitions/get-definition.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { experienceDiagram, experienceTable } from '../playbook/core/diagram.ts';
import { defineResource } from './define-resource.ts';

/** The diagram beside the sections. */
const PARTS = [...SECTIONS, 'experience'] as const;

/** One section of the playbook in use. */
export const playbookResource = defineResource({
  name: 'playbook_section',
  title: 'Section of the playbook',
  description: `What the teams know about selling, a section at a time: ${SECTIONS.join(', ')}; experience is the diagram of both processes.`,
  mimeType: 'text/markdown',
  uriTemplate: 'samepage://playbook/{section}',
  list: async () =>
    PARTS.map((part) => ({
      uri: `samepage://playbook/${part}`,
      name: `playbook_${part}`,
      title: `Playbook: ${part.replaceAll('_', ' ')}`,
    })),
  complete: { section: async (_ctx, typed) => PARTS.filter((part) => part.startsWith(typed)) },
  async read(ctx, { section: given = '' }) {
    const part = PARTS.find((one) => one === given);
    if (part === undefined)
      throw new SamepageError('not_found', `The playbook has no section ${shown(given)}.`, `Use one of ${PARTS.join(', ')}.`);
    const { definition } = await getDefinition(ctx, { kind: 'playbook' });
    if (definition.kind !== 'playbook') throw new Error('the playbook is of another kind');
    const { document, version, status, hash } = definition;
    const head = `# ${part.replaceAll('_', ' ')}\n\nplaybook v${version} (${status}) ${hash}`;
    if (part === 'experience') {
      const diagram = experienceDiagram(document);
      const drawn = diagram === undefined ? 'No stages are written yet.' : `\`\`\`mermaid\n${diagram}\n\`\`\``;
      return `${[head, drawn, experienceTable(document)].filter((one) => one !== undefined).join('\n\n')}\n`;
    }
    const kept = document.upkeep?.[part];
    const owner = kept === undefined ? 'Nobody keeps it.' : `Kept by ${kept.owner}, last gone through ${kept.reviewed}.`;
    const section = document[part];
    const body = section === undefined ? 'It is not written yet.' : `\`\`\`yaml\n${stringify(section, { lineWidth: 120 })}\`\`\``;
    return `${head}\n${owner}\n\n${body}\n`;
  },
});
