// A private PostgreSQL server for one test file, started when the first test asks and ended with the process, and fresh databases
// on it, each owned by a role that may do nothing else.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { binary } from './keystead.mjs';

const program = fileURLToPath(new URL('../../postgres/server', import.meta.url));
const run = promisify(execFile);
let started;
let databases = 0;

// Resolves to the folder of its Unix socket. It ends with its standard input, and so with this process however that ends; no hook
// of a test ends it, because the servers that use it end by such hooks, and later.
async function start() {
  const cache = join(dirname(binary), 'e2e-postgres');
  mkdirSync(cache, { recursive: true });
  const child = spawn(program, [cache], { stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  const folder = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('close', (status) => reject(new Error(`PostgreSQL did not start (${status}):\n${log}`)));
  });
  for (const handle of [child, ...child.stdio]) handle.unref();
  return folder;
}

async function sql(folder, text, database = 'postgres') {
  const { stdout } = await run('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-U', 'postgres', '-d', database, '-c', text]);
  return stdout.trim();
}

// A fresh database: {url, sql(text), dump()}, the latter two as the superuser, whom no wall holds.
export async function database() {
  started ??= start();
  const folder = await started;
  const name = `e2e${++databases}`;
  await sql(folder, `CREATE ROLE ${name} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE`);
  await sql(folder, `CREATE DATABASE ${name} OWNER ${name}`);
  return {
    url: `postgresql://${name}@${encodeURIComponent(folder)}/${name}`,
    sql: (text) => sql(folder, text, name),
    dump: async () => (await run('pg_dump', ['-h', folder, '-U', 'postgres', name], { maxBuffer: 2 ** 28 })).stdout,
  };
}
