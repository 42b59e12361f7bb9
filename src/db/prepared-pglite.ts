import { type PGlite, protocol, type Transaction } from '@electric-sql/pglite';
import type { SqlParam, SqlRow } from '../kernel/database.ts';

interface Field {
  name: string;
  dataTypeID: number;
}

interface Prepared {
  name: string;
  paramTypes: readonly number[];
  fields: readonly Field[];
}

type Message = Awaited<ReturnType<PGlite['execProtocolStream']>>[number];

/** So many statements are kept; then the one that was prepared first is let go. */
const MOST_KEPT = 500;
const CHANGED_RESULT = '0A000';

/**
 * Statements that an embedded database keeps prepared. PGlite's own `query` parses, describes and plans a statement each time it is
 * asked, in six turns of its protocol; of one that is kept, one turn binds and executes.
 */
export class PreparedStatements {
  readonly #client: PGlite;
  readonly #kept = new Map<string, Prepared>();
  #made = 0;

  constructor(client: PGlite) {
    this.#client = client;
  }

  /** @returns rows as `PGlite.query` gives them as objects */
  rows(connection: Transaction, text: string, params: readonly SqlParam[]): Promise<SqlRow[]> {
    // the client has one place for the answer to a message: the next is sent when it was taken from there
    return this.#client.runExclusive(async () => {
      if (connection.closed) throw new Error('Transaction is closed');
      const prepared = this.#kept.get(text) ?? (await this.#prepare(text));
      const values = params.map((value, i) => this.#serialized(value, prepared.paramTypes[i] ?? 0));
      const { serialize } = protocol;
      try {
        const messages = await this.#send(serialize.bind({ statement: prepared.name, values }), serialize.execute({}), serialize.sync());
        return this.#rowsOf(messages, prepared.fields);
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === CHANGED_RESULT) await this.#letGo(text, prepared);
        throw error;
      }
    });
  }

  async #prepare(text: string): Promise<Prepared> {
    const { serialize } = protocol;
    const oldest = this.#kept.entries().next();
    if (this.#kept.size >= MOST_KEPT && !oldest.done) await this.#letGo(...oldest.value);
    this.#made += 1;
    const name = `samepage_${this.#made}`;
    const messages = await this.#send(serialize.parse({ name, text }), serialize.describe({ type: 'S', name }), serialize.sync());
    const prepared: Prepared = { name, paramTypes: [], fields: [] };
    for (const message of messages) {
      if (message instanceof protocol.messages.ParameterDescriptionMessage) prepared.paramTypes = message.dataTypeIDs;
      if (message instanceof protocol.messages.RowDescriptionMessage) prepared.fields = message.fields;
    }
    this.#kept.set(text, prepared);
    return prepared;
  }

  async #letGo(text: string, { name }: Prepared): Promise<void> {
    this.#kept.delete(text);
    await this.#send(protocol.serialize.close({ type: 'S', name }), protocol.serialize.sync());
  }

  #serialized(value: SqlParam, type: number): string | null {
    if (value === null) return null;
    const serialize = this.#client.serializers[type];
    return serialize === undefined ? value.toString() : serialize(value);
  }

  #send(...parts: readonly Uint8Array[]): Promise<Message[]> {
    // committing brings it to the disk
    return this.#client.execProtocolStream(Buffer.concat(parts), { syncToFs: false });
  }

  #rowsOf(messages: readonly Message[], fields: readonly Field[]): SqlRow[] {
    const { parsers } = this.#client;
    const rows: SqlRow[] = [];
    for (const message of messages) {
      if (!(message instanceof protocol.messages.DataRowMessage)) continue;
      const row: SqlRow = {};
      fields.forEach(({ name, dataTypeID }, i) => {
        const cell = message.fields[i] ?? null;
        const parse = parsers[dataTypeID];
        row[name] = cell === null || parse === undefined ? cell : parse(cell, dataTypeID);
      });
      rows.push(row);
    }
    return rows;
  }
}
