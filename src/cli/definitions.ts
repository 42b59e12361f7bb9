import type { Command } from 'commander';
import type { SummarySection } from '../definitions/core/summary.ts';
import type { ListedVersion } from '../definitions/list-definitions.ts';
import type { Saved } from '../definitions/save-definition.ts';
import { registerDiff, registerExport } from './definition-files.ts';
import type { CliDeps, Register } from './deps.ts';
import { reportText } from './validate.ts';

/** `samepage-mcp definitions import | export | diff | list | show`. */
export const register: Register = (program, deps) => {
  const definitions = program.command('definitions').description('the definitions of the workspace: import, export, diff, list, show');
  registerImport(definitions, deps);
  registerExport(definitions, deps);
  registerDiff(definitions, deps);
  registerList(definitions, deps);
  registerShow(definitions, deps);
};

function registerImport(definitions: Command, deps: CliDeps): void {
  definitions
    .command('import')
    .description('put definitions in use; files that depend on each other are imported together, all or none')
    .argument('<file...>', 'YAML or JSON; a folder stands for the files in it')
    .action(async (files: string[]) => {
      const [{ readDefinitionFiles }, { validateFiles }, { currentWorld }, { adoptDefinitions }] = await Promise.all([
        import('../definitions/read-definition-file.ts'),
        import('../definitions/core/validate.ts'),
        import('../definitions/current-documents.ts'),
        import('../records/adopt-definitions.ts'),
      ]);
      const { ctx, close } = await deps.openContext({ write: true });
      try {
        const given = await readDefinitionFiles(files);
        const reports = validateFiles(given, await currentWorld(ctx));
        const wrong = reports.filter((report) => report.problems.length > 0);
        if (wrong.length > 0) {
          for (const report of wrong) deps.err(reportText(report));
          deps.err('Nothing was imported.');
          process.exitCode = 1;
          return;
        }
        const saved = await adoptDefinitions(ctx, { documents: reports.map((report) => report.document) });
        for (const one of saved) deps.out(savedText(one));
      } finally {
        await close();
      }
    });
}

function savedText({ kind, version, status, hash, outcome, previous }: Saved): string {
  const name = `${kind} v${version} (${status}) ${hash}`;
  if (outcome === 'unchanged') return `${name}: in use already, nothing changed`;
  if (outcome === 'proposed')
    return `${name}: proposed in place of the signed v${previous?.version}; \`samepage-mcp sign ${kind} --team TEAM\` signs it`;
  if (outcome === 'proposed_already') return `${name}: proposed already, nothing changed`;
  const before = previous === null ? '' : `, in place of v${previous.version}`;
  return `${name}: ${outcome === 'new' ? 'new, in use now' : 'an earlier version, in use again'}${before}`;
}

function registerList(definitions: Command, deps: CliDeps): void {
  definitions
    .command('list')
    .description('every version of every kind, the newest first')
    .option('--kind <kind>', 'only this kind')
    .option('--json', 'print as JSON')
    .action(async (flags: { kind?: string; json?: boolean }) => {
      const [{ listDefinitions }, { namedKind }] = await Promise.all([
        import('../definitions/list-definitions.ts'),
        import('../definitions/named-kind.ts'),
      ]);
      const kind = flags.kind === undefined ? {} : { kind: namedKind(flags.kind) };
      const { ctx, close } = await deps.openContext();
      try {
        const versions = await listDefinitions(ctx, kind);
        deps.out(flags.json === true ? JSON.stringify(versions.map(listedData), null, 2) : versions.map(listedText).join('\n'));
      } finally {
        await close();
      }
    });
}

function listedData({ recordedAt, recordedBy, inUseSince, ...version }: ListedVersion) {
  return { ...version, recorded_at: recordedAt, recorded_by: recordedBy, in_use_since: inUseSince };
}

function listedText(v: ListedVersion): string {
  const use = v.inUseSince === null ? `since ${v.recordedAt} by ${v.recordedBy}` : `in use since ${v.inUseSince}`;
  return `${v.kind.padEnd(12)}v${String(v.version).padEnd(4)}${v.status}  ${v.hash.slice(0, 12)}  ${use}`;
}

function registerShow(definitions: Command, deps: CliDeps): void {
  definitions
    .command('show')
    .description('one definition: its rules as sentences, or the document')
    .argument('<kind>')
    .option('--hash <hash>', 'a version by its hash, or the first 8 characters of it')
    .option('--json', 'print the document as JSON')
    .option('--yaml', 'print the document as YAML')
    .action(async (name: string, flags: { hash?: string; json?: boolean; yaml?: boolean }) => {
      const [{ getDefinition }, { namedKind, namedHash }] = await Promise.all([
        import('../definitions/get-definition.ts'),
        import('../definitions/named-kind.ts'),
      ]);
      const input = { kind: namedKind(name), ...(flags.hash === undefined ? {} : { hash: namedHash(flags.hash) }) };
      const { ctx, close } = await deps.openContext();
      try {
        const { definition, summary, inUseSince } = await getDefinition(ctx, input);
        if (flags.json === true) deps.out(JSON.stringify(definition.document, null, 2));
        else if (flags.yaml === true) deps.out((await import('yaml')).stringify(definition.document, { lineWidth: 120 }).trimEnd());
        else {
          const { kind, version, status, hash } = definition;
          deps.out(`${kind} v${version} (${status}) ${hash}, ${inUseSince === null ? 'not in use' : `in use since ${inUseSince}`}`);
          deps.out(summary.map(sectionText).join('\n'));
        }
      } finally {
        await close();
      }
    });
}

function sectionText({ heading, lines }: SummarySection): string {
  return [`\n${heading}`, ...lines.map((line) => `  ${line}`)].join('\n');
}
