import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Column, OutcomeTable } from '../../src/review/core/outcome-table.ts';

/** Where the public sets of outcomes lie, when they are there; they are no part of the project. */
export function sharedOutcomes(): string | undefined {
  const folder = resolve(process.env.SAMEPAGE_SHARED_DATA ?? '../shared/data', 'outcomes');
  return existsSync(folder) ? folder : undefined;
}

/** 41,188 contacts of a bank's campaign in the order of their days; the id of a row is its place. */
export function bankOutcomes(folder: string): OutcomeTable {
  return outcomesOf(records(folder, 'bank_marketing.csv', ';'), 'y', 'yes');
}

/** 1,000 loans of a bank. */
export function germanOutcomes(folder: string): OutcomeTable {
  return outcomesOf(records(folder, 'german_credit.csv'), 'creditability', 'good');
}

/** 6,711 closed opportunities of an invented company, of whose attributes none has to do with the outcome. */
export function nullOutcomes(folder: string): OutcomeTable {
  const accounts = new Map(records(folder, 'null_control_accounts.csv').map((account) => [account.account, account]));
  const closed = records(folder, 'null_control_pipeline.csv').filter(({ deal_stage: stage }) => stage === 'Won' || stage === 'Lost');
  const rows = closed.map(({ opportunity_id: id, sales_agent, product, account = '', deal_stage }) => {
    const { sector = '', year_established = '', revenue = '', employees = '', office_location = '' } = accounts.get(account) ?? {};
    return { id, sales_agent, product, account, sector, year_established, revenue, employees, office_location, deal_stage };
  });
  const table = outcomesOf(rows, 'deal_stage', 'Won');
  return { ...table, ids: rows.map(({ id }) => id ?? ''), columns: table.columns.filter(({ name }) => name !== 'id') };
}

type Row = Record<string, string | undefined>;

function records(folder: string, file: string, delimiter = ','): Row[] {
  return parse(readFileSync(join(folder, file)), { columns: true, delimiter, bom: true }) as Row[];
}

/** A column of numbers where every cell that is not empty is one, else of levels; empty cells are missing. */
export function outcomesOf(rows: readonly Row[], outcome: string, won: string): OutcomeTable {
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== outcome);
  const columns = names.map((name): Column => {
    const cells = rows.map((row) => row[name] ?? '');
    if (cells.every((cell) => cell === '' || Number.isFinite(Number(cell))))
      return { name, label: name, type: 'number', values: Float64Array.from(cells, (cell) => (cell === '' ? Number.NaN : Number(cell))) };
    const levels = [...new Set(cells.filter((cell) => cell !== ''))].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const places = new Map(levels.map((level, at) => [level, at]));
    return { name, label: name, type: 'level', codes: Int32Array.from(cells, (cell) => places.get(cell) ?? -1), levels };
  });
  return { ids: rows.map((_, at) => String(at)), won: Uint8Array.from(rows, (row) => (row[outcome] === won ? 1 : 0)), columns };
}

export function without(table: OutcomeTable, ...names: readonly string[]): OutcomeTable {
  return { ...table, columns: table.columns.filter(({ name }) => !names.includes(name)) };
}
