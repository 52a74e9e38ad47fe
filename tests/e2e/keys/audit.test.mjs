// The audit log from outside: what is in it, that a change is found, and that denials can be explained.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rest } from '../harness/http.mjs';
import { post, rpc } from '../harness/mcp.mjs';
import { keystead, keysteadJson } from '../harness/keystead.mjs';
import { serve } from '../harness/server.mjs';

const server = await serve();
const admin = await server.tenant('Audit', 'data:write');
const reader = await server.key(admin.tenant, 'data:read');
const stranger = await server.tenant('Stranger', 'data:write');

const denied = await rest(server, reader.key, 'POST', '/notes', { title: 'x' });

test('a denial tells an id, and why is answered to the tenant and to the operator', async () => {
  const id = denied.headers['x-request-id'];
  assert.match(id, /^[0-9a-f-]{36}$/);
  const told = await rest(server, admin.key, 'GET', `/denials/${id}`);
  assert.equal(told.status, 200, told.text);
  assert.equal(told.json.reason, 'insufficient_scope');
  assert.equal(told.json.scope_needed, 'data:write');
  assert.deepEqual(told.json.scopes_held, ['data:read']);
  assert.match(told.json.would_grant, /data:write/);
  const why = await keysteadJson(['why', id, ...server.where]);
  assert.equal(why.reason, 'insufficient_scope');
});

test('Attack111: another tenant is told nothing about it, nor is a key that may not manage', async () => {
  const id = denied.headers['x-request-id'];
  const theirs = await rest(server, stranger.key, 'GET', `/denials/${id}`);
  const none = await rest(server, stranger.key, 'GET', '/denials/01a20456-c277-74dd-9915-675351979584');
  assert.equal(theirs.status, 404);
  assert.equal(theirs.text, none.text);
  assert.equal((await rest(server, reader.key, 'GET', `/denials/${id}`)).status, 403);
});

test('every denial and every act has a row, and none holds a credential', async () => {
  const bad = `${reader.key.slice(0, -8)}AAAAAAAA`;
  const refused = await rpc(server, bad, 'ping');
  const bare = await post(server, null, { jsonrpc: '2.0', id: 1, method: 'ping' });
  const rows = await keysteadJson(['audit', 'tail', '-n', '1000', ...server.where]);
  const text = JSON.stringify(rows);
  for (const secret of [admin.key, reader.key, bad]) assert.ok(!text.includes(secret));
  const events = new Set(rows.map(({ event }) => event));
  for (const event of ['tenant.create', 'key.create', 'denied.insufficient_scope', 'denied.invalid_credential',
    'denied.missing_credential']) assert.ok(events.has(event), `${event} in ${[...events]}`);
  for (const answer of [refused, bare, denied]) {
    assert.ok(rows.some(({ request }) => request === answer.headers['x-request-id']), 'by the id of the request');
  }
});

test('Attack112: nothing that a caller sends forges a row or a line', async () => {
  const evil = 'a\r\n{"event":"forged"}\u001b[31m=cmd()';
  await server.admin('tenant', 'create', '--name', 'plain');
  const { status } = await keystead(['tenant', 'create', '--name', evil, ...server.where]);
  assert.equal(status, 1, 'control characters are no name');
  const named = await rest(server, admin.key, 'POST', '/keys', { name: evil });
  assert.equal(named.status, 400);
  const tail = await keystead(['audit', 'tail', '-n', '1000', ...server.where]);
  assert.ok(!tail.stdout.includes('\u001b'));
  assert.ok(!tail.stdout.split('\n').some((line) => line.startsWith('{"event":"forged"')));
});

test('audit verify finds the log intact and says its head, which a later log still holds', async () => {
  const before = await keysteadJson(['audit', 'verify', ...server.where]);
  assert.equal(before.intact, true);
  await server.admin('tenant', 'create', '--name', 'later');
  const after = await keysteadJson(['audit', 'verify', '--head', before.head, ...server.where]);
  assert.ok(after.records > before.records);
  const { status, stderr } = await keystead(['audit', 'verify', '--head', '0'.repeat(64), ...server.where]);
  assert.equal(status, 1);
  assert.match(stderr, /does not hold the head/);
});

test('revoking by whoever holds the key ends it at once', async () => {
  const made = await rest(server, admin.key, 'POST', '/keys', { name: 'short', scopes: ['data:read'] });
  assert.equal(made.status, 201, made.text);
  assert.equal((await rest(server, made.json.key, 'DELETE', '/keys/self')).status, 200);
  assert.equal((await rpc(server, made.json.key, 'ping')).status, 401);
});

test('rotation gives a successor, and the old key goes on for the overlap', async () => {
  const made = await rest(server, admin.key, 'POST', '/keys', { name: 'turn', scopes: ['data:read'] });
  const rotated = await rest(server, admin.key, 'POST', `/keys/${made.json.id}/rotate`, { overlap: '1h' });
  assert.equal(rotated.status, 201, rotated.text);
  assert.notEqual(rotated.json.key, made.json.key);
  for (const key of [made.json.key, rotated.json.key]) assert.equal((await rpc(server, key, 'ping')).status, 200);
});

test('an allow-list of addresses holds a key to them', async () => {
  const elsewhere = await rest(server, admin.key, 'POST', '/keys', { name: 'far', addresses: ['203.0.113.0/24'] });
  assert.equal(elsewhere.status, 201, elsewhere.text);
  assert.equal((await rpc(server, elsewhere.json.key, 'ping')).status, 403);
  const here = await rest(server, admin.key, 'POST', '/keys', { name: 'near', addresses: ['127.0.0.0/8', '::1'] });
  assert.equal((await rpc(server, here.json.key, 'ping')).status, 200);
  const wrong = await rest(server, admin.key, 'POST', '/keys', { name: 'odd', addresses: ['300.1.1.1'] });
  assert.equal(wrong.status, 400);
});

test('Attack116: X-Forwarded-For of a stranger changes no address', async () => {
  const elsewhere = await rest(server, admin.key, 'POST', '/keys', { name: 'far', addresses: ['203.0.113.0/24'] });
  const answer = await rpc(server, elsewhere.json.key, 'ping', {}, { 'x-forwarded-for': '203.0.113.5' });
  assert.equal(answer.status, 403);
});
