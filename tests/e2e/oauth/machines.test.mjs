// Machines that call by themselves, with the providers of both official SDKs (the MCP extension io.modelcontextprotocol/oauth-client-credentials):
// clients that an operator has entered, and that prove themselves with a secret or with a key of their own.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as v2 from '@modelcontextprotocol/client';
import * as extensions from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { SignJWT, exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { startIssuer } from '../harness/issuer.mjs';
import { keysteadRefuses } from '../harness/keystead.mjs';
import { callTool, rpc } from '../harness/mcp.mjs';
import { request } from '../harness/http.mjs';
import { plainConfig, temporaryFolder } from '../harness/server.mjs';
import { sdks } from './agent.mjs';
import { authorizePath, published } from './flow.mjs';
import { serveOnStore } from './tenants.mjs';
import { claimsOf, introspect, tokenRequest } from './tokens.mjs';

const server = await serveOnStore(`${plainConfig}oauth: { trusted_client_hosts: ["127.0.0.1"] }\n`);
const acme = await server.tenant('Acme', 'data:write');
const create = (...args) => server.admin('client', 'create', '--tenant', acme.tenant, ...args);
const providers = { v1: extensions, v2 };

// Its key, and the file that holds the public half.
async function machineKey(alg = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const file = join(temporaryFolder(), 'jwks.json');
  writeFileSync(file, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg, kid: 'k1' }] }));
  return { alg, privateKey, pem: await exportPKCS8(privateKey), file };
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const sign = (id, key, { aud = server.url, exp = '60s', kid = 'k1' } = {}) => new SignJWT({})
  .setProtectedHeader({ alg: key.alg, kid }).setIssuer(id).setSubject(id).setAudience(aud).setIssuedAt().setExpirationTime(exp).setJti(randomUUID()).sign(key.privateKey);
const asMachine = async (id, key, said = {}, more = {}) =>
  tokenRequest(server, { grant_type: 'client_credentials', client_assertion_type: assertionType, client_assertion: await sign(id, key, said), ...more });

async function connect(sdk, authProvider) {
  const client = new sdks[sdk].Client({ name: 'machine', version: '1' });
  await client.connect(new sdks[sdk].StreamableHTTPClientTransport(new URL(server.mcp), { authProvider }));
  return client;
}

for (const sdk of ['v1', 'v2']) {
  describe(`the official SDK ${sdk}`, () => {
    const { ClientCredentialsProvider, PrivateKeyJwtProvider, StaticPrivateKeyJwtProvider } = providers[sdk];

    test('connects with a secret, and acts in the tenant of the client', async () => {
      const machine = await create('--name', 'Nightly');
      const client = await connect(sdk, new ClientCredentialsProvider({ clientId: machine.id, clientSecret: machine.secret, expectedIssuer: server.url }));
      const made = await client.callTool({ name: 'notes_create', arguments: { title: `By a machine of ${sdk}` } });
      assert.ok(!made.isError, JSON.stringify(made));
      assert.equal((await callTool(server, acme.key, 'notes_list')).items.filter(({ title }) => title === `By a machine of ${sdk}`).length, 1);
      await client.close();
    });

    for (const alg of ['ES256', 'RS256', 'PS512']) {
      test(`connects with a key of its own that signs with ${alg}`, async () => {
        const key = await machineKey(alg);
        const machine = await create('--name', 'Signing', '--jwks', key.file);
        assert.deepEqual([machine.auth, machine.secret], ['private_key_jwt', undefined]);
        const client = await connect(sdk, new PrivateKeyJwtProvider({ clientId: machine.id, privateKey: key.pem, algorithm: alg, expectedIssuer: server.url }));
        assert.ok((await client.listTools()).tools.length > 0);
        await client.close();
      });
    }

    test('connects with an assertion that was made elsewhere, once', async () => {
      const key = await machineKey();
      const machine = await create('--name', 'Workload', '--jwks', key.file);
      const provider = async () => new StaticPrivateKeyJwtProvider({ clientId: machine.id, jwtBearerAssertion: await assertion, expectedIssuer: server.url });
      const assertion = sign(machine.id, key);
      await (await connect(sdk, await provider())).close();
      await assert.rejects(async () => connect(sdk, await provider()), 'Attack61: the same assertion again');
    });

    test('is refused with a wrong secret', async () => {
      const machine = await create('--name', 'Nightly');
      await assert.rejects(connect(sdk, new ClientCredentialsProvider({ clientId: machine.id, clientSecret: `${machine.secret}x`, expectedIssuer: server.url })));
    });
  });
}

describe('keys that a client publishes', () => {
  test('are fetched, and a new one counts within a minute of the last fetch', async () => {
    const host = await startIssuer();
    await host.add('k1', 'ES256');
    const machine = await create('--name', 'Rotating', '--jwks-uri', `${host.url}/.well-known/jwks.json`);
    const signing = { alg: 'ES256', privateKey: host.keys.k1.privateKey };
    for (let i = 0; i < 3; ++i) assert.equal((await asMachine(machine.id, signing)).status, 200);
    assert.equal(host.fetches, 1);
    const stranger = await machineKey();
    for (let i = 0; i < 5; ++i) assert.equal((await asMachine(machine.id, stranger, { kid: `made-up-${i}` })).status, 401);
    assert.equal(host.fetches, 1, 'Attack66: names of keys that nobody has do not make us ask again');
  });

  test('may be named by the document of a client, too', async () => {
    const host = await startIssuer();
    await host.add('k1', 'ES256');
    const { id } = await published({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: `${host.url}/.well-known/jwks.json` });
    const signing = { alg: 'ES256', privateKey: host.keys.k1.privateKey };
    assert.equal((await asMachine(id, signing)).json.error, 'invalid_client', 'it has not begun anywhere');
    assert.equal((await request(`${server.url}${authorizePath(id)}`)).status, 303);
    const answer = await asMachine(id, signing);
    // It is who it says; it was not entered by an operator, and so acts for nobody.
    assert.deepEqual([answer.status, answer.json.error], [400, 'unauthorized_client']);
    assert.equal((await asMachine(id, await machineKey())).json.error, 'invalid_client');
    assert.equal(host.fetches, 1);
  });

  test('are not looked for where a client registers itself', async () => {
    const answer = await request(`${server.url}/oauth/register`, {
      method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['https://app.example/cb'], token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://app.example/keys' }),
    });
    assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_client_metadata']);
  });
});

describe('a client that signs', () => {
  test('names itself in the assertion alone, asks for scope and resource, and looks at its token', async () => {
    const key = await machineKey();
    const { id } = await create('--name', 'Signing', '--jwks', key.file);
    const answer = await asMachine(id, key, {}, { scope: 'data:read', resource: server.mcp });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.scope, 'data:read');
    assert.equal(answer.json.refresh_token, undefined);
    const { access_token: token } = answer.json;
    assert.deepEqual([claimsOf(token).aud, claimsOf(token).client_id, claimsOf(token).sub], [server.mcp, id, `client:${id}`]);
    const seen = await introspect(server, { token, client_assertion_type: assertionType, client_assertion: await sign(id, key) });
    assert.equal(seen.json.active, true);
    await server.admin('client', 'delete', id);
    assert.equal((await rpc(server, token, 'tools/list')).status, 401);
  });

  test('Attack61: says that it is for us, for a short time', async () => {
    const key = await machineKey();
    const { id } = await create('--name', 'Signing', '--jwks', key.file);
    for (const said of [{ aud: 'https://elsewhere.example' }, { aud: [server.url, 'https://elsewhere.example'] }, { exp: '11m' }, { exp: '-2m' }]) {
      assert.equal((await asMachine(id, key, said)).json.error, 'invalid_client', JSON.stringify(said));
    }
    assert.equal((await asMachine(id, key, { aud: `${server.url}/oauth/token` })).status, 200);
  });

  test('is offered by the metadata', async () => {
    const { json } = await request(`${server.url}/.well-known/oauth-authorization-server`);
    assert.ok(json.grant_types_supported.includes('client_credentials'));
    assert.ok(json.token_endpoint_auth_methods_supported.includes('private_key_jwt'));
    assert.ok(json.token_endpoint_auth_signing_alg_values_supported.includes('ES256'));
  });
});

test('keys that are none, or in two places, or of a client with another method, are refused with one line', async () => {
  const { file } = await machineKey();
  const empty = join(temporaryFolder(), 'jwks.json');
  writeFileSync(empty, '{"keys":[]}');
  for (const args of [
    ['--jwks', empty],
    ['--jwks', `${file}.absent`],
    ['--jwks', file, '--jwks-uri', 'https://app.example/keys'],
    ['--jwks', file, '--auth', 'none'],
    ['--auth', 'private_key_jwt'],
    ['--jwks-uri', 'http://app.example/keys'],
  ]) {
    await keysteadRefuses(['client', 'create', '--name', 'Odd', '--tenant', acme.tenant, ...args, ...server.where]);
  }
});
