// GET /api/v1/whoami: a caller learns what its key is and may do, and nothing about the tenant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bearer, request } from '../harness/http.mjs';
import { serve } from '../harness/server.mjs';

const server = await serve();
const writer = await server.tenant('Who', 'data:write');
const reader = await server.key(writer.tenant, 'data:read');
const whoami = (headers, method = 'GET') => request(`${server.url}/api/v1/whoami`, { method, headers });

test('names the key that was presented and every scope it has, implied ones too', async () => {
  const answer = await whoami(bearer(writer.key));
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'application/json');
  assert.deepEqual(answer.json, { key_id: writer.id, scopes: ['data:read', 'data:write'] });
  assert.deepEqual((await whoami({ 'x-api-key': reader.key })).json, { key_id: reader.id, scopes: ['data:read'] });
});

test('says neither the tenant nor the key', async () => {
  const { text, rawHeaders } = await whoami(bearer(writer.key));
  for (const secret of [writer.tenant, writer.key, 'Who']) {
    assert.ok(!text.includes(secret) && !rawHeaders.join('\n').includes(secret), secret);
  }
});

test('is for callers with a key only', async () => {
  assert.equal((await whoami({})).status, 401);
  assert.equal((await whoami(bearer(`${writer.key.slice(0, -1)}!`))).status, 401);
  assert.equal((await whoami(bearer(writer.key), 'POST')).status, 405);
  const head = await whoami(bearer(writer.key), 'HEAD');
  assert.equal(head.status, 200);
  assert.equal(head.text, '');
});
