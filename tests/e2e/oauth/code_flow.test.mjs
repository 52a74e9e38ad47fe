// oauth4webapi, a client library that checks every answer against the RFCs and forgives nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { Person } from '../harness/person.mjs';
import { demo } from '../harness/server.mjs';
import { consent, decide, oauthConfig } from './flow.mjs';

const server = await demo({ config: oauthConfig() });
const issuer = new URL(server.url);
const insecure = { [oauth.allowInsecureRequests]: true };  // http, on the loopback
const redirectUri = 'https://app.example/cb';

async function discover(algorithm) {
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...insecure }));
}

test('the metadata is good in both forms, and of the resource too', async () => {
  const as = await discover('oauth2');
  assert.equal((await discover('oidc')).token_endpoint, as.token_endpoint);
  const resource = new URL(server.mcp);
  const found = await oauth.processResourceDiscoveryResponse(resource, await oauth.resourceDiscoveryRequest(resource, insecure));
  assert.deepEqual(found.authorization_servers, [as.issuer]);
});

async function registered(as, metadata) {
  const answer = await oauth.dynamicClientRegistrationRequest(as, { redirect_uris: [redirectUri], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], ...metadata }, insecure);
  return oauth.processDynamicClientRegistrationResponse(answer);
}

// From the question to the person to the code, as a client with this library does it.
async function authorized(as, client, { resource = server.mcp, scope = 'data:read' } = {}) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(as.authorization_endpoint);
  const parameters = {
    client_id: client.client_id, redirect_uri: redirectUri, response_type: 'code', scope, resource, state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const person = new Person(server);
  await person.signIn(server.console.email, server.console.password);
  const decided = await decide(person, await consent(person, url.pathname + url.search), 'approve');
  const answer = oauth.validateAuthResponse(as, client, new URL(decided.headers.location), state);
  return { answer, verifier };
}

for (const [method, authentication] of [
  ['none', () => oauth.None()],
  ['client_secret_basic', oauth.ClientSecretBasic],
  ['client_secret_post', oauth.ClientSecretPost],
]) {
  test(`a client of ${method} gets tokens for a code, calls, renews and revokes`, async () => {
    const as = await discover('oauth2');
    const client = await registered(as, { client_name: method, token_endpoint_auth_method: method });
    const proof = authentication(client.client_secret);
    const { answer, verifier } = await authorized(as, client);
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, await oauth.authorizationCodeGrantRequest(as, client, proof, answer, redirectUri, verifier, insecure));
    assert.equal(tokens.token_type, 'bearer');
    assert.equal(tokens.scope, 'data:read');
    const call = (token) => oauth.protectedResourceRequest(token, 'POST', new URL(server.mcp), new Headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream' }), JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }), insecure);
    assert.equal((await call(tokens.access_token)).status, 200);
    const renewed = await oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, proof, tokens.refresh_token, insecure));
    assert.equal((await call(renewed.access_token)).status, 200);
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, proof, renewed.refresh_token, insecure));
    await assert.rejects(call(renewed.access_token), oauth.WWWAuthenticateChallengeError);
  });
}
