// Browsers: a page of another origin is not served, whatever its Host says; clients that are no browsers send no Origin.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bearer, request } from '../harness/http.mjs';
import { rpc } from '../harness/mcp.mjs';
import { plainConfig, serve } from '../harness/server.mjs';

const server = await serve({ config: `${plainConfig}origins: ["https://app.example.com"]\n` });
const { key } = await server.tenant('Origins');

test('Attack79: another origin is refused with 403, whatever its key', async () => {
  for (const origin of ['http://evil.example.com', 'null', 'https://app.example.com.evil.example', 'https://APP.example.com:444', 'app.example.com', '']) {
    const { status } = await rpc(server, key, 'tools/list', {}, { origin });
    assert.equal(status, 403, origin);
  }
});

test('the configured origin is served and told so', async () => {
  const { status, headers } = await rpc(server, key, 'tools/list', {}, { origin: 'https://app.example.com' });
  assert.equal(status, 200);
  assert.equal(headers['access-control-allow-origin'], 'https://app.example.com');
  assert.match(headers['access-control-expose-headers'], /WWW-Authenticate/i);
});

test('a preflight request names what a client must send', async () => {
  const { status, headers } = await request(server.mcp, {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,mcp-method' },
  });
  assert.equal(status, 204);
  for (const name of ['Authorization', 'Mcp-Method', 'Mcp-Name', 'MCP-Protocol-Version', 'Content-Type']) {
    assert.match(headers['access-control-allow-headers'], new RegExp(name, 'i'));
  }
});

test('a cookie is no credential', async () => {
  const { status } = await request(`${server.url}/api/v1/notes`, { headers: { cookie: `authorization=Bearer ${key}; api_key=${key}` } });
  assert.equal(status, 401);
});

test('no Origin is no obstacle', async () => {
  assert.equal((await request(`${server.url}/api/v1/notes`, { headers: bearer(key) })).status, 200);
});
