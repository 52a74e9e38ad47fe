// Tokens that are bound to a key (RFC 9449): with clients that others have written, and with thieves that choose every byte.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { DpopSession } from '@modelcontextprotocol/client';
import * as oauth from 'oauth4webapi';
import { store } from '../harness/contract.mjs';
import { bearer, request, rest } from '../harness/http.mjs';
import { startIssuer } from '../harness/issuer.mjs';
import { rpc } from '../harness/mcp.mjs';
import { Person } from '../harness/person.mjs';
import { database } from '../harness/postgres.mjs';
import { serve } from '../harness/server.mjs';
import { Agent, callback } from './agent.mjs';
import { answerOf, authorizePath, consent, decide, oauthConfig, published, register, registered, verifier } from './flow.mjs';
import { listTools, newKey, proof, toListTools } from './proofs.mjs';
import { demoOnStore, ownOf } from './tenants.mjs';
import { basic, claimsOf, exchange, introspect, tokenRequest } from './tokens.mjs';

const optional = await demoOnStore(oauthConfig(', dpop: optional'));
const insecure = { [oauth.allowInsecureRequests]: true };
const redirectUri = 'https://app.example/cb';
const person = new Person(optional);
await person.signIn(optional.console.email, optional.console.password);

const discover = async (server) => {
  const issuer = new URL(server.url);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }));
};
const toToken = (server) => ({ method: 'POST', url: `${server.url}/oauth/token` });
const withKey = (server, more = {}) => ({ grant_type: 'client_credentials', client_id: 'my-script', client_secret: server.key, ...more });
// A token for the API key of a server, bound to `key`.
async function boundToken(server, key, more = {}) {
  const answer = await tokenRequest(server, withKey(server, more), { dpop: await proof(key, toToken(server)) });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.access_token;
}
// What a person has approved: a code.
async function codeFor(client, changes = {}) {
  return answerOf(await decide(person, await consent(person, authorizePath(client, { prompt: 'consent', ...changes })), 'approve')).code;
}
const redemption = (client_id, code) => ({ grant_type: 'authorization_code', client_id, code, code_verifier: verifier, redirect_uri: redirectUri });

describe('oauth4webapi', async () => {
  const script = { client_id: 'my-script' };

  for (const [name, nonce] of [['without a nonce', ''], ['with a nonce of the server', ', dpop_nonce: true']]) {
    test(`client_credentials and both surfaces, ${name}`, async () => {
      const server = nonce ? await demoOnStore(oauthConfig(`, dpop: optional${nonce}`)) : optional;
      const as = await discover(server);
      assert.ok(as.dpop_signing_alg_values_supported.includes('ES256'));
      assert.ok(!as.dpop_signing_alg_values_supported.some((each) => each.startsWith('HS') || each === 'none'));
      const DPoP = oauth.DPoP(script, await oauth.generateKeyPair('ES256'));
      let challenged = 0;
      const again = async (send) => {
        try {
          return await send();
        } catch (error) {
          if (!oauth.isDPoPNonceError(error)) throw error;
          challenged += 1;
          return send();
        }
      };
      const tokens = await again(async () => oauth.processClientCredentialsResponse(as, script, await oauth.clientCredentialsGrantRequest(
        as, script, oauth.ClientSecretPost(server.key), { scope: 'data:read' }, { DPoP, ...insecure },
      )));
      assert.equal(tokens.token_type, 'dpop');
      const read = (path) => again(() => oauth.protectedResourceRequest(
        tokens.access_token, 'GET', new URL(`${server.url}${path}`), undefined, undefined, { DPoP, ...insecure },
      ));
      assert.equal((await read('/api/v1/notes?limit=1')).status, 200);
      assert.equal((await read('/api/v1/whoami')).status, 200);
      const answer = await again(() => oauth.protectedResourceRequest(
        tokens.access_token, 'POST', new URL(server.mcp),
        new Headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-11-25' }),
        JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }), { DPoP, ...insecure },
      ));
      assert.equal(answer.status, 200);
      assert.equal(challenged, nonce ? 1 : 0, 'token endpoint and resource have one nonce');
      const looked = await oauth.processIntrospectionResponse(
        as, script, await oauth.introspectionRequest(as, script, oauth.ClientSecretPost(server.key), tokens.access_token, insecure),
      );
      assert.equal(looked.token_type, 'DPoP');
      assert.equal(looked.cnf.jkt, await DPoP.calculateThumbprint());
      await oauth.validateJwtAccessToken(as, new Request(server.mcp, {
        method: 'POST',
        headers: { authorization: `DPoP ${tokens.access_token}`, dpop: await proofOf(DPoP, server, tokens.access_token) },
      }), server.mcp, { requireDPoP: true, ...insecure });
    });
  }

  // As oauth4webapi sends it.
  async function proofOf(DPoP, server, token) {
    let sent;
    await oauth.protectedResourceRequest(token, 'POST', new URL(server.mcp), undefined, undefined, {
      DPoP, ...insecure,
      [oauth.customFetch]: async (_, { headers }) => { sent = new Headers(headers).get('dpop'); return new Response(); },
    });
    return sent;
  }

  test('authorization_code with dpop_jkt, and refresh_token', async () => {
    const as = await discover(optional);
    const client = await oauth.processDynamicClientRegistrationResponse(await oauth.dynamicClientRegistrationRequest(as, {
      client_name: 'Bound', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'], dpop_bound_access_tokens: true,
    }, insecure));
    assert.equal(client.dpop_bound_access_tokens, true);
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    const path = authorizePath(client.client_id, { dpop_jkt: await DPoP.calculateThumbprint() });
    const { at, ...answer } = answerOf(await decide(person, await consent(person, path), 'approve'));
    assert.equal(at, redirectUri);
    const callback = oauth.validateAuthResponse(as, client, new URLSearchParams(answer), 'st&te');
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, await oauth.authorizationCodeGrantRequest(
      as, client, oauth.None(), callback, redirectUri, verifier, { DPoP, ...insecure },
    ));
    assert.equal(tokens.token_type, 'dpop');
    const next = await oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(
      as, client, oauth.None(), tokens.refresh_token, { DPoP, ...insecure },
    ));
    assert.equal(next.token_type, 'dpop');
    for (const { access_token: token } of [tokens, next]) {
      const response = await oauth.protectedResourceRequest(token, 'GET', new URL(`${optional.url}/api/v1/whoami`), undefined, undefined, { DPoP, ...insecure });
      assert.equal(response.status, 200);
    }
  });
});

describe('the SDK', () => {
  for (const [name, more] of [['optional', ''], ['required, with a nonce', ', dpop_nonce: true']]) {
    test(`finds out by itself, binds its tokens, and refreshes them: ${name}`, async () => {
      const server = await demoOnStore(oauthConfig(`, dpop: ${more ? 'required' : 'optional'}, access_token: 2s${more}`));
      const owner = new Person(server);
      await owner.signIn(server.console.email, server.console.password);
      const dpop = await DpopSession.create();
      const agent = new Agent('Bound Agent', 'v2', server.mcp, await callback(), { dpop });
      const client = await agent.connect(async (url) => {
        const { pathname, search } = new URL(url);
        const answer = await decide(owner, await consent(owner, pathname + search), 'approve');
        await request(answer.headers.location);
      });
      const first = agent.tokens();
      assert.equal(first.token_type, 'DPoP');
      assert.equal(claimsOf(first.access_token).cnf.jkt, dpop.thumbprint);
      assert.ok((await client.listTools()).tools.length > 0);
      assert.equal((await rpc(server, first.access_token, 'tools/list')).status, 401, 'as a bearer token');
      await new Promise((resolve) => setTimeout(resolve, 2500));
      assert.ok((await client.listTools()).tools.length > 0);
      assert.notEqual(agent.tokens().access_token, first.access_token);
      assert.equal(agent.asked.length, 1, 'the person was asked once');
      await client.close();
    });
  }
});

test('a token that another issuer has bound is good with its key alone', async () => {
  const issuer = await startIssuer();
  await issuer.add('k', 'ES256');
  const server = await demoOnStore(`${oauthConfig(', dpop: optional')}issuers:\n  other: { issuer: "${issuer.url}", tenant: [org] }\n`);
  const key = await newKey();
  const iat = Math.floor(Date.now() / 1000);
  const token = await issuer.sign({ iss: issuer.url, sub: 'ada', org: server.tenant, iat, exp: iat + 300, cnf: { jkt: key.thumbprint } }, 'k');
  assert.equal((await rpc(server, token, 'tools/list')).status, 401);
  assert.equal((await listTools(server, token, await proof(await newKey(), toListTools(server, token)))).status, 401);
  assert.equal((await listTools(server, token, await proof(key, toListTools(server, token)))).status, 200);
});

describe('a thief', async () => {
  const key = await newKey();
  const token = await boundToken(optional, key);
  const other = await boundToken(optional, key, { scope: 'data:read' });
  const thief = await newKey();
  const rsa = await newKey('RS256');
  const now = () => Math.floor(Date.now() / 1000);
  const target = toListTools(optional, token);
  const expectRefused = (answer, error) => {
    assert.equal(answer.status, 401, answer.text);
    assert.match(answer.headers['www-authenticate'], new RegExp(`^DPoP realm="[^"]+".*, algs="[^"]*ES256[^"]*".*, error="${error}"`));
    assert.doesNotMatch(answer.headers['www-authenticate'], /Bearer/);
  };

  test('has nothing of the token where its owner has it, in every algorithm', async () => {
    assert.equal((await listTools(optional, token, await proof(key, target))).status, 200);
    for (const alg of ['RS256', 'PS384', 'ES384', 'ES512', 'EdDSA']) {
      const each = await newKey(alg);
      const bound = await boundToken(optional, each);
      assert.equal((await listTools(optional, bound, await proof(each, toListTools(optional, bound)))).status, 200, alg);
      expectRefused(await listTools(optional, bound, await proof(thief, toListTools(optional, bound))), 'invalid_token');
    }
  });

  test('sends it as a bearer token, and under other names', async () => {
    const answer = await rpc(optional, token, 'tools/list');
    assert.equal(answer.status, 401);
    assert.match(answer.headers['www-authenticate'], /^Bearer .*error="invalid_token".*, DPoP realm="[^"]+".*algs="/);
    assert.equal((await rest(optional, token, 'GET', '/notes')).status, 401);
    const proven = await proof(key, target);
    assert.equal((await rpc(optional, token, 'tools/list', {}, { dpop: proven })).status, 401, 'with the proof of its owner');
    for (const headers of [{ authorization: `DPoP ${token}`, 'x-api-key': token }, { 'x-api-key': token, authorization: `DPoP ${token}` }]) {
      assert.ok((await request(optional.mcp, { method: 'POST', headers })).status >= 400);
    }
    assert.equal((await request(optional.mcp, { method: 'POST', headers: { 'x-api-key': token, dpop: proven } })).status, 401);
    assert.equal((await listTools(optional, token, proven)).status, 200, 'nothing of that has spent it');
  });

  const swapped = { ...thief, jwk: key.jwk };  // signs with its own, and shows the owner's
  const cases = [
    ['no proof', () => undefined, 'invalid_dpop_proof'],
    ['two proofs', async () => [await proof(key, target), await proof(key, target)], 'invalid_dpop_proof'],
    ['a proof of its own key', () => proof(thief, target), 'invalid_token'],
    ['a proof that shows the other key', () => proof(swapped, target), 'invalid_dpop_proof'],
    ['a proof for another method', () => proof(key, { ...target, method: 'GET' }), 'invalid_dpop_proof'],
    ['a proof for another path', () => proof(key, { ...target, url: `${optional.url}/api/v1/whoami` }), 'invalid_dpop_proof'],
    ['a proof for another host', () => proof(key, { ...target, url: 'https://evil.example/mcp' }), 'invalid_dpop_proof'],
    ['a proof for another token', () => proof(key, toListTools(optional, other)), 'invalid_dpop_proof'],
    ['a proof for no token', () => proof(key, { ...target, token: undefined }), 'invalid_dpop_proof'],
    ['an old proof', () => proof(key, target, { iat: now() - 310 }), 'invalid_dpop_proof'],
    ['a proof for later', () => proof(key, target, { iat: now() + 310 }), 'invalid_dpop_proof'],
    ['a proof without a time', () => proof(key, target, { iat: undefined }), 'invalid_dpop_proof'],
    ['a proof without an id', () => proof(key, target, { jti: undefined }), 'invalid_dpop_proof'],
    ['a proof that is another token', () => proof(key, target, {}, { typ: 'at+jwt' }), 'invalid_dpop_proof'],
    ['a proof with a private key in it', () => proof(key, target, {}, { jwk: key.privateJwk }), 'invalid_dpop_proof'],
    ['a proof without a key', () => proof(key, target, {}, { jwk: undefined }), 'invalid_dpop_proof'],
    ['a proof by a key of another type', () => proof(key, target, {}, { jwk: rsa.jwk }), 'invalid_dpop_proof'],
    ['the token as proof', () => token, 'invalid_dpop_proof'],
    ['no text', () => '', 'invalid_dpop_proof'],
    ['garbage without end', () => 'a.'.repeat(5000), 'invalid_dpop_proof'],
  ];
  for (const [name, made, error] of cases) {
    test(`brings ${name}: ${error}`, async () => expectRefused(await listTools(optional, token, await made()), error));
  }

  test('replays a proof that was used', async () => {
    const used = await proof(key, target);
    assert.equal((await listTools(optional, token, used)).status, 200);
    expectRefused(await listTools(optional, token, used), 'invalid_dpop_proof');
    const sharesId = await proof(key, target, { jti: 'the same', iat: now() - 1 });
    assert.equal((await listTools(optional, token, sharesId)).status, 200);
    expectRefused(await listTools(optional, token, await proof(key, target, { jti: 'the same' })), 'invalid_dpop_proof');
    const races = await proof(key, target);
    const answers = await Promise.all(Array.from({ length: 20 }, () => listTools(optional, token, races)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1, 'of many at once one is the first');
  });

  test('cannot use up the ids of its victim', async () => {
    const jti = randomUUID();
    await listTools(optional, token, await proof(thief, target, { jti }));
    assert.equal((await listTools(optional, token, await proof(key, target, { jti }))).status, 200);
  });

  test('exchanges it for one of its own', async () => {
    for (const headers of [{}, { dpop: await proof(thief, toToken(optional)) }]) {
      const answer = await exchange(optional, { subject_token: token });
      assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_request'], headers);
    }
    const answer = await tokenRequest(optional, {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', client_id: 'my-agent', subject_token: token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    }, { dpop: await proof(key, toToken(optional)) });
    assert.equal(answer.json.token_type, 'DPoP', answer.text);
    assert.equal(claimsOf(answer.json.access_token).cnf.jkt, key.thumbprint);
  });

  test('passes off a token that is bound to nothing', async () => {
    const { json } = await tokenRequest(optional, withKey(optional));
    assert.equal(json.token_type, 'Bearer');
    assert.equal(claimsOf(json.access_token).cnf, undefined);
    expectRefused(await listTools(optional, json.access_token, await proof(key, toListTools(optional, json.access_token))), 'invalid_token');
    assert.equal((await rpc(optional, json.access_token, 'tools/list')).status, 200);
    assert.equal((await listTools(optional, optional.key, await proof(key, toListTools(optional, optional.key)))).status, 401, 'nor an API key');
  });
});

describe('the token endpoint', async () => {
  const key = await newKey();
  const stranger = await newKey();
  const client = await registered(optional);
  const ask = async (body, by, changes) => tokenRequest(optional, body, by ? { dpop: await proof(by, toToken(optional), changes) } : {});

  test('refuses what is no proof for it, and spends nothing', async () => {
    const code = await codeFor(client);
    const wrong = [
      await proof(key, { method: 'GET', url: toToken(optional).url }), await proof(key, { method: 'POST', url: optional.mcp }),
      await proof(key, toToken(optional), { iat: 1 }), 'garbage',
    ];
    for (const dpop of wrong) {
      const answer = await tokenRequest(optional, redemption(client, code), { dpop });
      assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_dpop_proof']);
      assert.equal(answer.headers['cache-control'], 'no-store');
    }
    const used = await proof(key, toToken(optional));
    assert.equal((await tokenRequest(optional, redemption(client, code), { dpop: used })).json.token_type, 'DPoP');
    assert.equal((await tokenRequest(optional, withKey(optional), { dpop: used })).json.error, 'invalid_dpop_proof');
  });

  test('a code that is bound by dpop_jkt is redeemed with that key alone', async () => {
    const code = await codeFor(client, { dpop_jkt: key.thumbprint });
    for (const by of [undefined, stranger]) {
      assert.equal((await ask(redemption(client, code), by)).json.error, 'invalid_grant');
    }
    assert.equal((await ask(redemption(client, code), key)).json.token_type, 'DPoP', 'nothing of that has used it');
    const refused = answerOf(await person.get(authorizePath(client, { dpop_jkt: 'short' })));
    assert.equal(refused.error, 'invalid_request');
  });

  test('a refresh token of a public client is good with its key alone, and nobody else ends it', async () => {
    const first = (await ask(redemption(client, await codeFor(client)), key)).json;
    const refresh = (refresh_token) => ({ grant_type: 'refresh_token', client_id: client, refresh_token });
    for (const by of [undefined, stranger]) {
      assert.deepEqual((await ask(refresh(first.refresh_token), by)).json.error, 'invalid_grant');
    }
    const second = (await ask(refresh(first.refresh_token), key)).json;
    assert.equal(second.token_type, 'DPoP');
    // An old one, shown by a stranger: the family lives.
    const third = (await ask(refresh(second.refresh_token), key)).json;
    assert.equal((await ask(refresh(first.refresh_token), stranger)).json.error, 'invalid_grant');
    assert.equal((await ask(refresh(third.refresh_token), key)).json.token_type, 'DPoP');
  });

  test('a line that has begun without a key takes one up, and keeps it', async () => {
    const refresh = (refresh_token) => ({ grant_type: 'refresh_token', client_id: client, refresh_token });
    const first = (await ask(redemption(client, await codeFor(client)))).json;
    assert.equal(first.token_type, 'Bearer');
    const second = (await ask(refresh(first.refresh_token), key)).json;
    assert.equal(second.token_type, 'DPoP');
    assert.equal((await ask(refresh(second.refresh_token))).json.error, 'invalid_grant');
    assert.equal((await ask(refresh(second.refresh_token), key)).json.token_type, 'DPoP');
  });

  test('a client that wants bound tokens gets no others, however it is known', async () => {
    const cimd = await published({ dpop_bound_access_tokens: true });
    for (const id of [await registered(optional, redirectUri, { dpop_bound_access_tokens: true }), cimd.id]) {
      const code = await codeFor(id);
      assert.equal((await ask(redemption(id, code))).json.error, 'invalid_dpop_proof');
      assert.equal((await ask(redemption(id, code), key)).json.token_type, 'DPoP');
    }
    const odd = await register(optional, { redirect_uris: [redirectUri], dpop_bound_access_tokens: 'yes' });
    assert.deepEqual([odd.status, odd.json.error], [400, 'invalid_client_metadata']);
  });
});

test('with a nonce: one that is missing or wrong is answered with a good one', async () => {
  const server = await demoOnStore(oauthConfig(', dpop: optional, dpop_nonce: true'));
  const key = await newKey();
  const asked = await tokenRequest(server, withKey(server), { dpop: await proof(key, toToken(server)) });
  assert.deepEqual([asked.status, asked.json.error], [400, 'use_dpop_nonce']);
  const nonce = asked.headers['dpop-nonce'];
  assert.match(nonce, /^[\w-]{43}$/);
  const token = (await tokenRequest(server, withKey(server), { dpop: await proof(key, toToken(server), { nonce }) })).json.access_token;
  const target = toListTools(server, token);
  for (const claims of [{}, { nonce: 'a'.repeat(43) }, { nonce: 1 }]) {
    const answer = await listTools(server, token, await proof(key, target, claims));
    assert.equal(answer.status, 401);
    assert.match(answer.headers['www-authenticate'], /^DPoP .*error="use_dpop_nonce"/);
    assert.equal(answer.headers['dpop-nonce'], nonce, 'nothing is kept, and it is the same everywhere');
  }
  const good = await listTools(server, token, await proof(key, target, { nonce }));
  assert.deepEqual([good.status, good.headers['dpop-nonce']], [200, nonce]);
  assert.equal((await rpc(server, server.key, 'tools/list')).headers['dpop-nonce'], undefined, 'who proves nothing is told nothing');
});

test('required: every token is bound, and an API key still passes', async () => {
  const server = await demoOnStore(oauthConfig(', dpop: required'));
  const refused = await tokenRequest(server, withKey(server));
  assert.deepEqual([refused.status, refused.json.error], [400, 'invalid_dpop_proof']);
  const key = await newKey();
  const token = await boundToken(server, key);
  assert.equal((await listTools(server, token, await proof(key, toListTools(server, token)))).status, 200);
  assert.equal((await rpc(server, token, 'tools/list')).status, 401);
  assert.equal((await rpc(server, server.key, 'tools/list')).status, 200);
  const resource = (await request(`${server.url}/.well-known/oauth-protected-resource/mcp`)).json;
  assert.equal(resource.dpop_bound_access_tokens_required, true);
  assert.ok(resource.dpop_signing_alg_values_supported.includes('ES256'));
});

test('what is switched on and off again leaves no token behind that a thief could use', async () => {
  const place = store === 'postgres' ? await database() : undefined;
  const first = await serve({ config: oauthConfig(), data: place?.url });
  const { key: apiKey } = await first.tenant('Acme', 'data:read');
  const server = (where) => Object.assign(where, { key: apiKey });
  const unbound = (await tokenRequest(first, withKey(server(first)))).json.access_token;
  const port = new URL(first.url).port;
  await first.stop();
  const args = ['--listen', `127.0.0.1:${port}`];
  const start = async (more) => {
    writeFileSync(first.config, oauthConfig(more));
    return server(await serve({ data: first.data, file: first.config, args }));
  };
  const required = await start(', dpop: required');
  assert.equal((await rpc(required, unbound, 'tools/list')).status, 401, 'from before');
  const key = await newKey();
  const bound = await boundToken(required, key);
  const used = await proof(key, toListTools(required, bound));
  assert.equal((await listTools(required, bound, used)).status, 200);
  await required.stop();
  const again = await start(', dpop: optional');
  assert.equal((await listTools(again, bound, used)).status, 401, 'a restart forgets no proof');
  assert.equal((await listTools(again, bound, await proof(key, toListTools(again, bound)))).status, 200);
  assert.equal((await rpc(again, unbound, 'tools/list')).status, 200);
  await again.stop();
  const off = await start('');
  assert.equal((await rpc(off, bound, 'tools/list')).status, 401);
  assert.equal((await rpc(off, unbound, 'tools/list')).status, 200);
});

test('a tenant with an address of its own: the proof is for that address', async () => {
  const server = await demoOnStore(oauthConfig(', dpop: optional, tenant_issuers: true'));
  const own = ownOf(server, server.tenant);
  const key = await newKey();
  const atRoot = await tokenRequest(own, withKey(server), { dpop: await proof(key, toToken(server)) });
  assert.deepEqual([atRoot.status, atRoot.json.error], [400, 'invalid_dpop_proof']);
  const { access_token: token } = (await tokenRequest(own, withKey(server), { dpop: await proof(key, toToken(own)) })).json;
  assert.equal(claimsOf(token).iss, own.url);
  assert.equal((await listTools(own, token, await proof(key, toListTools(server, token)))).status, 401);
  assert.equal((await listTools(own, token, await proof(key, toListTools(own, token)))).status, 200);
  for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/oauth-protected-resource']) {
    const { json } = await request(`${server.url}${path}/t/${server.tenant}${path.endsWith('resource') ? '/mcp' : ''}`);
    assert.ok(json.dpop_signing_alg_values_supported.includes('ES256'), path);
  }
});

test('a machine that an operator has entered as bound gets no other tokens, and may change its key', async () => {
  const made = await optional.admin('client', 'create', '--name', 'Nightly', '--tenant', optional.tenant, '--dpop-bound');
  assert.equal(made.dpop_bound, true);
  const ask = (headers) => tokenRequest(optional, { grant_type: 'client_credentials' }, { ...basic(made.id, made.secret), ...headers });
  assert.equal((await ask({})).json.error, 'invalid_dpop_proof');
  for (const key of [await newKey(), await newKey('EdDSA')]) {
    const answer = await ask({ dpop: await proof(key, toToken(optional)) });
    assert.equal(claimsOf(answer.json.access_token).cnf.jkt, key.thumbprint);
  }
});

test('a request that is pushed with a proof: its code is good with that key alone', async () => {
  const server = await demoOnStore(oauthConfig(', dpop: optional, pushed_requests: optional'));
  const owner = new Person(server);
  await owner.signIn(server.console.email, server.console.password);
  const client = await registered(server);
  const [key, stranger] = [await newKey(), await newKey()];
  const place = { method: 'POST', url: `${server.url}/oauth/par` };
  const push = async (by, more = {}) => {
    const body = new URLSearchParams(`${authorizePath(client, more)}`.split('?')[1]).toString();
    return request(place.url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body), dpop: await proof(by, place) }, body });
  };
  const other = await push(key, { dpop_jkt: stranger.thumbprint });
  assert.deepEqual([other.status, other.json.error], [400, 'invalid_dpop_proof']);
  for (const more of [{}, { dpop_jkt: key.thumbprint }]) {
    const pushed = await push(key, { prompt: 'consent', ...more });
    assert.equal(pushed.status, 201, pushed.text);
    const path = `/oauth/authorize?${new URLSearchParams({ client_id: client, request_uri: pushed.json.request_uri })}`;
    const { code } = answerOf(await decide(owner, await consent(owner, path), 'approve'));
    const redeem = async (by) => tokenRequest(server, redemption(client, code), by && { dpop: await proof(by, toToken(server)) });
    for (const by of [undefined, stranger]) assert.equal((await redeem(by)).json.error, 'invalid_grant');
    assert.equal((await redeem(key)).json.token_type, 'DPoP');
  }
});

test('a browser may send proofs, and read the nonce', async () => {
  const origin = optional.url;
  const preflight = await request(optional.mcp, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'dpop' } });
  assert.match(preflight.headers['access-control-allow-headers'], /, DPoP$/);
  assert.match((await rpc(optional, optional.key, 'tools/list', {}, { origin })).headers['access-control-expose-headers'], /, DPoP-Nonce$/);
});

test('behind another gateway a bound token is refused, and told why', async () => {
  const server = await demoOnStore(`${oauthConfig(', dpop: optional')}verify: { enabled: true }\n`);
  const key = await newKey();
  const token = await boundToken(server, key);
  const headers = { authorization: `DPoP ${token}`, dpop: await proof(key, { method: 'GET', url: `${server.url}/verify`, token }) };
  assert.equal((await request(`${server.url}/verify`, { headers })).status, 401);
  assert.equal((await request(`${server.url}/verify`, { headers: bearer(token) })).status, 401);
  assert.equal((await request(`${server.url}/verify`, { headers: bearer(server.key) })).status, 200);
});

test('off: nothing names it, and what a client sends of it is passed over', async () => {
  const server = await demoOnStore(oauthConfig());
  const key = await newKey();
  for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration', '/.well-known/oauth-protected-resource']) {
    assert.doesNotMatch((await request(server.url + path)).text, /dpop/i, path);
  }
  const answer = await tokenRequest(server, withKey(server), { dpop: 'garbage' });
  assert.equal(answer.json.token_type, 'Bearer');
  const token = answer.json.access_token;
  assert.equal((await rpc(server, token, 'tools/list', {}, { dpop: 'garbage' })).status, 200);
  const refused = await listTools(server, token, await proof(key, toListTools(server, token)));
  assert.equal(refused.status, 401);
  assert.doesNotMatch(refused.headers['www-authenticate'], /DPoP/);
  const client = await register(server, { redirect_uris: [redirectUri], dpop_bound_access_tokens: true });
  assert.deepEqual([client.status, client.json.dpop_bound_access_tokens], [201, undefined]);
  const preflight = await request(server.mcp, { method: 'OPTIONS', headers: { origin: server.url, 'access-control-request-method': 'POST' } });
  assert.doesNotMatch(preflight.headers['access-control-allow-headers'], /DPoP/);
  assert.deepEqual((await introspect(server, { token, client_id: 'my-script', client_secret: server.key })).json.token_type, 'Bearer');
});
