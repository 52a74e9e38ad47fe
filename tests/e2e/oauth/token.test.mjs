// The token endpoint over a socket: what a script does with its API key, and what it may do with what it gets.
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { describe, test } from 'node:test';
import { bearer, request, rest } from '../harness/http.mjs';
import { callTool, rpc, toolNames } from '../harness/mcp.mjs';
import { plainConfig, serve } from '../harness/server.mjs';
import { basic, claimsOf, exchange, introspect, revoke, tokenFor, tokenRequest } from './tokens.mjs';

const server = await serve({ config: `${plainConfig}oauth: {}\n` });
const acme = await server.tenant('Acme', 'data:write');
const rival = await server.tenant('Rival', 'data:write');

async function freePort() {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

const alive = async (token) => (await rpc(server, token, 'tools/list')).status === 200;

describe('a key for a token', () => {
  const credentials = { grant_type: 'client_credentials', client_id: 'my-script', client_secret: acme.key };

  test('in a form, in JSON, or with the secret in the header', async () => {
    const ways = [
      tokenRequest(server, credentials),
      tokenRequest(server, JSON.stringify(credentials), { 'content-type': 'application/json' }),
      tokenRequest(server, { grant_type: 'client_credentials' }, basic('my-script', acme.key)),
    ];
    for (const answer of await Promise.all(ways)) {
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.headers['content-type'], 'application/json');
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(answer.headers.pragma, 'no-cache');
      const { access_token, ...rest_ } = answer.json;
      assert.deepEqual(rest_, { token_type: 'Bearer', expires_in: 3600, scope: 'data:read data:write' });
      assert.ok(await alive(access_token));
    }
  });

  test('the token is signed with a key that is published, and says nothing about the tenant', async () => {
    const token = await tokenFor(server, acme.key);
    const [header, payload, signature] = token.split('.');
    const { alg, kid, typ } = JSON.parse(Buffer.from(header, 'base64url'));
    assert.deepEqual({ alg, typ }, { alg: 'ES256', typ: 'at+jwt' });
    const { keys } = (await request(`${server.url}/.well-known/jwks.json`)).json;
    assert.equal(keys.length, 2, 'the next one is there already');
    assert.ok(keys.every((key) => key.d === undefined));
    const key = createPublicKey({ key: keys.find((each) => each.kid === kid), format: 'jwk' });
    assert.ok(verify('sha256', `${header}.${payload}`, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')));
    const claims = claimsOf(token);
    assert.equal(claims.iss, server.url);
    assert.equal(claims.aud, server.mcp);
    assert.equal(claims.client_id, 'my-script');
    assert.equal(claims.exp - claims.iat, 3600);
    assert.doesNotMatch(JSON.stringify(claims), new RegExp(`${acme.tenant}|Acme`));
  });

  test('the token has the rights of the key, in its tenant alone, on every surface', async () => {
    const token = await tokenFor(server, acme.key);
    const made = await callTool(server, token, 'notes_create', { title: 'By a token' });
    assert.equal((await rest(server, acme.key, 'GET', `/notes/${made.id}`)).status, 200);
    assert.equal((await rest(server, token, 'GET', `/notes/${made.id}`)).status, 200);
    assert.equal((await rest(server, await tokenFor(server, rival.key), 'GET', `/notes/${made.id}`)).status, 404);
    assert.equal((await callTool(server, token, 'whoami')).key_id, acme.id);
  });

  test('a narrower token is told its scopes, lists fewer tools, and does no more', async () => {
    const answer = await tokenRequest(server, { ...credentials, scope: 'data:read openid' });
    assert.equal(answer.json.scope, 'data:read');
    const token = answer.json.access_token;
    assert.ok(!(await toolNames(server, token)).includes('notes_create'));
    assert.equal((await rpc(server, token, 'tools/call', { name: 'notes_create', arguments: { title: 'x' } })).status, 403);
  });

  test('Attack13: a token makes no keys, narrows none and revokes none', async () => {
    const token = await tokenFor(server, acme.key);
    for (const [method, path, body] of [['POST', '/keys', { name: 'x' }], ['POST', '/keys/narrow', { name: 'x' }], ['DELETE', '/keys/self']]) {
      const answer = await rest(server, token, method, path, body);
      assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`);
    }
    assert.ok(await alive(acme.key));
  });

  test('Attack9: the token dies with the key, before the revocation is acknowledged', async () => {
    const { key, id } = await server.key(acme.tenant, 'data:read');
    const token = await tokenFor(server, key);
    assert.ok(await alive(token));
    await server.admin('key', 'revoke', id);
    const after = await rpc(server, token, 'tools/list');
    assert.equal(after.status, 401);
    assert.match(after.headers['www-authenticate'], /error="invalid_token"/);
    const again = await tokenRequest(server, { ...credentials, client_secret: key });
    assert.deepEqual([again.status, again.json.error], [401, 'invalid_client']);
    assert.match(again.headers['www-authenticate'], /^Basic /);
  });
});

describe('what is asked wrongly', () => {
  const good = { grant_type: 'client_credentials', client_id: 'my-script', client_secret: acme.key };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const cases = [
    ['no body', '', {}, 400, 'invalid_request'],
    ['no grant_type', { client_id: 'x' }, {}, 400, 'invalid_request'],
    ['another grant_type', { ...good, grant_type: 'password' }, {}, 400, 'unsupported_grant_type'],
    ['an implicit one', { ...good, grant_type: 'implicit' }, {}, 400, 'unsupported_grant_type'],
    ['a parameter twice', `${new URLSearchParams(good)}&scope=a&scope=b`, form, 400, 'invalid_request'],
    ['a secret twice', `${new URLSearchParams(good)}&client_secret=x`, form, 400, 'invalid_request'],
    ['an escape that is none', 'grant_type=%zz', form, 400, 'invalid_request'],
    ['another type of body', new URLSearchParams(good).toString(), { 'content-type': 'text/plain' }, 400, 'invalid_request'],
    ['a member twice', '{"grant_type":"client_credentials","grant_type":"x"}', { 'content-type': 'application/json' }, 400, 'invalid_request'],
    ['a member that is no text', '{"grant_type":1}', { 'content-type': 'application/json' }, 400, 'invalid_request'],
    ['Attack60: two clients', good, basic('another', acme.key), 400, 'invalid_request'],
    ['no secret', { ...good, client_secret: '' }, {}, 401, 'invalid_client'],
    ['no client', { ...good, client_id: '' }, {}, 401, 'invalid_client'],
    ['a wrong secret', { ...good, client_secret: `${acme.key.slice(0, -1)}_` }, {}, 401, 'invalid_client'],
    ['Bearer', { grant_type: 'client_credentials' }, bearer(acme.key), 401, 'invalid_client'],
    ['Attack58: another resource', { ...good, resource: 'https://elsewhere.example/mcp' }, {}, 400, 'invalid_target'],
    ['a scope that nobody knows', { ...good, scope: 'admin' }, {}, 400, 'invalid_scope'],
    ['Attack57: a scope without end', { ...good, scope: 'a '.repeat(5000) }, {}, 400, 'invalid_scope'],
  ];
  for (const [name, body, headers, status, error] of cases) {
    test(`${name} is ${status} ${error}`, async () => {
      const answer = await tokenRequest(server, body, headers);
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.json.error, error);
      assert.equal(typeof answer.json.error_description, 'string');
      assert.doesNotMatch(answer.text, new RegExp(acme.key.slice(4, 30)));
      assert.equal(answer.headers['cache-control'], 'no-store');
    });
  }

  test('Attack4: nothing is taken from the query, and nothing answers a GET', async () => {
    const query = new URLSearchParams(good);
    assert.equal((await request(`${server.url}/oauth/token?${query}`, { method: 'POST' })).status, 400);
    assert.equal((await request(`${server.url}/oauth/token`)).status, 405);
    assert.ok(!server.log.includes(acme.key));
  });
});

describe('token exchange', () => {
  test('a key or a token becomes a narrower one that names who acts, and dies with it', async () => {
    const parent = await tokenFor(server, acme.key);
    const answer = await exchange(server, { subject_token: parent, client_id: 'sub-agent', scope: 'data:read' });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.issued_token_type, 'urn:ietf:params:oauth:token-type:access_token');
    const child = answer.json.access_token;
    assert.deepEqual(claimsOf(child).act, { sub: 'client:sub-agent' });
    assert.ok(!(await toolNames(server, child)).includes('notes_create'));
    const wider = await exchange(server, { subject_token: child, client_id: 'sub-agent', scope: 'data:write' });
    assert.deepEqual([wider.status, wider.json.error], [400, 'invalid_scope']);
    assert.equal((await revoke(server, { token: parent, client_id: 'my-script', client_secret: acme.key })).status, 200);
    assert.ok(!(await alive(parent)));
    assert.ok(!(await alive(child)));
  });

  test('of a key that has ended it gives nothing', async () => {
    const { key, id } = await server.key(acme.tenant, 'data:read');
    assert.equal((await exchange(server, { subject_token: key })).status, 200);
    await server.admin('key', 'revoke', id);
    assert.deepEqual((await exchange(server, { subject_token: key })).json.error, 'invalid_request');
  });
});

describe('introspection and revocation', () => {
  const as = (tenant) => ({ client_id: 'my-script', client_secret: tenant.key });

  test('whoever made a token may look at it', async () => {
    const token = await tokenFor(server, acme.key);
    const { status, json } = await introspect(server, { token, ...as(acme) });
    assert.equal(status, 200);
    const { active, scope, client_id, exp } = json;
    assert.deepEqual({ active, scope, client_id, exp }, { active: true, scope: 'data:read data:write', client_id: 'my-script', exp: claimsOf(token).exp });
    assert.equal((await introspect(server, { token })).json.error, 'invalid_client');
  });

  test('Attack70: anybody else sees nothing, and ends nothing', async () => {
    const token = await tokenFor(server, acme.key);
    assert.deepEqual((await introspect(server, { token, ...as(rival) })).json, { active: false });
    const answer = await revoke(server, { token, ...as(rival) });
    assert.deepEqual([answer.status, answer.text], [200, '{}']);
    assert.ok(await alive(token));
    assert.deepEqual((await introspect(server, { token: 'nonsense', ...as(acme) })).json, { active: false });
  });
});

test('Attack12: whoever guesses secrets waits', async () => {
  const guarded = await serve({ config: `${plainConfig}oauth: {}\nrate_limits: { address: 5/1m }\n` });
  const { key } = await guarded.tenant('Acme', 'data:read');
  const guess = (client_secret) => tokenRequest(guarded, { grant_type: 'client_credentials', client_id: 'x', client_secret });
  for (let i = 0; i < 5; ++i) assert.equal((await guess(`wrong${i}`)).status, 401);
  const answer = await guess(key);
  assert.equal(answer.status, 429);
  assert.ok(Number(answer.headers['retry-after']) > 0);
});

test('the keys are turned by an operator, and no token fails', async () => {
  const token = await tokenFor(server, acme.key);
  const { kid } = await server.admin('oauth', 'rotate-keys');
  assert.ok(await alive(token));
  const next = await tokenFor(server, acme.key);
  assert.equal(JSON.parse(Buffer.from(next.split('.')[0], 'base64url')).kid, kid);
  assert.equal((await request(`${server.url}/.well-known/jwks.json`)).json.keys.length, 3);
});

test('a token outlives a restart', async () => {
  const args = ['--listen', `127.0.0.1:${await freePort()}`];
  const first = await serve({ config: `${plainConfig}oauth: {}\n`, args });
  const { key } = await first.tenant('Acme', 'data:read');
  const token = await tokenFor(first, key);
  await first.stop();
  const second = await serve({ data: first.data, file: first.config, args });
  assert.equal((await rpc(second, token, 'tools/list')).status, 200);
});
