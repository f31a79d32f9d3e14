// Runs in DuckDB what standard input says, a statement per line, and answers each with a line: the
// milliseconds that it took, or the error. Needs npm's package @duckdb/node-api beside it.
//
// Usage: node duckdb_worker.mjs DATABASE_FILE
import { createInterface } from "node:readline";
import duckdb, { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(process.argv[2]);
const connection = await instance.connect();
console.log(duckdb.version());

for await (const statement of createInterface({ input: process.stdin })) {
  try {
    const begin = performance.now();
    await connection.run(statement);
    console.log(performance.now() - begin);
  } catch (error) {
    console.log(`error: ${error.message.replaceAll("\n", " ")}`);
  }
}
