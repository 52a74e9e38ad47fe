// The management rows with a session: what a person who has signed in does with keys in the console of each product.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Person } from '../harness/person.mjs';
import { makeKey, product, request, rpc } from '../harness/contract.mjs';

const products = {
  nippy: { path: '/keys', header: 'x-api-key', form: /^npk_/, wanted: {} },
  navis: { path: '/keys', header: 'authorization', form: /^nops_/, wanted: { scopes: ['mcp:read'] } },
  noukai: { path: '/keys', header: 'authorization', form: /^nk_test_/, wanted: { environment: 'test' } },
  nenjo: { path: '/api-keys', header: 'x-api-key', form: /^nen_[0-9a-f]{64}$/, wanted: { scopes: ['projects:read'] } },
};
const servers = Object.fromEntries(await Promise.all(Object.keys(products).map(async (name) => [name, await product(name)])));

for (const [name, { path, header, form, wanted }] of Object.entries(products)) {
  describe(`${name}: whoever signs in`, () => {
    const server = servers[name];
    const withKey = (key) => ({ [header]: header === 'authorization' ? `Bearer ${key}` : key });
    const lists = (key) => request(server.mcp, {
      method: 'POST', headers: { 'content-type': 'application/json', ...withKey(key) },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
    });

    test('creates a key that is shown once, finds it in the list, and revokes it at once', async () => {
      const person = new Person(server);
      const signedIn = await person.signIn(server.console.email, server.console.password);
      assert.equal(signedIn.status, 200, signedIn.text);
      const made = await person.rest('POST', path, { name: 'Laptop', ...wanted });
      assert.equal(made.status, 201, made.text);
      const key = Object.values(made.json).find((value) => form.test(value) && value.length > 20);
      assert.ok(key, made.text);
      assert.equal((await lists(key)).status, 200);
      const list = await person.rest('GET', path);
      assert.equal(list.status, 200);
      assert.ok(!list.text.includes(key));
      const found = list.json.items.find(({ id }) => id === made.json.id);
      assert.equal(found.name, 'Laptop');
      const by = found.user_id ?? found.created_by;
      assert.equal(by, `user:${signedIn.json.user_id}`);
      assert.equal((await person.rest('DELETE', `${path}/${made.json.id}`)).status, 200);
      assert.equal((await lists(key)).status, 401);
    });

    test('Attack111: finds no key of another tenant', async () => {
      const { id } = await server.admin('tenant', 'create', '--name', 'Elsewhere');
      const tenant = name === 'noukai' ? (await server.admin('tenant', 'create', '--name', 'Inner', '--parent', id)).id : id;
      const foreign = await makeKey(server, tenant, { more: name === 'noukai' ? ['--env', 'live'] : [] });
      const person = new Person(server);
      await person.signIn(server.console.email, server.console.password);
      assert.equal((await person.rest('GET', `${path}/${foreign.id}`)).status, 404);
      assert.equal((await person.rest('DELETE', `${path}/${foreign.id}`)).status, 404);
      assert.equal((await lists(foreign.key)).status, 200);
    });
  });
}

test('what a session changes, a key reads, over the other surface', async () => {
  const person = new Person(servers.nenjo);
  await person.signIn(servers.nenjo.console.email, servers.nenjo.console.password);
  assert.equal((await person.rest('POST', '/projects', { name: 'Shared', slug: 'shared' })).status, 201);
  const { json } = await rpc(servers.nenjo, servers.nenjo.key, 'tools/call', { name: 'projects_list', arguments: {} });
  assert.match(JSON.stringify(json.result), /Shared/);
});
