// What a token stands on ends or becomes less, while the token is remembered as good.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rest } from '../harness/http.mjs';
import { rpc } from '../harness/mcp.mjs';
import { startIssuer } from '../harness/issuer.mjs';
import { Person, csrfOf } from '../harness/person.mjs';
import { demo, serve } from '../harness/server.mjs';
import { answerOf, authorizePath, consent, decide, oauthConfig, registered, verifier } from './flow.mjs';
import { basic, claimsOf, exchange, introspect, tokenFor, tokenRequest } from './tokens.mjs';

const company = await startIssuer();
await company.add('c1', 'ES256');
const server = await demo({
  config: `${oauthConfig()}issuers:\n  company: { issuer: "${company.url}", audience: us, tenant: [org], role: [role] }\n`,
});
const owner = new Person(server);
await owner.signIn(server.console.email, server.console.password);

// Another person of the tenant, who is signed in.
async function colleague(email) {
  const { id } = await server.admin('user', 'create', '--email', email, '--tenant', server.tenant, '--role', 'admin');
  const { link } = await server.admin('user', 'reset-password', '--email', email);
  const person = new Person(server);
  const { pathname } = new URL(link);
  const password = 'a long and good passphrase';
  await person.form(pathname, { csrf_token: csrfOf(await person.get(pathname)), password });
  assert.equal((await person.signIn(email, password)).status, 200);
  return Object.assign(person, { id });
}
const statuses = async (token) => [(await rpc(server, token, 'tools/list')).status, (await rest(server, token, 'GET', '/notes')).status];

for (const [how, end] of [
  ['removed from the tenant', (person) => owner.rest('DELETE', `/members/${person.id}`)],
  ['ended', (person) => server.admin('user', 'end', person.id)],
]) {
  test(`Attack9: when a person is ${how}, the tokens of the person's keys are dead at once`, async () => {
    const person = await colleague(`${how.replaceAll(' ', '-')}@example.com`);
    const { key } = (await person.rest('POST', '/keys', { name: 'mine', scopes: ['data:write'] })).json;
    const token = await tokenFor(server, key);
    const exchanged = (await exchange(server, { subject_token: token })).json.access_token;
    for (const each of [key, token, exchanged]) assert.deepEqual(await statuses(each), [200, 200]);
    await end(person);
    for (const each of [key, token, exchanged]) assert.deepEqual(await statuses(each), [401, 401]);
    assert.equal((await rest(server, token, 'POST', '/notes', { title: 'By the dead' })).status, 401);
  });
}

test('when an issuer says less of a person, the person\'s tokens can do less at once', async () => {
  const now = Math.floor(Date.now() / 1000);
  const said = (role) => company.sign({ iss: company.url, aud: 'us', sub: 'bob', org: server.tenant, role, iat: now, exp: now + 300 }, 'c1');
  const answer = await exchange(server, { subject_token: await said('member'), subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' });
  const token = answer.json.access_token;
  const write = async () => (await rest(server, token, 'POST', '/notes', { title: 'By Bob' })).status;
  assert.equal(await write(), 201, answer.text);
  assert.equal((await rest(server, await said('read-only'), 'GET', '/notes')).status, 200);
  assert.equal(await write(), 403);
});

test('introspection tells what a token can do now, not what it could when it was made', async () => {
  const person = await colleague('demoted@example.com');
  const client = await registered(server);
  const { code } = answerOf(await decide(person, await consent(person, authorizePath(client)), 'approve'));
  const { access_token: token } = (await tokenRequest(server, { grant_type: 'authorization_code', client_id: client, code, code_verifier: verifier })).json;
  const machine = await server.admin('client', 'create', '--name', 'Gateway', '--tenant', server.tenant);
  const scopeNow = async () => (await introspect(server, { token }, basic(machine.id, machine.secret))).json.scope;
  assert.equal(await scopeNow(), 'data:read data:write');
  assert.equal((await owner.rest('PATCH', `/members/${person.id}`, { role: 'read-only' })).status, 200);
  assert.equal(await scopeNow(), 'data:read');
});

test('HEAD approves nothing, also where the person need not be asked', async () => {
  const client = await registered(server);
  const { code } = answerOf(await decide(owner, await consent(owner, authorizePath(client)), 'approve'));
  await tokenRequest(server, { grant_type: 'authorization_code', client_id: client, code, code_verifier: verifier });
  const { headers } = await owner.get(authorizePath(client));
  assert.equal((await owner.send('HEAD', headers.location)).status, 200);
  assert.ok(answerOf(await owner.get(headers.location)).code);
});

describe('what a script gets wrong', () => {
  test('Attack5: a key in the place of the client\'s name is refused, and kept nowhere', async () => {
    for (const body of [
      { grant_type: 'client_credentials', client_id: server.key, client_secret: server.key },
      { grant_type: 'client_credentials', client_id: server.key },
    ]) {
      const { status, json } = await tokenRequest(server, body);
      assert.deepEqual([status, json.error], [400, 'invalid_request']);
      assert.match(json.error_description, /client_id is a name/);
    }
    assert.equal((await exchange(server, { client_id: server.key, subject_token: server.key })).json.error, 'invalid_request');
    assert.ok(!JSON.stringify(await server.admin('audit', 'tail')).includes(server.key));
  });

  test('an exchange for an audience that is not ours is refused, and for one that is, is not', async () => {
    assert.equal((await exchange(server, { subject_token: server.key, audience: 'https://elsewhere.example' })).json.error, 'invalid_target');
    assert.equal((await exchange(server, { subject_token: server.key, audience: server.mcp })).status, 200);
  });

  test('a token is not exchanged so often that it would not tell by whom', async () => {
    let token = server.key;
    for (let i = 0; i < 9; ++i) token = (await exchange(server, { client_id: `agent-${i}`, subject_token: token })).json.access_token;
    let actors = 0;
    for (let { act } = claimsOf(token); act; ({ act } = act)) ++actors;
    assert.equal(actors, 8);
    assert.equal((await exchange(server, { client_id: 'agent-9', subject_token: token })).json.error, 'invalid_request');
  });
});

test('clients whose tokens are over do not shut out the others behind their address', async () => {
  const few = await serve({ config: `${oauthConfig()}rate_limits: { address: 5/1m }\n` });
  const acme = await few.tenant('Acme', 'data:write');
  const client = await few.admin('client', 'create', '--name', 'Web', '--redirect-uri', 'https://app.example/cb', '--auth', 'none');
  for (let i = 0; i < 12; ++i) {
    const stale = await tokenRequest(few, { grant_type: 'refresh_token', client_id: client.id, refresh_token: `over-${i}` });
    assert.equal(stale.json.error, 'invalid_grant');
  }
  await tokenFor(few, acme.key);
  // Attack 12: secrets are still counted.
  const wrong = () => tokenRequest(few, { grant_type: 'client_credentials', client_id: 'x', client_secret: `${acme.key.slice(0, -8)}AAAAAAAA` });
  const seen = [];
  for (let i = 0; i < 8; ++i) seen.push((await wrong()).status);
  assert.equal(seen[0], 401);
  assert.equal(seen.at(-1), 429);
});
