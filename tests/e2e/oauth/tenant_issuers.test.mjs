// Tenants with an MCP endpoint and an authorization server of their own, beside those of the service.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { describe, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { startBrowser } from '../harness/browser.mjs';
import { challengeOf, neighbour } from '../harness/contract.mjs';
import { bearer, request } from '../harness/http.mjs';
import { post, rpc, toolNames } from '../harness/mcp.mjs';
import { Person, csrfOf } from '../harness/person.mjs';
import { plainConfig, serve } from '../harness/server.mjs';
import { Agent, callback, personWith } from './agent.mjs';
import { answerOf, authorizePath, consent, decide, oauthConfig, registered, verifier } from './flow.mjs';
import { newKey, proof } from './proofs.mjs';
import { demoOnStore, joinAnother, ownOf, signedIn } from './tenants.mjs';
import { claimsOf, exchange, introspect, revoke, tokenFor, tokenRequest } from './tokens.mjs';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const server = await demoOnStore(oauthConfig(', tenant_issuers: true, access_token: 2s'));
const { tenant } = server;
const own = ownOf(server, tenant);
const second = ownOf(server, await joinAnother(server, 'Second'));
const foreign = await neighbour(server, 'Foreign');
const other = ownOf(server, foreign.tenant);
const nobodys = ownOf(server, '01900000-0000-7000-8000-000000000000');
const ada = await signedIn(server);
const client = await registered(server, 'https://app.example/cb', { grant_types: ['authorization_code', 'refresh_token', deviceGrant] });

const wellKnown = (name, rest) => `/.well-known/${name}${rest}`;
const below = ({ url }) => new URL(url).pathname.replace(/^\/$/, '');
const formsOf = (path) => [wellKnown('oauth-authorization-server', path), wellKnown('openid-configuration', path), `${path}/.well-known/openid-configuration`];

// What a person has approved at an issuer: the answer to the client.
async function approved(issuer, changes = {}, person = ada) {
  const asked = await consent(person, below(issuer) + authorizePath(client, changes));
  return answerOf(await decide(person, asked, 'approve'));
}
const codeOf = async (issuer) => ({ grant_type: 'authorization_code', client_id: client, code: (await approved(issuer)).code, code_verifier: verifier });
const errorOf = async (issuer, body) => {
  const { status, json } = await tokenRequest(issuer, body);
  return status === 200 ? 'none' : json.error;
};

describe('what is said of it', () => {
  test('stands at every address that clients try, with all endpoints below its own', async () => {
    for (const issuer of [own, other]) {
      for (const path of formsOf(below(issuer))) {
        const { status, headers, text, json } = await request(server.url + path);
        assert.equal(status, 200, path);
        assert.equal(headers['content-type'], 'application/json');
        assert.equal(headers['access-control-allow-origin'], undefined);
        assert.equal(json.issuer, issuer.url);
        assert.doesNotMatch(text, /null/);
        for (const [member, value] of Object.entries(json)) {
          if (/_endpoint$|_uri$/.test(member)) assert.ok(value.startsWith(`${issuer.url}/`), member);
        }
        assert.equal((await request(json.jwks_uri)).json.keys[0].kty, 'EC');
      }
      const { json } = await request(server.url + wellKnown('oauth-protected-resource', `${below(issuer)}/mcp`));
      assert.equal(json.resource, issuer.mcp);
      assert.deepEqual(json.authorization_servers, [issuer.url]);
    }
    assert.equal((await request(`${server.url}/.well-known/oauth-authorization-server`)).json.issuer, server.url);
    const { json } = await request(server.url + wellKnown('oauth-protected-resource', '/mcp'));
    assert.deepEqual(json.authorization_servers, [server.url]);
  });

  test('is what each 401 of its endpoint leads to', async () => {
    for (const options of [{}, { method: 'POST', body: '{}' }, { headers: bearer('nonsense') }]) {
      const answer = await request(own.mcp, options);
      assert.equal(answer.status, 401);
      assert.equal(challengeOf(answer).resource_metadata, server.url + wellKnown('oauth-protected-resource', `${below(own)}/mcp`));
    }
    assert.equal(challengeOf(await request(server.mcp)).resource_metadata, server.url + wellKnown('oauth-protected-resource', '/mcp'));
  });

  test('may be read by a page of any origin', async () => {
    for (const path of [...formsOf(below(own)), wellKnown('oauth-protected-resource', `${below(own)}/mcp`)]) {
      const read = await request(server.url + path, { headers: { origin: 'https://app.elsewhere.example' } });
      assert.equal(read.headers['access-control-allow-origin'], '*', path);
    }
  });

  test('tells nobody which tenants there are', async () => {
    // All that is answered to a stranger, and to somebody of another tenant, with the id taken out.
    const seen = async ({ url, mcp }) => {
      const path = new URL(url).pathname;
      const answers = [];
      for (const each of [...formsOf(path), wellKnown('oauth-protected-resource', `${path}/mcp`), `${path}/.well-known/jwks.json`]) answers.push(await request(server.url + each));
      for (const key of [undefined, 'nonsense', server.key]) answers.push(await rpc({ mcp }, key, 'tools/list'));
      answers.push(await tokenRequest({ url }, { grant_type: 'client_credentials', client_id: 'my-script', client_secret: server.key }));
      answers.push(await ada.get((await ada.get(path + authorizePath(client))).headers.location));
      return answers.map(({ status, headers, text }) => [status, headers['www-authenticate'], text].join('\n')
        .replaceAll(path, '/t/ID').replace(/Request [\w-]+/, '').replace(/"request_id":"[^"]+"/, '').replace(/"keys":.*/, ''));
    };
    assert.deepEqual(await seen(other), await seen(nobodys));
  });

  test('is not there for what is no id', async () => {
    for (const name of ['acme', tenant.toUpperCase(), `${tenant}x`, 'acme~1', 'null']) {
      for (const path of [...formsOf(`/t/${name}`), wellKnown('oauth-protected-resource', `/t/${name}/mcp`), `/t/${name}/mcp`, `/t/${name}/.well-known/jwks.json`]) {
        assert.equal((await request(server.url + path)).status, 404, path);
      }
      assert.equal((await tokenRequest({ url: `${server.url}/t/${name}` }, { grant_type: 'client_credentials' })).status, 404);
    }
  });

  test('comes with the path of the service where that has one', async () => {
    const listener = net.createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address();
    listener.close();
    await serve({
      config: `${plainConfig.replace('name: e2e', 'name: e2e, url: "https://ops.example/base"')}oauth: { tenant_issuers: true }\n`,
      args: ['--listen', `127.0.0.1:${port}`],
    });
    const at = `http://127.0.0.1:${port}`;
    for (const path of [...formsOf(`/base/t/${tenant}`), ...formsOf(`/t/${tenant}`)]) {
      assert.equal((await request(at + path)).json.issuer, `https://ops.example/base/t/${tenant}`, path);
    }
    const document = wellKnown('oauth-protected-resource', `/base/t/${tenant}/mcp`);
    assert.equal(challengeOf(await request(`${at}/t/${tenant}/mcp`)).resource_metadata, `https://ops.example${document}`);
    assert.equal((await request(at + document)).json.resource, `https://ops.example/base/t/${tenant}/mcp`);
  });

  test('is not there unless the configuration asks for it', async () => {
    const plain = await serve({ config: `${plainConfig}oauth: {}\n` });
    const path = `/t/${tenant}`;
    for (const each of [...formsOf(path), wellKnown('oauth-protected-resource', `${path}/mcp`), `${path}/mcp`, `${path}/oauth/authorize`, `${path}/oauth/token`, `${path}/.well-known/jwks.json`]) {
      assert.equal((await request(plain.url + each)).status, 404, each);
    }
  });
});

describe('oauth4webapi, which takes nothing for good that an RFC does not say', () => {
  const options = { [oauth.allowInsecureRequests]: true };
  const discovered = (url, algorithm) => oauth.discoveryRequest(url, { algorithm, ...options }).then((response) => oauth.processDiscoveryResponse(url, response));

  test('finds it from the resource, and gets and uses tokens of it', async () => {
    const resource = new URL(own.mcp);
    const metadata = await oauth.processResourceDiscoveryResponse(resource, await oauth.resourceDiscoveryRequest(resource, options));
    const issuer = new URL(metadata.authorization_servers[0]);
    const as = await discovered(issuer, 'oauth2');
    assert.deepEqual(as.token_endpoint, (await discovered(issuer, 'oidc')).token_endpoint);
    const redirectUri = 'https://app.example/cb';
    const made = await oauth.processDynamicClientRegistrationResponse(await oauth.dynamicClientRegistrationRequest(as, {
      client_name: 'Strict', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'],
    }, options));
    const { pathname, search } = new URL(`${as.authorization_endpoint}?${new URLSearchParams({ resource: metadata.resource })}`);
    const path = `${pathname}${authorizePath(made.client_id).slice('/oauth/authorize'.length)}&${search.slice(1)}`;
    const { at, ...answer } = answerOf(await decide(ada, await consent(ada, path), 'approve'));
    assert.equal(at, redirectUri);
    const back = oauth.validateAuthResponse(as, made, new URLSearchParams(answer), 'st&te');
    const tokens = await oauth.processAuthorizationCodeResponse(
      as, made, await oauth.authorizationCodeGrantRequest(as, made, oauth.None(), back, redirectUri, verifier, options),
    );
    const validate = (token) => oauth.validateJwtAccessToken(as, new Request(own.mcp, { headers: { authorization: `Bearer ${token}` } }), own.mcp, options);
    assert.match((await validate(tokens.access_token)).sub, /^user:/);
    assert.ok((await toolNames(own, tokens.access_token)).includes('notes_list'));
    const next = await oauth.processRefreshTokenResponse(as, made, await oauth.refreshTokenGrantRequest(as, made, oauth.None(), tokens.refresh_token, options));
    await validate(next.access_token);
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, made, oauth.None(), next.refresh_token, options));
    assert.equal((await rpc(own, next.access_token, 'tools/list')).status, 401);
  });

  test('takes the answer of one issuer for none of another', async () => {
    const as = await discovered(new URL(other.url), 'oauth2');
    const { at: _, ...answer } = await approved(own);
    assert.throws(() => oauth.validateAuthResponse(as, { client_id: client }, new URLSearchParams(answer), 'st&te'), /iss/);
    const denied = answerOf(await ada.get(`${below(own)}${authorizePath(client, { response_type: 'token' })}`));
    assert.equal(denied.iss, own.url);
  });
});

describe('the endpoint of a tenant', () => {
  test('takes the keys of the tenant, as that of the service does', async () => {
    for (const place of [own, server]) assert.ok((await toolNames(place, server.key)).includes('notes_list'));
    assert.equal((await rpc(other, foreign.key, 'tools/list')).status, 200);
  });

  test('Attack50: takes no token of another issuer, and no issuer\'s token is good anywhere else', async () => {
    const tokens = { own: await tokenFor(own, server.key), root: await tokenFor(server, server.key), other: await tokenFor(other, foreign.key) };
    const statusOf = async (place, token) => (await rpc(place, token, 'tools/list')).status;
    assert.deepEqual([await statusOf(own, tokens.own), await statusOf(server, tokens.own), await statusOf(other, tokens.own)], [200, 401, 401]);
    assert.deepEqual([await statusOf(own, tokens.root), await statusOf(server, tokens.root), await statusOf(other, tokens.root)], [401, 200, 401]);
    assert.deepEqual([await statusOf(own, tokens.other), await statusOf(server, tokens.other), await statusOf(other, tokens.other)], [401, 401, 200]);
    for (const path of ['/api/v1/notes', '/api/v1/whoami']) {
      assert.equal((await request(server.url + path, { headers: bearer(tokens.root) })).status, 200);
      assert.equal((await request(server.url + path, { headers: bearer(tokens.own) })).status, 401, path);
    }
    const audience = claimsOf(tokens.own);
    assert.deepEqual([audience.iss, audience.aud], [own.url, own.mcp]);
  });

  test('Attack10: a key of another tenant gets the answer of an unknown one, and is recorded', async () => {
    const refused = async (place) => {
      const { status, headers, json } = await post(place, server.key, { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
      return [status, headers['www-authenticate'].replace(/\/t\/[\w-]+/, ''), { ...json, request_id: undefined }];
    };
    assert.deepEqual(await refused(other), await refused(nobodys));
    assert.equal((await refused(other))[0], 401);
  });
});

test('a token that is bound to a key is shown with proofs for the addresses of its tenant', async () => {
  const bound = await demoOnStore(oauthConfig(', tenant_issuers: true, dpop: required'));
  const place = ownOf(bound, bound.tenant);
  const key = await newKey();
  const script = { grant_type: 'client_credentials', client_id: 'my-script', client_secret: bound.key };
  const askedAt = async (issuer, url) => tokenRequest(issuer, script, { dpop: await proof(key, { method: 'POST', url }) });
  const { status, text, json } = await askedAt(place, `${place.url}/oauth/token`);
  assert.equal(status, 200, text);
  assert.equal((await askedAt(place, `${bound.url}/oauth/token`)).json.error, 'invalid_dpop_proof');
  assert.ok((await request(`${bound.url}${formsOf(below(place))[0]}`)).json.dpop_signing_alg_values_supported);
  const shown = async (server, url) => {
    const headers = { authorization: `DPoP ${json.access_token}`, dpop: await proof(key, { method: 'POST', url, token: json.access_token }) };
    return (await rpc(server, undefined, 'tools/list', {}, headers)).status;
  };
  assert.deepEqual([await shown(place, place.mcp), await shown(place, bound.mcp), await shown(bound, bound.mcp)], [200, 401, 401]);
});

describe('a person', () => {
  test('with several tenants is asked about the one of the address alone', async () => {
    const { page } = await consent(ada, below(second) + authorizePath(client));
    assert.doesNotMatch(page.text, /<select/);
    assert.match(page.text, /<strong>Second<\/strong>/);
    assert.equal(page.text.match(/name="tenant" value="([^"]+)"/)[1], second.url.split('/').at(-1));
    const root = await consent(ada, authorizePath(client));
    assert.match(root.page.text, /<select[^]*Second/);
  });

  test('Attack53: cannot let it act elsewhere, whatever the form says', async () => {
    const asked = await consent(ada, below(second) + authorizePath(client));
    const elsewhere = await decide(ada, asked, 'approve', { tenant });
    assert.equal(elsewhere.status, 400);
    const { code } = answerOf(await decide(ada, asked, 'approve'));
    const { json } = await tokenRequest(second, { grant_type: 'authorization_code', client_id: client, code, code_verifier: verifier });
    const made = await rpc(second, json.access_token, 'tools/call', { name: 'notes_create', arguments: { title: 'In the second' } });
    assert.ok(!made.json.result.isError, made.text);
    assert.doesNotMatch((await request(`${server.url}/api/v1/notes`, { headers: bearer(server.key) })).text, /In the second/);
  });

  test('who is no member there is told so, and nothing is given', async () => {
    const { path, page } = await consent(ada, below(other) + authorizePath(client));
    assert.equal(page.status, 403);
    assert.match(page.text, /that you do not belong to/);
    const csrf = csrfOf(await consent(ada, authorizePath(client)).then(({ page: good }) => good));
    const forced = await ada.form(path, { csrf_token: csrf, decision: 'approve', tenant: other.url.split('/').at(-1) });
    assert.equal(forced.status, 403);
    assert.equal(forced.headers.location, undefined);
  });

  test('signs in on the way, and is led back', async () => {
    const stranger = new Person(server);
    const began = await stranger.get(below(own) + authorizePath(client));
    const sent = await stranger.get(began.headers.location);
    const back = await stranger.form('/sign-in', { ...server.console, next: new URL(sent.headers.location, server.url).searchParams.get('next') });
    assert.match((await stranger.get(back.headers.location)).text, /Approve/);
  });
});

describe('Attack50: what one issuer has made is shown to another', () => {
  for (const [name, made, shown] of [['of a tenant to the root', own, server], ['of the root to a tenant', server, own], ['of a tenant to another', second, own]]) {
    test(`a code and a refresh token ${name}: refused, and not used up`, async () => {
      const page = await consent(ada, below(made) + authorizePath(client, { prompt: 'consent' }));
      const { code, iss } = answerOf(await decide(ada, page, 'approve', /<select/.test(page.page.text) ? { tenant } : {}));
      assert.equal(iss, made.url);
      const redemption = { grant_type: 'authorization_code', client_id: client, code, code_verifier: verifier };
      assert.equal(await errorOf(shown, redemption), 'invalid_grant');
      const first = (await tokenRequest(made, redemption)).json;
      assert.equal(claimsOf(first.access_token).iss, made.url);
      assert.equal(await errorOf(shown, redemption), 'invalid_grant');
      const refreshing = { grant_type: 'refresh_token', client_id: client, refresh_token: first.refresh_token };
      assert.equal(await errorOf(shown, refreshing), 'invalid_grant');
      const next = (await tokenRequest(made, refreshing)).json;
      assert.equal((await exchange(shown, { subject_token: next.access_token })).json.error, 'invalid_request');
      assert.equal((await revoke(shown, { token: next.refresh_token, client_id: client })).status, 200);
      assert.equal((await rpc(made, next.access_token, 'tools/list')).status, 200, 'nobody else has ended it');
    });
  }

  test('a token that is looked at is not active', async () => {
    const token = await tokenFor(own, server.key);
    const asking = { token, client_id: 'my-script', client_secret: server.key };
    assert.equal((await introspect(own, asking)).json.active, true);
    assert.deepEqual((await introspect(server, asking)).json, { active: false });
    assert.equal((await introspect(other, asking)).status, 401, 'the key itself is nobody there');
  });

  test('a resource is one of the issuer', async () => {
    for (const [issuer, resource] of [[own, server.mcp], [own, other.mcp], [server, own.mcp]]) {
      assert.equal(answerOf(await ada.get(below(issuer) + authorizePath(client, { resource }))).error, 'invalid_target');
    }
    assert.equal(claimsOf(await tokenFor(own, server.key, { resource: own.mcp })).aud, own.mcp);
  });

  test('a device code', async () => {
    const begin = (issuer) => request(`${issuer.url}/oauth/device_authorization`, {
      method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ client_id: client }).toString(),
    });
    const { json: device } = await begin(second);
    const type = async (fields) => ada.form('/device', { csrf_token: csrfOf(await ada.get('/device')), user_code: device.user_code, ...fields });
    const question = await type({});
    assert.match(question.text, /<strong>Second<\/strong>/);
    assert.doesNotMatch(question.text, /<select/);
    assert.equal((await type({ decision: 'approve', tenant })).status, 400);
    assert.match((await type({ decision: 'approve', tenant: second.url.split('/').at(-1) })).text, /is connected/);
    const polling = { grant_type: deviceGrant, device_code: device.device_code, client_id: client };
    for (const issuer of [server, own, other]) assert.equal(await errorOf(issuer, polling), 'invalid_grant');
    const { json } = await tokenRequest(second, polling);
    assert.equal(claimsOf(json.access_token).iss, second.url);
    assert.equal((await rpc(second, json.access_token, 'tools/list')).status, 200);
    const { json: foreigners } = await begin(other);
    const closed = await ada.form('/device', { csrf_token: csrfOf(await ada.get('/device')), user_code: foreigners.user_code });
    assert.equal(closed.status, 403);
  });

  test('a consent that is remembered counts for the issuer that it was given to', async () => {
    const mine = await registered(server, 'https://mine.example/cb');
    const path = (issuer) => below(issuer) + authorizePath(mine, { redirect_uri: 'https://mine.example/cb' });
    const answer = answerOf(await decide(ada, await consent(ada, path(own)), 'approve'));
    await tokenRequest(own, { grant_type: 'authorization_code', client_id: mine, code: answer.code, code_verifier: verifier });
    assert.equal((await consent(ada, path(own))).page.status, 303, 'nobody is asked twice');
    assert.equal((await consent(ada, path(second))).page.status, 200);
  });
});

describe('the official SDK, told the address of the tenant\'s endpoint', async () => {
  const browser = await startBrowser();
  const back = await callback();
  for (const sdk of ['v1', 'v2']) {
    test(`${sdk} connects, goes on when its token is over, and ends when the person disconnects it`, async () => {
      const person = personWith(browser, server.console);
      const agent = new Agent(`Own ${sdk}`, sdk, second.mcp, back);
      const connected = await agent.connect(person.decide('approve'));
      assert.deepEqual(person.pages, ['sign-in', 'consent']);
      assert.match(person.lastPage, /Second/);
      assert.ok(agent.asked[0].startsWith(`${second.url}/oauth/authorize?`), agent.asked[0]);
      const made = await connected.callTool({ name: 'notes_create', arguments: { title: `By ${sdk}` } });
      assert.ok(!made.isError, JSON.stringify(made));
      await connected.close();
      await new Promise((resolve) => setTimeout(resolve, 2100));
      const again = await agent.connect(() => assert.fail('nobody needs to be asked'));
      assert.ok((await again.listTools()).tools.length > 0);
      assert.equal(claimsOf(agent.tokens().access_token).aud, second.mcp);
      const me = await signedIn(server);
      const shown = (await me.rest('GET', '/connections')).json.items.find((each) => each.name === `Own ${sdk}`);
      assert.deepEqual([shown.tenant, shown.tenant_name], [second.url.split('/').at(-1), 'Second']);
      assert.equal((await me.rest('DELETE', `/connections/${shown.id}`)).status, 200);
      assert.equal((await rpc(second, agent.tokens().access_token, 'tools/list')).status, 401);
      await again.close();
    });
  }
});
