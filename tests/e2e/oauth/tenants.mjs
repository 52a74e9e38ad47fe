// A person who belongs to several tenants, on the store that KEYSTEAD_TEST_STORE names.
import assert from 'node:assert/strict';
import { store } from '../harness/contract.mjs';
import { Person, csrfOf } from '../harness/person.mjs';
import { database } from '../harness/postgres.mjs';
import { demo, serve } from '../harness/server.mjs';

const place = async () => (store === 'postgres' ? (await database()).url : undefined);

export const demoOnStore = async (config) => demo({ config, data: await place() });
export const serveOnStore = async (config) => serve({ config, data: await place() });

export async function signedIn(server) {
  const person = new Person(server);
  assert.equal((await person.signIn(server.console.email, server.console.password)).status, 200);
  return person;
}

// Another tenant that the person of the demo joins, by its id.
export async function joinAnother(server, name, role = 'member') {
  const { id } = await server.admin('tenant', 'create', '--name', name);
  const { link } = await server.admin('user', 'invite', '--email', server.console.email, '--tenant', id, '--role', role);
  const path = new URL(link).pathname;
  const person = await signedIn(server);
  const accepted = await person.form(path, { csrf_token: csrfOf(await person.get(path)) });
  assert.equal(accepted.status, 303, accepted.text);
  return id;
}

// The server as a client sees it that was told the address of the tenant's MCP endpoint.
export const ownOf = (server, tenant) => ({ url: `${server.url}/t/${tenant}`, mcp: `${server.url}/t/${tenant}/mcp` });
