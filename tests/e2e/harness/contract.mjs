// A product of examples/ as `keystead demo --config` serves it, on the store that KEYSTEAD_TEST_STORE names: sqlite or postgres.
import assert from 'node:assert/strict';
import http from 'node:http';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request, rest } from './http.mjs';
import { rpc } from './mcp.mjs';
import { database } from './postgres.mjs';
import { demo } from './server.mjs';

export const store = process.env.KEYSTEAD_TEST_STORE ?? 'sqlite';
assert.ok(['sqlite', 'postgres'].includes(store), `KEYSTEAD_TEST_STORE is sqlite or postgres, not ${store}`);

export const exampleOf = (name) => fileURLToPath(new URL(`../../../examples/${name}.yaml`, import.meta.url));

// The running product. With postgres, `database` is where its data are.
export async function product(name, { env } = {}) {
  const place = store === 'postgres' ? await database() : undefined;
  const server = await demo({ file: exampleOf(name), data: place?.url, env });
  if (place) {
    const tables = await place.sql("SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')");
    if (tables === '0') {
      await server.kill();
      assert.fail('the data are not in the database');
    }
  }
  return Object.assign(server, { database: place });
}

// Another tenant with a key: {tenant, key, id}. With two levels, `parent` is the id of the outer one.
export async function neighbour(server, name, { parent, scopes = [], more = [] } = {}) {
  const above = parent ? ['--parent', parent] : [];
  const { id, slug } = await server.admin('tenant', 'create', '--name', name, ...above);
  return { slug, ...(await makeKey(server, id, { scopes, more })) };
}

export async function makeKey(server, tenant, { name = 'made', scopes = [], more = [] } = {}) {
  const wanted = scopes.flatMap((scope) => ['--scope', scope]);
  const made = await server.admin('key', 'create', '--tenant', tenant, '--name', name, ...wanted, ...more);
  return { tenant, key: made.key, id: made.id };
}

// From another address of this machine: failed authentications are counted by address, and a test that fails often must not be
// in the way of the others.
let lastAddress = 1;
export function elsewhere() {
  return new http.Agent({ localAddress: `127.0.0.${++lastAddress}`, keepAlive: true });
}

// What `expires_at` and `--expires` take, whole seconds from now.
export const inSeconds = (seconds) => new Date((Math.ceil(Date.now() / 1000) + seconds) * 1000).toISOString().replace('.000', '');

// Resolves when the moment is over, by the clock that the server on this machine has too.
export async function until(moment) {
  const end = new Date(moment).getTime();
  while (Date.now() < end) await new Promise((resolve) => setTimeout(resolve, end - Date.now() + 1));
}

// Resolves when the operator finds the text in the log, which comes by another way than the answer.
export async function logged(server, text) {
  for (let i = 0; i < 500 && !server.log.includes(text); ++i) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(server.log.includes(text), `the log does not say ${text}:\n${server.log}`);
}

export const flipLast = (key) => key.slice(0, -1) + (key.at(-1) === 'a' ? 'b' : 'a');

export async function toolsOf(server, key) {
  const tools = [];
  let cursor;
  do {
    const { json } = await rpc(server, key, 'tools/list', cursor ? { cursor } : {});
    tools.push(...json.result.tools);
    cursor = json.result.nextCursor;
  } while (cursor);
  return tools;
}

export const call = (server, key, name, args = {}) => rpc(server, key, 'tools/call', { name, arguments: args });

export async function called(server, key, name, args = {}) {
  const answer = await call(server, key, name, args);
  assert.equal(answer.status, 200, answer.text);
  assert.ok(answer.json.result && !answer.json.result.isError, answer.text);
  return answer.json.result.structuredContent;
}

// The row is not there, as far as this caller can see, by the tool and over REST.
export function assertNotThere(answer) {
  assert.notEqual(answer.status, 403, answer.text);
  if (answer.status === 404) return;
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.result?.isError, true, answer.text);
  assert.match(answer.text, /no such|not found|there is no/i);
}

// Damages the rows of a tenant that no request has touched yet, so that its next call breaks on our side.
export async function damage(server, tenant, table) {
  if (server.database) await server.database.sql(`DROP TABLE keystead.c_${table} CASCADE`);
  else writeFileSync(join(server.data, 'tenants', `${tenant}.db`), 'This is no database. '.repeat(500));
}

// All that is stored, as one buffer.
export async function stored(server) {
  if (server.database) return Buffer.from(await server.database.dump());
  const paths = readdirSync(server.data, { recursive: true }).map((name) => join(server.data, name));
  return Buffer.concat(paths.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path)));
}

// The challenge of RFC 6750 as {realm, error, scope, …}.
export function challengeOf(answer) {
  const header = answer.headers['www-authenticate'] ?? '';
  assert.match(header, /^Bearer /, 'the challenge names its scheme first');
  return Object.fromEntries([...header.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}

// What the audit log and an administrator of the tenant say about a denial.
export async function assertExplained(server, key, answer, expected) {
  const id = answer.headers['x-request-id'];
  assert.ok(id, 'every denial carries its id');
  const shown = await rest(server, key, 'GET', `/denials/${id}`);
  assert.equal(shown.status, 200, shown.text);
  for (const [name, value] of Object.entries({ id, ...expected })) assert.deepEqual(shown.json[name], value, `${name}: ${shown.text}`);
  const why = await server.admin('why', id);
  assert.equal(why.id, id);
}

export { request, rest, rpc };
