// Enterprise-managed authorization (the MCP extension io.modelcontextprotocol/enterprise-managed-authorization): the sign-in of a company says
// which client may act for which of its people (ID-JAG), and nobody is asked here. With the official SDKs, and byte by byte.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import * as v2 from '@modelcontextprotocol/client';
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { bearer, request } from '../harness/http.mjs';
import { startIssuer } from '../harness/issuer.mjs';
import { keysteadRefuses } from '../harness/keystead.mjs';
import { callTool, rpc, toolNames } from '../harness/mcp.mjs';
import { plainConfig, serve } from '../harness/server.mjs';
import { sdks } from './agent.mjs';
import { published, registered } from './flow.mjs';
import { newKey, proof } from './proofs.mjs';
import { ownOf, serveOnStore } from './tenants.mjs';
import { basic, claimsOf, introspect, revoke, tokenRequest } from './tokens.mjs';

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const company = await startIssuer();
await company.add('c1', 'ES256');
const outsider = await startIssuer();
await outsider.add('o1', 'ES256');
const configOf = (sends) => `${plainConfig}oauth: { trusted_client_hosts: ["127.0.0.1"], tenant_issuers: true, dpop: optional }
issuers:
  company: { issuer: "${company.url}", enterprise_authorization: ${sends} }
  outsider: { issuer: "${outsider.url}" }
`;
const server = await serveOnStore(configOf(true));
const acme = await server.tenant('Acme', 'data:write');
const rival = await server.tenant('Rival', 'data:write');
const client = await server.admin('client', 'create', '--name', 'Agent', '--enterprise');

// A person of the company with a role in a tenant of ours.
async function member(subject, tenant = acme.tenant, role = 'member') {
  const { id } = await server.admin('user', 'create', '--email', `${subject}@company.example`, '--tenant', tenant, '--role', role, '--issuer', 'company', '--subject', subject);
  return id;
}
const ada = await member('ada');

const seconds = () => Math.floor(Date.now() / 1000);
const said = (more = {}) => ({
  iss: company.url, sub: 'ada', aud: server.url, client_id: client.id, resource: server.mcp, scope: 'data:read data:write',
  jti: randomUUID(), iat: seconds(), exp: seconds() + 300, ...more,
});
const assertion = (more = {}, header = {}, issuer = company, kid = 'c1') => issuer.sign(said(more), kid, { typ: 'oauth-id-jag+jwt', ...header });
const show = (text, more = {}, headers = basic(client.id, client.secret), at = server) => tokenRequest(at, { grant_type: grantType, assertion: text, ...more }, headers);
const tokenOf = async (more = {}) => {
  const answer = await show(await assertion(more));
  assert.equal(answer.status, 200, answer.text);
  return answer.json.access_token;
};
const alive = async (token) => (await rpc(server, token, 'tools/list')).status === 200;

// The company's token endpoint (RFC 8693): an ID token becomes an assertion for one client at one server.
company.endpoints['GET /.well-known/oauth-authorization-server'] = () => ({
  issuer: company.url, authorization_endpoint: `${company.url}/authorize`, token_endpoint: `${company.url}/token`, response_types_supported: ['code'],
});
company.endpoints['POST /token'] = async (form) => {
  assert.equal(form.get('grant_type'), 'urn:ietf:params:oauth:grant-type:token-exchange');
  assert.equal(form.get('requested_token_type'), 'urn:ietf:params:oauth:token-type:id-jag');
  assert.equal(form.get('subject_token'), 'the ID token of Ada');
  const more = { aud: form.get('audience'), resource: form.get('resource'), ...(form.get('scope') && { scope: form.get('scope') }) };
  return { issued_token_type: 'urn:ietf:params:oauth:token-type:id-jag', access_token: await assertion(more), token_type: 'N_A', expires_in: 300 };
};

// v1 has no provider for this; what it has is the place to bring one's own request for a token.
class V1Provider extends ClientCredentialsProvider {
  async prepareTokenRequest(scope) {
    return new URLSearchParams({ grant_type: grantType, assertion: await assertion(), ...(scope && { scope }) });
  }
}
const providers = {
  v1: () => new V1Provider({ clientId: client.id, clientSecret: client.secret, expectedIssuer: server.url }),
  v2: () => new v2.CrossAppAccessProvider({
    clientId: client.id, clientSecret: client.secret, expectedIssuer: server.url,
    assertion: async ({ authorizationServerUrl, resourceUrl, scope, fetchFn }) => (await v2.discoverAndRequestJwtAuthGrant({
      idpUrl: company.url, audience: authorizationServerUrl, resource: resourceUrl, idToken: 'the ID token of Ada', clientId: 'at-the-company', clientSecret: 'x', scope, fetchFn,
    })).jwtAuthGrant,
  }),
};

for (const sdk of ['v1', 'v2']) {
  test(`the official SDK ${sdk} connects, and nobody is asked`, async () => {
    const agent = new sdks[sdk].Client({ name: 'agent', version: '1' });
    await agent.connect(new sdks[sdk].StreamableHTTPClientTransport(new URL(server.mcp), { authProvider: providers[sdk]() }));
    const made = await agent.callTool({ name: 'notes_create', arguments: { title: `For Ada by ${sdk}` } });
    assert.ok(!made.isError, JSON.stringify(made));
    assert.ok((await callTool(server, acme.key, 'notes_list')).items.some(({ title }) => title === `For Ada by ${sdk}`));
    await agent.close();
  });
}

test('the function of the SDK that shows an assertion gets a token', async () => {
  const tokens = await v2.exchangeJwtAuthGrant({ tokenEndpoint: `${server.url}/oauth/token`, jwtAuthGrant: await assertion(), clientId: client.id, clientSecret: client.secret });
  assert.ok(await alive(tokens.access_token));
});

test('it is a token of the person, for the named server, without a refresh token', async () => {
  const answer = await show(await assertion());
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['cache-control'], 'no-store');
  const { access_token: token, ...rest } = answer.json;
  assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600, scope: 'data:read data:write' });
  const { sub, client_id, aud } = claimsOf(token);
  assert.deepEqual({ sub, client_id, aud }, { sub: `user:${ada}`, client_id: client.id, aud: server.mcp });
  assert.equal((await introspect(server, { token }, basic(client.id, client.secret))).json.active, true);
});

test('revocation ends it', async () => {
  const token = await tokenOf({ scope: 'data:read' });
  assert.equal((await revoke(server, { token }, basic(client.id, client.secret))).status, 200);
  assert.ok(!(await alive(token)));
});

test('it ends with its person', async () => {
  const id = await member('leaver');
  const token = await tokenOf({ sub: 'leaver' });
  assert.ok(await alive(token));
  await server.admin('user', 'end', id);
  assert.ok(!(await alive(token)));
  assert.equal((await show(await assertion({ sub: 'leaver' }))).json.error, 'invalid_grant');
});

describe('what the assertion must say', () => {
  for (const [name, more, header] of [
    ['another audience', { aud: 'https://elsewhere.example' }],
    ['the audience with a slash', { aud: `${server.url}/` }],
    ['a second audience', { aud: [server.url, 'https://elsewhere.example'] }],
    ['another client', { client_id: 'kc_another' }],
    ['no client', { client_id: undefined }],
    ['another resource', { resource: 'https://elsewhere.example/mcp' }],
    ['no jti', { jti: undefined }],
    ['no iat', { iat: undefined }],
    ['an end too far away', { exp: seconds() + 7200 }],
    ['an end in the past', { exp: seconds() - 120 }],
    ['an issuer that nobody knows', { iss: 'https://elsewhere.example' }],
    ['a person who belongs nowhere', { sub: 'stranger' }],
    ['a key that its bearer must hold', { cnf: { jkt: 'x' } }],
    ['Attack30: the type of another token', {}, { typ: 'JWT' }],
  ]) {
    test(`${name} is refused in the same words`, async () => {
      const answer = await show(await assertion(more, header));
      assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_grant'], answer.text);
      assert.equal(answer.json.error_description, 'It is not valid, or not any more.');
    });
  }

  test('the signature is of a key that the company publishes', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await new SignJWT(said()).setProtectedHeader({ alg: 'ES256', kid: 'c1', typ: 'oauth-id-jag+jwt' }).sign(privateKey);
    assert.equal((await show(forged)).json.error, 'invalid_grant');
    const none = `${Buffer.from('{"alg":"none","typ":"oauth-id-jag+jwt"}').toString('base64url')}.${Buffer.from(JSON.stringify(said())).toString('base64url')}.`;
    assert.equal((await show(none)).json.error, 'invalid_grant');
  });

  test('an issuer whose tokens are taken sends nobody unless the configuration says so', async () => {
    const answer = await show(await assertion({ iss: outsider.url }, {}, outsider, 'o1'));
    assert.equal(answer.json.error, 'invalid_grant');
  });

  test('it counts once, also when many show it at once', async () => {
    const text = await assertion();
    const answers = await Promise.all(Array.from({ length: 16 }, () => show(text)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal((await show(text)).json.error, 'invalid_grant');
  });

  test('it is no access token, and no subject of a token exchange', async () => {
    const text = await assertion();
    assert.equal((await rpc(server, text, 'tools/list')).status, 401);
    const exchanged = await tokenRequest(server, { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', client_id: 'x', subject_token: text, subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' });
    assert.equal(exchanged.json.error, 'invalid_request');
    assert.equal((await request(`${server.url}/api/v1/whoami`, { headers: bearer(text) })).status, 401);
  });
});

describe('what the token may do', () => {
  test('is no more than the company says, the request asks and the role has', async () => {
    const narrow = await tokenOf({ scope: 'data:read openid' });
    assert.ok(!(await toolNames(server, narrow)).includes('notes_create'));
    const asked = await show(await assertion(), { scope: 'data:read' });
    assert.equal(asked.json.scope, 'data:read');
    await member('reader', acme.tenant, 'read-only');
    const reader = await show(await assertion({ sub: 'reader' }), { scope: 'data:read data:write' });
    assert.equal(reader.json.scope, 'data:read');
    assert.equal((await show(await assertion({ scope: 'their:own' }))).json.error, 'invalid_grant');
  });

  test('Attack38: is in the tenant that the person belongs to, and in none where that is not clear', async () => {
    await member('bob', rival.tenant);
    const made = await callTool(server, await tokenOf({ sub: 'bob' }), 'notes_create', { title: 'Of the rival' });
    assert.ok(made.id);
    assert.ok(!(await callTool(server, await tokenOf(), 'notes_list')).items.some(({ id }) => id === made.id));
    assert.equal((await show(await assertion({ sub: 'bob', aud_tenant: acme.tenant }))).json.error, 'invalid_grant');
    assert.equal((await show(await assertion({ sub: 'bob', tenant: 'whichever' }))).json.error, 'invalid_grant');
  });
});

test('Attack50: it is for one issuer alone, and for its own tenant there', async () => {
  const own = ownOf(server, acme.tenant);
  const theirs = ownOf(server, rival.tenant);
  const for_ = (issuer) => assertion({ aud: issuer.url, resource: issuer.mcp });
  assert.equal((await show(await for_(own))).json.error, 'invalid_grant');
  assert.equal((await show(await for_(theirs), {}, basic(client.id, client.secret), theirs)).json.error, 'invalid_grant', 'no member there');
  const answer = await show(await for_(own), {}, basic(client.id, client.secret), own);
  assert.equal(answer.status, 200, answer.text);
  assert.equal((await rpc(own, answer.json.access_token, 'tools/list')).status, 200);
  assert.equal((await rpc(server, answer.json.access_token, 'tools/list')).status, 401);
});

// §9.8.1.2 of the draft.
test('an assertion that is bound to a key needs its proof, and so does the token then', async () => {
  const [key, another] = [await newKey(), await newKey()];
  const shown = async (held) => show(await assertion({ cnf: { jkt: key.thumbprint } }), {}, {
    ...basic(client.id, client.secret), ...(held && { dpop: await proof(held, { method: 'POST', url: `${server.url}/oauth/token` }) }),
  });
  assert.equal((await shown()).json.error, 'invalid_grant');
  assert.equal((await shown(another)).json.error, 'invalid_grant');
  const answer = await shown(key);
  assert.deepEqual([answer.status, answer.json.token_type], [200, 'DPoP'], answer.text);
  assert.equal((await rpc(server, answer.json.access_token, 'tools/list')).status, 401, 'it is no bearer token');
});

describe('which client it is', () => {
  test('must be proven', async () => {
    assert.equal((await show(await assertion(), {}, basic(client.id, 'wrong'))).json.error, 'invalid_client');
    assert.equal((await show(await assertion(), { client_id: client.id }, {})).json.error, 'invalid_client');
    const other = await server.admin('client', 'create', '--name', 'Other', '--enterprise');
    const stolen = await assertion();
    assert.equal((await show(stolen, {}, basic(other.id, other.secret))).json.error, 'invalid_grant');
    assert.equal((await show(stolen)).status, 200, 'and it was not used up by the thief');
  });

  test('may be told by its document, with keys or without', async () => {
    const agent = await published({ grant_types: ['authorization_code', grantType] });
    const answer = await show(await assertion({ client_id: agent.id }), { client_id: agent.id }, {});
    assert.equal(answer.status, 200, answer.text);
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const { id } = await published({ grant_types: [grantType], token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [await exportJWK(publicKey)] } });
    assert.equal((await show(await assertion({ client_id: id }), { client_id: id }, {})).json.error, 'invalid_client');
    const proof = await new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).setIssuer(id).setSubject(id).setAudience(server.url).setExpirationTime('60s').setJti(randomUUID()).sign(privateKey);
    const signed = await show(await assertion({ client_id: id }), { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: proof }, {});
    assert.equal(signed.status, 200, signed.text);
  });

  test('must have said that it does this, and be no stranger without credentials', async () => {
    const agent = await published();
    assert.equal((await show(await assertion({ client_id: agent.id }), { client_id: agent.id }, {})).json.error, 'unauthorized_client');
    const stranger = await registered(server, 'https://app.example/cb', { grant_types: ['authorization_code', grantType] });
    assert.equal((await show(await assertion({ client_id: stranger }), { client_id: stranger }, {})).json.error, 'unauthorized_client');
    const script = await show(await assertion({ client_id: 'script' }), { client_id: 'script', client_secret: acme.key }, {});
    assert.equal(script.json.error, 'unauthorized_client');
  });
});

test('Attack62: strangers who begin here are counted before their documents are fetched', async () => {
  const few = await serve({ config: `${configOf(true)}rate_limits: { address: 3/1m }\n` });
  const begin = (id) => tokenRequest(few, { grant_type: grantType, assertion: 'x', client_id: id });
  const agents = [];
  for (let i = 0; i < 4; ++i) agents.push(await published());
  for (const { id } of agents.slice(0, 3)) assert.equal((await begin(id)).json.error, 'unauthorized_client');
  let asked = 0;
  agents[3].host.on('request', () => ++asked);
  const answer = await begin(agents[3].id);
  assert.deepEqual([answer.status, answer.json.error], [503, 'temporarily_unavailable'], answer.text);
  assert.ok(answer.headers['retry-after']);
  assert.equal(asked, 0);
  assert.equal((await begin(agents[0].id)).json.error, 'unauthorized_client', 'who is known is no stranger');
});

test('the metadata say so', async () => {
  for (const path of ['oauth-authorization-server', 'openid-configuration']) {
    const { json } = await request(`${server.url}/.well-known/${path}`);
    assert.deepEqual(json.authorization_grant_profiles_supported, ['urn:ietf:params:oauth:grant-profile:id-jag']);
    assert.ok(json.grant_types_supported.includes(grantType));
    assert.ok(!JSON.stringify(json).includes(company.url), 'whom we trust is not told');
  }
});

test('no assertion is in the log', async () => {
  const text = await assertion({ sub: 'stranger' });
  await show(text);
  assert.ok(!server.log.includes(text.split('.')[2]));
  assert.ok(!server.log.includes(text.split('.')[1]));
});

test('where no issuer is trusted for it none of it is there', async () => {
  const plain = await serve({ config: configOf(false) });
  const { text } = await request(`${plain.url}/.well-known/oauth-authorization-server`);
  assert.doesNotMatch(text, /jwt-bearer"|id-jag/);
  await keysteadRefuses(['client', 'create', '--name', 'Agent', '--enterprise', ...plain.where]);
  const { id, secret } = await plain.admin('client', 'create', '--name', 'Web', '--redirect-uri', 'https://app.example/cb');
  const answer = await show(await assertion({ aud: plain.url, client_id: id }), {}, basic(id, secret), plain);
  assert.deepEqual([answer.status, answer.json.error], [400, 'unsupported_grant_type']);
});
