// The list of steps with node-postgres. docs/drivers.md shows what stands between the snippet marks.
// npm's packages of package.json are beside it.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

// snippet: Connect; host, user and password come from PGHOST and the like, or are given here
import pg from 'pg';

const client = new pg.Client();
await client.connect();
// end
import { to as copyTo } from 'pg-copy-streams';
import QueryStream from 'pg-query-stream';

const startOf = (month) => new Date(Date.UTC(2026, month - 1));

// Tells one set of records from another. A CallID arrives as a string.
function summary(callIds) {
  return `${callIds.length} records, CallIDs add up to ${callIds.map(BigInt).reduce((a, b) => a + b)}`;
}

// Tells one file from another.
function checksum(file) {
  return `${Buffer.byteLength(file)} bytes, MD5 ${createHash('md5').update(file).digest('hex')}`;
}

async function records() {
  // snippet: Export a month of one tenant
  const { rows } = await client.query('SELECT * FROM export_cdr($1, $2, $3)',
    [new Date('2026-03-01T00:00Z'), new Date('2026-04-01T00:00Z'), 'acme.example.com']);
  // end
  return summary(rows.map((record) => record.CallID));
}

async function types() {
  const { rows, fields } =
    await client.query("SELECT * FROM export_cdr(tenant => 'types.example.com')");
  const typeOf = (value) => (typeof value === 'object' ? value.constructor.name : typeof value);
  return fields.map(({ name }) => `${name}=${typeOf(rows[0][name])}`).join(', ');
}

async function values() {
  const { rows } = await client.query(`
    SELECT "CallID", "CallerName", "JoinTime", "LeaveTime", "EndpointPublicIPAddress", "CallCompletionCode"
    FROM export_cdr(tenant => 'types.example.com')`);
  const text = (value) => value?.toISOString?.().replace('.000', '') ?? value ?? 'NULL';
  return rows.map((record) => Object.values(record).map(text).join(' ')).join('; ');
}

async function metadata() {
  const shown = [];
  for (const relation of ['ConferenceCall2', 'cdr_report']) {
    const { fields } = await client.query(`SELECT CallState, CallCompletionCode FROM ${relation} LIMIT 0`);
    shown.push(...fields.map(({ name, dataTypeID }) => `${relation}.${name}=OID ${dataTypeID}`));
  }
  return shown.join(', ');
}

async function stream() {
  const callIds = [];
  let batches = 0;
  client.connection.on('portalSuspended', () => batches++);
  // snippet: Read many records, 1,000 at a time, from a cursor in the server
  const stream = client.query(new QueryStream('SELECT * FROM export_cdr($1, $2)',
    [new Date('2026-01-01T00:00Z'), new Date('2026-04-01T00:00Z')], { batchSize: 1000 }));
  for await (const record of stream) {
    callIds.push(record.CallID);
  }
  // end
  return `${summary(callIds)}, ${batches > 10 ? 'in batches' : 'at once'}`;
}

async function copyFile() {
  // snippet: Export into a file
  await pipeline(
    client.query(copyTo(`COPY (SELECT * FROM export_cdr('2026-03-01 00:00Z', '2026-04-01 00:00Z'))
                         TO STDOUT WITH (FORMAT csv, HEADER)`)),
    createWriteStream('node-postgres.csv'));
  // end
  return checksum(readFileSync('node-postgres.csv'));
}

async function csvText() {
  let file = '';
  // snippet: The file as text
  const { rows } = await client.query('SELECT export_cdr_csv($1, $2) AS chunk',
    [new Date('2026-03-01T00:00Z'), new Date('2026-04-01T00:00Z')]);
  for (const { chunk } of rows) {
    file += chunk + '\n';
  }
  // end
  return checksum(file);
}

async function importFile() {
  // snippet: Import a file
  const csv = readFileSync('import.csv', 'utf8');
  const { rows } = await client.query(
    'SELECT inserted, updated, unchanged, rejected FROM import_cdr($1, $2, $3)', [csv, 'UTC', 'raw']);
  const { inserted, updated, unchanged, rejected } = rows[0];
  // end
  const size = Math.floor(Buffer.byteLength(csv) / 10_000_000) * 10;
  return `${size} MB: ${inserted} inserted, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected`;
}

async function refused() {
  let code, hint;
  // snippet: An export of too many records is refused, and the hint says what fits
  try {
    await client.query('SELECT * FROM export_cdr()');
  } catch (error) {
    ({ code, hint } = error);
  }
  // end
  return { code, hint };
}

async function cancel() {
  await client.query('SET ROLE slow_reader');
  let code;
  // snippet: Cancel an export, from another connection; statement_timeout does it by the clock
  const exporting = client.query('SELECT * FROM export_cdr($1, $2)',
    [new Date('2026-01-01T00:00Z'), new Date('2026-07-01T00:00Z')]);
  const refusal = exporting.catch((error) => error);
  await setTimeout(500);
  await promisify(execFile)(process.env.UNTIL_EXPORTING); // test
  const other = new pg.Client();
  await other.connect();
  await other.query('SELECT pg_cancel_backend($1)', [client.processID]);
  await other.end();
  ({ code } = await refusal);
  // end
  await client.query('RESET ROLE');
  return `${code}, then ${await records()}`;
}

async function prepared() {
  let count = 0;
  // snippet: A statement that is prepared once: by its name
  for (let month = 1; month <= 10; month++) {
    const { rows } = await client.query({
      name: 'month', text: 'SELECT count(*)::int FROM export_cdr($1, $2)',
      values: [startOf(month), startOf(month + 1)] });
    count += rows[0].count;
  }
  // end
  const { rows } = await client.query(
    "SELECT generic_plans > 0 AS generic FROM pg_prepared_statements WHERE name = 'month'");
  return `${count} records, with ${rows[0].generic ? 'a' : 'no'} generic plan`;
}

const steps = {
  records, types, values, metadata, stream, 'copy file': copyFile, 'csv text': csvText, import: importFile,
  refusal: async () => (await refused()).code, hint: async () => (await refused()).hint, cancel, prepared };
for (const [name, step] of Object.entries(steps)) {
  try {
    console.log(`ok ${name} - ${await step()}`);
  } catch (error) {
    console.log(`FAIL ${name} - ${String(error).replace(/\s+/g, ' ')}`);
  }
}
await client.end();
