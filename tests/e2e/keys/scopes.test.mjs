// What a key may do is what its scopes say, by whichever door it comes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rest } from '../harness/http.mjs';
import { callTool, modernRpc, post, rpc, toolNames } from '../harness/mcp.mjs';
import { keysteadRefuses } from '../harness/keystead.mjs';
import { serve } from '../harness/server.mjs';

const server = await serve();
const writer = await server.tenant('Scopes', 'data:write');
const reader = await server.key(writer.tenant, 'data:read');
const row = await callTool(server, writer.key, 'notes_create', { title: 'kept' });

const writes = {
  notes_create: { title: 'x' },
  notes_update: { id: row.id, title: 'changed' },
  notes_delete: { id: row.id },
};

function assertDenied(answer) {
  assert.equal(answer.status, 403, answer.text);
  const challenge = answer.headers['www-authenticate'] ?? '';
  assert.match(challenge, /^Bearer .*error="insufficient_scope"/);
  assert.match(challenge, /scope="data:write"/);
  assert.match(answer.text, /data:write/, 'the answer names the scope that would do');
}

describe('Attack8: a read-only key', () => {
  for (const [name, args] of Object.entries(writes)) {
    test(`is refused ${name}, in each era`, async () => {
      assertDenied(await rpc(server, reader.key, 'tools/call', { name, arguments: args }));
      assertDenied(await modernRpc(server, reader.key, 'tools/call', { name, arguments: args }));
    });
  }

  test('is refused each write route', async () => {
    assertDenied(await rest(server, reader.key, 'POST', '/notes', { title: 'x' }));
    assertDenied(await rest(server, reader.key, 'PATCH', `/notes/${row.id}`, { title: 'x' }));
    assertDenied(await rest(server, reader.key, 'DELETE', `/notes/${row.id}`));
  });

  test('is refused before its arguments are looked at', async () => {
    assertDenied(await rpc(server, reader.key, 'tools/call', { name: 'notes_create', arguments: { nonsense: 1 } }));
    assertDenied(await rest(server, reader.key, 'DELETE', '/notes/not-an-id'));
  });

  test('a batch does not get around it', async () => {
    const { status, json } = await rpcBatch(Object.entries(writes));
    assert.equal(status, 200);
    for (const answer of json) assert.ok(answer.error, JSON.stringify(answer));
  });

  test('may read', async () => {
    assert.equal((await callTool(server, reader.key, 'notes_get', { id: row.id })).title, 'kept');
    assert.equal((await rest(server, reader.key, 'GET', `/notes/${row.id}`)).json.title, 'kept');
  });
});

function rpcBatch(calls) {
  const batch = calls.map(([name, args], i) => ({ jsonrpc: '2.0', id: i, method: 'tools/call', params: { name, arguments: args } }));
  return post(server, reader.key, batch, { 'mcp-protocol-version': '2025-03-26' });
}

test('Attack82: tools/list shows what the caller may call, and nothing else', async () => {
  assert.deepEqual(await toolNames(server, reader.key), ['notes_get', 'notes_list', 'whoami']);
  const all = await toolNames(server, writer.key);
  assert.deepEqual(all, ['notes_create', 'notes_delete', 'notes_get', 'notes_list', 'notes_update', 'whoami']);
  const modern = await modernRpc(server, reader.key, 'tools/list');
  assert.deepEqual(modern.json.result.tools.map((tool) => tool.name), ['notes_get', 'notes_list', 'whoami']);
  // Shared caches must not show one caller's list to another.
  assert.equal(modern.json.result.cacheScope, 'private');
});

test('Attack81: a tool is found by the exact bytes of its name', async () => {
  for (const name of ['Notes_get', 'notes_get ', ' notes_get', 'notes_gеt', 'notes_get\u0000', 'notes.get', '']) {
    const { json } = await rpc(server, writer.key, 'tools/call', { name, arguments: { id: row.id } });
    assert.equal(json.error?.code, -32602, JSON.stringify(json));
  }
});

test('Attack7: a tenant in the body does not choose the tenant', async () => {
  const other = await server.tenant('Other', 'data:write');
  for (const name of ['tenant', 'tenantId', 'tenant_id', 'userId']) {
    const body = { title: `sent with ${name}`, [name]: other.tenant };
    await rpc(server, writer.key, 'tools/call', { name: 'notes_create', arguments: body });
    await rest(server, writer.key, 'POST', '/notes', body);
    await rest(server, writer.key, 'POST', `/notes?${name}=${other.tenant}`, { title: 'x' });
    await rest(server, writer.key, 'POST', '/notes', { title: 'x' }, { [`x-${name.replaceAll('_', '-')}`]: other.tenant });
  }
  assert.deepEqual((await callTool(server, other.key, 'notes_list')).items, []);
});

test('Attack13: a key makes no key that is stronger', async () => {
  const { status } = await rest(server, reader.key, 'POST', '/keys', { name: 'mine', scopes: ['data:read'] });
  assert.equal(status, 403, 'managing keys needs all scopes where the file does not say');
  const limited = await server.admin('key', 'create', '--tenant', writer.tenant, '--name', 'short', '--expires', '1h');
  for (const wish of [{ expires_in: '30d' }, {}]) {
    const made = await rest(server, limited.key, 'POST', '/keys', { name: 'longer', ...wish });
    assert.ok(made.status === 403 || new Date(made.json.expires_at) <= new Date(limited.expires_at), made.text);
  }
  for (const path of ['/api-keys', '/tenants', '/admin/keys']) {
    const answer = await rest(server, writer.key, 'POST', path, { name: 'mine', scopes: ['data:write'] });
    assert.ok(answer.status === 404 || answer.status === 405, `${path}: ${answer.status}`);
  }
});

test('a key is not made with a scope that is not declared', async () => {
  const line = await keysteadRefuses(
    ['key', 'create', '--tenant', writer.tenant, '--name', 'x', '--scope', 'data:everything', ...server.where]);
  assert.match(line, /data:everything/);
});
