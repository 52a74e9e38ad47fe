// How a client that knows only the address of the endpoint finds out where to sign in, and how it finds out that it need not.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { bearer, request } from '../harness/http.mjs';
import { challengeOf } from '../harness/contract.mjs';
import { plainConfig, serve } from '../harness/server.mjs';

async function freePort() {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

const server = await serve({ config: `${plainConfig}oauth: {}\n` });
const keysOnly = await serve();

// Behind a proxy that serves it below a path.
const port = await freePort();
await serve({
  config: plainConfig.replace('name: e2e', 'name: e2e, url: "https://ops.example/t1"') + 'oauth: { scopes: ["data:read"] }\n',
  args: ['--listen', `127.0.0.1:${port}`],
});
const below = `http://127.0.0.1:${port}`;

const wellKnown = (name, rest = '') => `/.well-known/${name}${rest}`;
const asServer = 'oauth-authorization-server';
const asOpenId = 'openid-configuration';
const asResource = 'oauth-protected-resource';

test('each 401 of the endpoint, also to a GET, leads to the metadata and names the scopes', async () => {
  for (const options of [{}, { method: 'POST', body: '{}' }, { method: 'DELETE' }, { headers: bearer('nonsense') }]) {
    const answer = await request(server.mcp, options);
    assert.equal(answer.status, 401);
    const challenge = challengeOf(answer);
    assert.equal(challenge.resource_metadata, server.url + wellKnown(asResource, '/mcp'));
    assert.equal(challenge.scope, 'data:read data:write');
    assert.equal(challenge.error, options.headers && 'invalid_token');
  }
});

test('the resource names its authorization server, at the root and with its path', async () => {
  for (const path of [wellKnown(asResource), wellKnown(asResource, '/mcp')]) {
    const { status, headers, json } = await request(server.url + path);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(json.resource, server.mcp);
    assert.deepEqual(json.authorization_servers, [server.url]);
    assert.deepEqual(json.scopes_supported, ['data:read', 'data:write']);
  }
});

test('the authorization server is described in both forms, without a null', async () => {
  for (const name of [asServer, asOpenId]) {
    const { status, text, json } = await request(server.url + wellKnown(name));
    assert.equal(status, 200);
    assert.equal(json.issuer, server.url);
    assert.deepEqual(json.code_challenge_methods_supported, ['S256']);
    assert.equal(json.authorization_response_iss_parameter_supported, true);
    assert.equal(json.client_id_metadata_document_supported, true);
    assert.ok(json.token_endpoint_auth_methods_supported.includes('none'));
    assert.ok(!json.scopes_supported.includes('offline_access'));
    assert.doesNotMatch(text, /null/);
    for (const [member, value] of Object.entries(json)) {
      if (/_endpoint$|_uri$/.test(member)) assert.ok(value.startsWith(`${server.url}/`), member);
    }
  }
});

test('an issuer with a path is found at every address that clients try', async () => {
  for (const path of [wellKnown(asServer, '/t1'), wellKnown(asOpenId, '/t1'), `/t1${wellKnown(asOpenId)}`]) {
    assert.equal((await request(below + path)).json.issuer, 'https://ops.example/t1', path);
  }
  const challenge = challengeOf(await request(`${below}/mcp`));
  assert.equal(challenge.resource_metadata, 'https://ops.example/.well-known/oauth-protected-resource/t1/mcp');
  assert.equal(challenge.scope, 'data:read');
  const { json } = await request(below + wellKnown(asResource, '/t1/mcp'));
  assert.equal(json.resource, 'https://ops.example/t1/mcp');
  assert.deepEqual(json.authorization_servers, ['https://ops.example/t1']);
  assert.deepEqual(json.scopes_supported, ['data:read']);
});

test('Attack72: no header of a request gets into the metadata', async () => {
  const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' };
  for (const name of [asServer, asOpenId, asResource]) {
    assert.doesNotMatch((await request(server.url + wellKnown(name), { headers })).text, /evil/);
  }
  assert.doesNotMatch((await request(server.mcp, { headers })).headers['www-authenticate'], /evil/);
});

test('a page of any origin may read the metadata, and nothing else for it', async () => {
  const origin = 'https://app.elsewhere.example';
  for (const name of [asServer, asOpenId, asResource]) {
    const read = await request(server.url + wellKnown(name), { headers: { origin } });
    assert.equal(read.status, 200);
    assert.equal(read.headers['access-control-allow-origin'], '*');
    assert.equal(read.headers['access-control-allow-credentials'], undefined);
    assert.match(read.headers['access-control-expose-headers'], /WWW-Authenticate/);
    const asked = { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'mcp-protocol-version' };
    const preflight = await request(server.url + wellKnown(name), { method: 'OPTIONS', headers: asked });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers['access-control-allow-headers'], /mcp-protocol-version/i);
  }
  assert.equal((await request(server.mcp, { headers: { origin } })).status, 403);
});

test('where there are only keys, nothing sends a client with a key through a sign-in', async () => {
  for (const path of [wellKnown(asServer), wellKnown(asServer, '/mcp'), wellKnown(asOpenId), wellKnown(asResource), wellKnown(asResource, '/mcp'), '/oauth/authorize', '/oauth/token', '/oauth/register', '/register']) {
    const { status, headers, json } = await request(keysOnly.url + path);
    assert.equal(status, 404, path);
    assert.equal(headers['content-type'], 'application/problem+json');
    assert.equal(json.status, 404);
    assert.equal(headers['www-authenticate'], undefined);
  }
  assert.deepEqual(Object.keys(challengeOf(await request(keysOnly.mcp))), ['realm']);
});
