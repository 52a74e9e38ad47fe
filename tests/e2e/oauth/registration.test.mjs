// Clients that introduce themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request } from '../harness/http.mjs';
import { serve } from '../harness/server.mjs';
import { oauthConfig, register } from './flow.mjs';

const server = await serve({ config: oauthConfig() });

// What these applications send today.
const known = {
  'Cursor': { client_name: 'Cursor', redirect_uris: ['cursor://anysphere.cursor-mcp/oauth/callback', 'http://localhost:8787/callback', 'https://www.cursor.com/agents/mcp/oauth/callback'], token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
  'VS Code': { client_name: 'Visual Studio Code', client_uri: 'https://code.visualstudio.com', redirect_uris: ['https://insiders.vscode.dev/redirect', 'https://vscode.dev/redirect', 'http://127.0.0.1/', 'http://127.0.0.1:33418/'], grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'], response_types: ['code'], token_endpoint_auth_method: 'none', application_type: 'native' },
  'claude.ai': { client_name: 'Claude', redirect_uris: ['https://claude.ai/api/mcp/auth_callback'], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'client_secret_post', scope: 'openid email' },
  'mcp-remote': { client_name: 'MCP CLI Proxy', redirect_uris: ['http://localhost:3334/oauth/callback'], token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], software_id: '2e6dc280-f3c3-4e01-99a7-8181dbd1d23d', software_version: '0.15.1' },
};
for (const [name, metadata] of Object.entries(known)) {
  test(`${name} is registered with what it returns to`, async () => {
    const { status, headers, json } = await register(server, metadata);
    assert.equal(status, 201);
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(json.client_id, /^kc_/);
    assert.deepEqual(json.redirect_uris, metadata.redirect_uris);
    assert.equal(json.token_endpoint_auth_method, metadata.token_endpoint_auth_method);
    assert.equal(json.client_secret === undefined, metadata.token_endpoint_auth_method === 'none');
    assert.deepEqual(json.grant_types, metadata.grant_types);
  });
}

test('Attack42: one bad redirect URI of several is named', async () => {
  for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'windsurf://cb', 'http://app.example/cb', 'https://app.example/cb#x']) {
    const { status, json } = await register(server, { redirect_uris: ['https://app.example/cb', bad] });
    assert.equal(status, 400, bad);
    assert.equal(json.error, 'invalid_redirect_uri');
    assert.match(json.error_description, /^redirect_uris\[1\]: /);
  }
});

test('Attack63: a client cannot widen what it is', async () => {
  const { json } = await register(server, { redirect_uris: ['https://app.example/cb'], grant_types: ['authorization_code', 'client_credentials', 'password'], scope: 'data:write admin', client_id: 'kc_mine', client_secret: 'mine', token_endpoint_auth_method: 'none' });
  assert.deepEqual(json.grant_types, ['authorization_code']);
  assert.notEqual(json.client_id, 'kc_mine');
  assert.equal(json.client_secret, undefined);
});

test('what is no metadata is refused in the words of RFC 7591', async () => {
  for (const body of ['', '[]', '{', '{"redirect_uris":[]}', '{"redirect_uris":"x"}', '{"redirect_uris":["https://a.example/cb"],"redirect_uris":[]}']) {
    const { status, json } = await register(server, body);
    assert.equal(status, 400, body);
    assert.match(json.error, /^invalid_(client_metadata|redirect_uri)$/);
  }
  assert.equal((await register(server, '{"redirect_uris":["https://a.example/cb"]}', { 'content-type': 'text/plain' })).status, 400);
});

test('a client that is a page of another origin may register', async () => {
  const origin = 'https://inspector.example';
  const preflight = await request(`${server.url}/oauth/register`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' } });
  assert.equal(preflight.status, 204);
  const { status, headers } = await register(server, { redirect_uris: ['https://inspector.example/cb'], token_endpoint_auth_method: 'none' }, { origin });
  assert.equal(status, 201);
  assert.equal(headers['access-control-allow-origin'], '*');
});

test('Attack62: so many come from one address in a minute, and no more', async () => {
  const few = await serve({ config: `${oauthConfig()}rate_limits: { address: 5/1m }\n` });
  const statuses = [];
  for (let i = 0; i < 7; ++i) statuses.push((await register(few, { redirect_uris: ['https://a.example/cb'] })).status);
  assert.deepEqual(statuses, [201, 201, 201, 201, 201, 429, 429]);
  const refused = await register(few, { redirect_uris: ['https://a.example/cb'] });
  assert.ok(Number(refused.headers['retry-after']) > 0);
});

test('where clients may not register there is no such address, and none is told', async () => {
  const closed = await serve({ config: oauthConfig(', registration: false') });
  assert.equal((await register(closed, known.Cursor)).status, 404);
  assert.equal((await request(`${closed.url}/.well-known/oauth-authorization-server`)).json.registration_endpoint, undefined);
});
