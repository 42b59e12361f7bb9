import postgres from 'postgres';

/** What autovacuum and the checkpointer do in time, so that they do not fall into what is measured. */
export async function settle(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql.unsafe('vacuum (analyze)');
  await sql.unsafe('checkpoint');
  await sql.end();
}
