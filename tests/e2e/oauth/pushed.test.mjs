// Authorization requests that a client hands in itself before it sends anybody (RFC 9126), over a socket: with oauth4webapi in its strict mode,
// and byte by byte.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { request } from '../harness/http.mjs';
import { rpc } from '../harness/mcp.mjs';
import { Person } from '../harness/person.mjs';
import { serve } from '../harness/server.mjs';
import { answerOf, authorizePath, challenge, consent, decide, oauthConfig, published, registered, verifier } from './flow.mjs';
import { newKey, proof } from './proofs.mjs';
import { demoOnStore, ownOf } from './tenants.mjs';
import { basic, tokenRequest } from './tokens.mjs';

const server = await demoOnStore(oauthConfig(', pushed_requests: optional, tenant_issuers: true, dpop: optional'));
const person = new Person(server);
await person.signIn(server.console.email, server.console.password);
const app = await registered(server);
const ours = { response_type: 'code', redirect_uri: 'https://app.example/cb', state: 'st&te', code_challenge: challenge, code_challenge_method: 'S256' };

const push = (parameters, headers = {}, at = server) => {
  const body = typeof parameters === 'string' ? parameters : new URLSearchParams(parameters).toString();
  return request(`${at.url}/oauth/par`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers, 'content-length': Buffer.byteLength(body) }, body });
};
const pushed = async (client = app, more = {}) => {
  const answer = await push({ client_id: client, ...ours, ...more });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.request_uri;
};
const pathOf = (uri, client = app, more = {}) => `/oauth/authorize?${new URLSearchParams({ client_id: client, request_uri: uri, ...more })}`;

test('what is pushed is asked about, approved and redeemed', async () => {
  const answer = await push({ client_id: app, ...ours });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.deepEqual(Object.keys(answer.json), ['request_uri', 'expires_in']);
  assert.match(answer.json.request_uri, /^urn:ietf:params:oauth:request_uri:[\w-]{43}$/);
  assert.equal(answer.json.expires_in, 60);
  const at = await consent(person, pathOf(answer.json.request_uri));
  assert.match(at.page.text, /Harbor Agent/);
  assert.ok(!at.path.includes(answer.json.request_uri.slice(-43)));
  const { code, state, iss } = answerOf(await decide(person, at, 'approve'));
  assert.deepEqual([state, iss], ['st&te', server.url]);
  const tokens = await tokenRequest(server, { grant_type: 'authorization_code', client_id: app, code, redirect_uri: 'https://app.example/cb', code_verifier: verifier });
  assert.equal((await rpc(server, tokens.json.access_token, 'tools/list')).status, 200);
});

test('a person who goes back, reloads or opens it twice comes to the same page, until it is decided', async () => {
  const path = pathOf(await pushed(app, { prompt: 'consent' }));
  const first = await consent(person, path);
  const again = await consent(person, path);
  assert.equal(again.path, first.path);
  assert.equal((await person.get(first.path)).status, 200);
  assert.equal(answerOf(await decide(person, again, 'deny')).error, 'access_denied');
  const over = await person.get(path);
  assert.equal(over.status, 400);
  assert.match(over.text, /Go back to the application/);
});

test('Attack53: of many who open it at once all come to one request, and one decides', async () => {
  const path = pathOf(await pushed(app, { prompt: 'consent' }));
  const opened = await Promise.all(Array.from({ length: 32 }, () => person.get(path)));
  assert.deepEqual([...new Set(opened.map(({ status, headers }) => `${status} ${headers.location}`))].length, 1, 'one and the same page');
  const at = await consent(person, path);
  const decided = await Promise.all(Array.from({ length: 8 }, () => decide(person, at, 'approve')));
  assert.equal(decided.filter(({ status }) => status === 303).length, 1);
});

test('Attack53: what the browser brings beside the reference changes nothing', async () => {
  const uri = await pushed(app, { prompt: 'consent' });
  const at = await consent(person, pathOf(uri, app, { redirect_uri: 'https://evil.example', state: 'evil', scope: 'data:write', code_challenge: 'x'.repeat(43) }));
  const answer = answerOf(await decide(person, at, 'approve'));
  assert.deepEqual([answer.at, answer.state], ['https://app.example/cb', 'st&te']);
});

test('another client neither uses it nor uses it up', async () => {
  const other = await registered(server);
  const uri = await pushed();
  assert.equal((await person.get(pathOf(uri, other))).status, 400);
  assert.equal((await person.get(`/oauth/authorize?${new URLSearchParams({ request_uri: uri })}`)).status, 400);
  assert.equal((await person.get(pathOf(uri))).status, 303);
});

test('Attack68: a request_uri that was not pushed is never looked for', async () => {
  const elsewhere = answerOf(await person.get(authorizePath(app, { request_uri: 'https://app.example/request.jwt' })));
  assert.equal(elsewhere.error, 'request_uri_not_supported');
  assert.equal((await person.get(pathOf(`urn:ietf:params:oauth:request_uri:${'A'.repeat(43)}`))).status, 400);
});

describe('what is pushed wrongly', () => {
  const good = { client_id: app, ...ours };
  for (const [name, body, status, error, headers = {}] of [
    ['a request_uri', { ...good, request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 400, 'invalid_request'],
    ['a request object', { ...good, request: 'eyJ' }, 400, 'request_not_supported'],
    ['an address that is not registered', { ...good, redirect_uri: 'https://evil.example' }, 400, 'invalid_request'],
    ['no PKCE', { ...good, code_challenge: '' }, 400, 'invalid_request'],
    ['plain PKCE', { ...good, code_challenge_method: 'plain' }, 400, 'invalid_request'],
    ['another response_type', { ...good, response_type: 'token' }, 400, 'unsupported_response_type'],
    ['another resource', { ...good, resource: 'https://elsewhere.example' }, 400, 'invalid_target'],
    ['a parameter twice', `${new URLSearchParams(good)}&state=x`, 400, 'invalid_request'],
    ['an unknown client', { ...good, client_id: 'kc_nobody' }, 401, 'invalid_client'],
    ['no client', { ...good, client_id: '' }, 401, 'invalid_client'],
    ['another type of body', new URLSearchParams(good).toString(), 400, 'invalid_request', { 'content-type': 'text/plain' }],
    ['a request without end', { ...good, state: 'x'.repeat(40_000) }, 413, 'invalid_request'],
  ]) {
    test(`${name} is ${status} ${error}`, async () => {
      const answer = await push(body, headers);
      assert.deepEqual([answer.status, answer.json.error], [status, error], answer.text);
      assert.equal(typeof answer.json.error_description, 'string');
      assert.equal(answer.headers.location, undefined);
    });
  }

  test('nothing is taken from the query, and nothing answers a GET', async () => {
    assert.equal((await request(`${server.url}/oauth/par?${new URLSearchParams(good)}`, { method: 'POST' })).status, 400);
    assert.equal((await request(`${server.url}/oauth/par?${new URLSearchParams(good)}`)).status, 405);
  });
});

describe('a client that has a secret or keys shows them', () => {
  test('a secret', async () => {
    const { id, secret } = await server.admin('client', 'create', '--name', 'Web', '--redirect-uri', 'https://app.example/cb');
    assert.equal((await push({ client_id: id, ...ours })).json.error, 'invalid_client');
    assert.equal((await push({ client_id: id, ...ours }, basic(id, `${secret}x`))).json.error, 'invalid_client');
    const answer = await push({ client_id: id, ...ours }, basic(id, secret));
    assert.equal(answer.status, 201, answer.text);
    assert.ok(answerOf(await decide(person, await consent(person, pathOf(answer.json.request_uri, id)), 'approve')).code);
    assert.ok(!server.log.includes(answer.json.request_uri.slice(-43)));
  });

  test('Attack61: an assertion for the issuer or for this endpoint, once', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const { id } = await published({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [await exportJWK(publicKey)] } });
    const sign = (aud) => new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).setIssuer(id).setSubject(id).setAudience(aud).setExpirationTime('60s').setJti(randomUUID()).sign(privateKey);
    const shown = (client_assertion) => push({ client_id: id, ...ours, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion });
    for (const aud of [server.url, `${server.url}/oauth/par`, `${server.url}/oauth/token`]) {
      const assertion = await sign(aud);
      assert.equal((await shown(assertion)).status, 201, aud);
      assert.equal((await shown(assertion)).json.error, 'invalid_client');
    }
    assert.equal((await shown(await sign('https://elsewhere.example'))).json.error, 'invalid_client');
  });
});

test('oauth4webapi, in its strict mode, pushes and goes on', async () => {
  const issuer = new URL(server.url);
  const options = { [oauth.allowInsecureRequests]: true };
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' }));
  assert.equal(as.pushed_authorization_request_endpoint, `${server.url}/oauth/par`);
  assert.equal(as.require_pushed_authorization_requests, undefined);
  const client = { client_id: app };
  const answer = await oauth.processPushedAuthorizationResponse(as, client, await oauth.pushedAuthorizationRequest(as, client, oauth.None(), new URLSearchParams(ours), options));
  const at = await consent(person, pathOf(answer.request_uri));
  const decided = at.page.status === 303 ? at.page : await decide(person, at, 'approve');
  const back = oauth.validateAuthResponse(as, client, new URL(decided.headers.location), 'st&te');
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), back, 'https://app.example/cb', verifier, options));
  assert.ok(tokens.access_token);
});

test('a client may insist on it for itself', async () => {
  const strict = await registered(server, 'https://app.example/cb', { require_pushed_authorization_requests: true });
  const refused = answerOf(await person.get(authorizePath(strict)));
  assert.deepEqual([refused.error, refused.iss], ['invalid_request', server.url]);
  assert.equal((await person.get(pathOf(await pushed(strict), strict))).status, 303);
  const { id } = await published({ require_pushed_authorization_requests: true });
  assert.equal(answerOf(await person.get(authorizePath(id))).error, 'invalid_request');
});

test('Attack50: what was pushed to one issuer is nothing at another', async () => {
  const own = ownOf(server, server.tenant);
  const { json } = await request(`${server.url}/.well-known/oauth-authorization-server/t/${server.tenant}`);
  assert.equal(json.pushed_authorization_request_endpoint, `${own.url}/oauth/par`);
  const { request_uri: uri } = (await push({ client_id: app, ...ours }, {}, own)).json;
  assert.equal((await person.get(pathOf(uri))).status, 400);
  assert.equal((await person.get(`/t/${server.tenant}${pathOf(uri)}`)).status, 303);
  assert.equal((await person.get(`/t/${server.tenant}${pathOf(await pushed())}`)).status, 400);
});

// RFC 9449 §10.1.
test('a proof that comes along binds the code to its key', async () => {
  const key = await newKey();
  const at = (path) => proof(key, { method: 'POST', url: server.url + path });
  const answer = await push({ client_id: app, ...ours, prompt: 'consent' }, { dpop: await at('/oauth/par') });
  assert.equal(answer.status, 201, answer.text);
  const { code } = answerOf(await decide(person, await consent(person, pathOf(answer.json.request_uri)), 'approve'));
  const redeem = (headers) => tokenRequest(server, { grant_type: 'authorization_code', client_id: app, code, redirect_uri: 'https://app.example/cb', code_verifier: verifier }, headers);
  assert.equal((await redeem({})).json.error, 'invalid_grant');
  assert.equal((await redeem({ dpop: await at('/oauth/token') })).status, 200);
  const other = await push({ client_id: app, ...ours, dpop_jkt: challenge }, { dpop: await at('/oauth/par') });
  assert.equal(other.json.error, 'invalid_dpop_proof');
});

test('Attack62: whoever pushes without end waits', async () => {
  const guarded = await serve({ config: `${oauthConfig(', pushed_requests: optional')}rate_limits: { address: 5/1m }\n` });
  for (let i = 0; i < 5; ++i) assert.equal((await push({ client_id: 'kc_nobody', ...ours }, {}, guarded)).status, 401);
  const answer = await push({ client_id: 'kc_nobody', ...ours }, {}, guarded);
  assert.equal(answer.status, 429);
  assert.ok(Number(answer.headers['retry-after']) > 0);
});

test('where it is required nothing else is taken', async () => {
  const strict = await serve({ config: oauthConfig(', pushed_requests: required') });
  const client = await registered(strict);
  const { json } = await request(`${strict.url}/.well-known/oauth-authorization-server`);
  assert.equal(json.require_pushed_authorization_requests, true);
  const visitor = new Person(strict);
  assert.equal(answerOf(await visitor.get(authorizePath(client))).error, 'invalid_request');
  const { request_uri: uri } = (await push({ client_id: client, ...ours }, {}, strict)).json;
  assert.equal((await visitor.get(pathOf(uri, client))).status, 303);
});

test('where it is off none of it is there', async () => {
  const plain = await serve({ config: oauthConfig() });
  const client = await registered(plain, 'https://app.example/cb', { require_pushed_authorization_requests: true });
  const { text } = await request(`${plain.url}/.well-known/oauth-authorization-server`);
  assert.doesNotMatch(text, /pushed/);
  assert.equal((await push({ client_id: client, ...ours }, {}, plain)).status, 404);
  const visitor = new Person(plain);
  const refused = answerOf(await visitor.get(authorizePath(client, { request_uri: 'urn:ietf:params:oauth:request_uri:x' })));
  assert.equal(refused.error, 'request_uri_not_supported', 'attack 68');
  assert.equal((await visitor.get(authorizePath(client))).status, 303);
});
