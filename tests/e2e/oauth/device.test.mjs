// A device without a browser: it shows a code, a person types it in elsewhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request } from '../harness/http.mjs';
import { rpc } from '../harness/mcp.mjs';
import { Person, csrfOf } from '../harness/person.mjs';
import { demo } from '../harness/server.mjs';
import { oauthConfig, register, registered } from './flow.mjs';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const server = await demo({ config: oauthConfig() });
const client = await registered(server, 'http://localhost/cb', { client_name: 'Lighthouse Lamp', grant_types: ['authorization_code', 'refresh_token', deviceGrant] });
const ada = new Person(server);
await ada.signIn(server.console.email, server.console.password);

const begin = (fields) => request(`${server.url}/oauth/device_authorization`, {
  method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(fields).toString(),
});
const type = async (code, fields = {}) => {
  const page = await ada.get('/device');
  return ada.form('/device', { csrf_token: csrfOf(page), user_code: code, ...fields });
};

test('the device is told what to show, and where the person goes', async () => {
  const { status, headers, json } = await begin({ client_id: client, scope: 'data:read' });
  assert.equal(status, 200);
  assert.equal(headers['cache-control'], 'no-store');
  assert.match(json.device_code, /^[\w-]{43}$/);
  assert.match(json.user_code, /^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/);
  assert.equal(json.verification_uri, `${server.url}/device`);
  assert.equal(json.verification_uri_complete, `${server.url}/device?user_code=${json.user_code}`);
  assert.ok(json.expires_in > 0 && json.interval >= 5);
  assert.equal((await request(`${server.url}/.well-known/oauth-authorization-server`)).json.device_authorization_endpoint, `${server.url}/oauth/device_authorization`);
});

test('the person sees which device asks from where, and approves or denies', async () => {
  for (const [decision, text] of [['approve', 'is connected'], ['deny', 'was denied']]) {
    const { user_code: code } = (await begin({ client_id: client, scope: 'data:read' })).json;
    const question = await type(code.toLowerCase().replace('-', ' '));
    assert.match(question.text, /Lighthouse Lamp/);
    assert.match(question.text, /from <strong>127\.0\.0\.1/);
    assert.match(question.text, /data:read/);
    const tenant = question.text.match(/name="tenant" value="([^"]+)"/)[1];
    assert.match((await type(code, { decision, tenant })).text, new RegExp(text));
    assert.equal((await type(code, { decision, tenant })).status, 404, 'it is decided once');
  }
});

test('the device gets its tokens when the person has approved, and is told when not', async () => {
  const poll = (code) => request(`${server.url}/oauth/token`, {
    method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: deviceGrant, device_code: code, client_id: client }).toString(),
  });
  const decided = async (decision) => {
    const { json } = await begin({ client_id: client, scope: 'data:read' });
    const tenant = (await type(json.user_code)).text.match(/name="tenant" value="([^"]+)"/)[1];
    await type(json.user_code, { decision, tenant });
    return json.device_code;
  };
  const approved = await decided('approve');
  const tokens = await poll(approved);
  assert.equal(tokens.status, 200, tokens.text);
  assert.equal(tokens.json.scope, 'data:read');
  assert.equal((await rpc(server, tokens.json.access_token, 'tools/list')).status, 200);
  assert.equal((await poll(approved)).json.error, 'invalid_grant', 'once');
  assert.equal((await poll(await decided('deny'))).json.error, 'access_denied');
  const waiting = (await begin({ client_id: client })).json.device_code;
  assert.equal((await poll(waiting)).json.error, 'authorization_pending');
  assert.equal((await poll(waiting)).json.error, 'slow_down');
});

test('the address only fills the form in: who was led there has approved nothing', async () => {
  const { user_code: code } = (await begin({ client_id: client })).json;
  const page = await ada.get(`/device?user_code=${code}`);
  assert.ok(page.text.includes(`value="${code}"`));
  assert.doesNotMatch(page.text, /Approve/);
  const stranger = await new Person(server).get(`/device?user_code=${code}"><script>`);
  assert.equal(stranger.status, 303);
  assert.ok(stranger.headers.location.startsWith('/sign-in?next=%2Fdevice%3Fuser_code%3D'));
});

test('Attack51: a decision comes from a page of ours only', async () => {
  const { user_code: code } = (await begin({ client_id: client })).json;
  assert.equal((await ada.form('/device', { user_code: code, decision: 'approve' })).status, 403);
  assert.equal((await new Person(server).form('/device', { user_code: code, decision: 'approve' })).status, 403);
});

test('what is no request is refused in the words of RFC 6749', async () => {
  const other = await registered(server);
  for (const [fields, status, error] of [
    [{ client_id: 'kc_unknown' }, 401, 'invalid_client'],
    [{}, 401, 'invalid_client'],
    [{ client_id: other }, 400, 'unauthorized_client'],
    [{ client_id: client, resource: 'https://elsewhere.example' }, 400, 'invalid_target'],
  ]) {
    const answer = await begin(fields);
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.json.error, error);
  }
  for (const code of ['', 'AAAA-AAAA', 'BCDF-GHJ', 'BCDF-GHJK-L', '<script>']) assert.equal((await type(code)).status, 404, code);
});

const pollAs = (fields, headers = {}) => request(`${server.url}/oauth/token`, {
  method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: new URLSearchParams({ grant_type: deviceGrant, ...fields }).toString(),
});
async function approvedFor(fields, headers) {
  const { json } = await beginAs(fields, headers);
  const tenant = (await type(json.user_code)).text.match(/name="tenant" value="([^"]+)"/)[1];
  await type(json.user_code, { decision: 'approve', tenant });
  return json.device_code;
}
const beginAs = (fields, headers = {}) => request(`${server.url}/oauth/device_authorization`, {
  method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: new URLSearchParams(fields).toString(),
});

test('Attack48: a poll for what was not approved leaves the approval as it is', async () => {
  const code = await approvedFor({ client_id: client, scope: 'data:read' });
  for (const [more, error] of [[{ resource: 'https://elsewhere.example' }, 'invalid_target'], [{ scope: 'data:write' }, 'invalid_scope']]) {
    const refused = await pollAs({ client_id: client, device_code: code, ...more });
    assert.deepEqual([refused.status, refused.json.error], [400, error]);
  }
  assert.equal((await pollAs({ client_id: client, device_code: code })).status, 200);
});

test('a device needs no address to be sent back to, and gets no refresh token that it could not use', async () => {
  const answer = await register(server, { client_name: 'Lamp', token_endpoint_auth_method: 'none', grant_types: [deviceGrant], response_types: [] });
  assert.equal(answer.status, 201, answer.text);
  const lamp = answer.json.client_id;
  const tokens = await pollAs({ client_id: lamp, device_code: await approvedFor({ client_id: lamp, scope: 'data:read' }) });
  assert.equal(tokens.status, 200, tokens.text);
  assert.equal(tokens.json.refresh_token, undefined);
  assert.equal((await register(server, { token_endpoint_auth_method: 'none', grant_types: ['authorization_code'] })).json.error, 'invalid_redirect_uri');
});

test('a device with a secret proves it at both endpoints', async () => {
  const { client_id: id, client_secret: secret } = (await register(server, { client_name: 'Vault', grant_types: [deviceGrant, 'refresh_token'], response_types: [] })).json;
  const authorization = { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
  assert.equal((await beginAs({ client_id: id })).status, 401);
  const code = await approvedFor({ scope: 'data:read' }, authorization);
  assert.equal((await pollAs({ client_id: id, device_code: code })).status, 401);
  const tokens = await pollAs({ device_code: code }, authorization);
  assert.equal(tokens.status, 200, tokens.text);
  assert.ok(tokens.json.refresh_token);
});
