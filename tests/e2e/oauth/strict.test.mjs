// oauth4webapi, which takes nothing for good that an RFC does not say, with every grant.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { rpc } from '../harness/mcp.mjs';
import { Person, csrfOf } from '../harness/person.mjs';
import { demo } from '../harness/server.mjs';
import { answerOf, authorizePath, consent, decide, oauthConfig, verifier } from './flow.mjs';

const server = await demo({ config: oauthConfig() });
const issuer = new URL(server.url);
const options = { [oauth.allowInsecureRequests]: true };
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options }));
const script = { client_id: 'my-script' };

// As a resource server that was told no more than our metadata (RFC 9068).
const validate = (token) => oauth.validateJwtAccessToken(
  as, new Request(server.mcp, { headers: { authorization: `Bearer ${token}` } }), server.mcp, options,
);

async function fromKey(authentication) {
  const response = await oauth.clientCredentialsGrantRequest(as, script, authentication, { scope: 'data:read data:write' }, options);
  return oauth.processClientCredentialsResponse(as, script, response);
}

describe('client_credentials with an API key', () => {
  for (const [name, authentication] of [['basic', oauth.ClientSecretBasic], ['post', oauth.ClientSecretPost]]) {
    test(`as client_secret_${name}`, async () => {
      const { access_token, refresh_token } = await fromKey(authentication(server.key));
      assert.equal(refresh_token, undefined);
      const claims = await validate(access_token);
      assert.equal(claims.client_id, 'my-script');
      assert.match(claims.sub, /^key:/);
    });
  }

  test('and what is made of it: exchanged, looked at, revoked', async () => {
    const key = oauth.ClientSecretPost(server.key);
    const { access_token } = await fromKey(key);
    const exchanged = await oauth.processGenericTokenEndpointResponse(as, script, await oauth.genericTokenEndpointRequest(
      as, script, oauth.None(), 'urn:ietf:params:oauth:grant-type:token-exchange',
      { subject_token: access_token, subject_token_type: 'urn:ietf:params:oauth:token-type:access_token', scope: 'data:read' }, options,
    ));
    assert.equal(exchanged.issued_token_type, 'urn:ietf:params:oauth:token-type:access_token');
    assert.equal((await validate(exchanged.access_token)).scope, 'data:read');
    const look = async () => oauth.processIntrospectionResponse(
      as, script, await oauth.introspectionRequest(as, script, key, exchanged.access_token, options),
    );
    assert.equal((await look()).active, true);
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, script, key, access_token, options));
    assert.equal((await look()).active, false);
    assert.equal((await rpc(server, exchanged.access_token, 'tools/list')).status, 401);
  });
});

test('authorization_code and refresh_token of a client that has registered', async () => {
  const redirectUri = 'https://app.example/cb';
  const client = await oauth.processDynamicClientRegistrationResponse(await oauth.dynamicClientRegistrationRequest(as, {
    client_name: 'Strict', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'],
  }, options));
  const person = new Person(server);
  await person.signIn(server.console.email, server.console.password);
  const { at, ...answer } = answerOf(await decide(person, await consent(person, authorizePath(client.client_id)), 'approve'));
  assert.equal(at, redirectUri);
  const callback = oauth.validateAuthResponse(as, client, new URLSearchParams(answer), 'st&te');
  const tokens = await oauth.processAuthorizationCodeResponse(
    as, client, await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), callback, redirectUri, verifier, options),
  );
  assert.match((await validate(tokens.access_token)).sub, /^user:/);
  const next = await oauth.processRefreshTokenResponse(
    as, client, await oauth.refreshTokenGrantRequest(as, client, oauth.None(), tokens.refresh_token, options),
  );
  assert.notEqual(next.refresh_token, tokens.refresh_token);
  await validate(next.access_token);
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, oauth.None(), next.refresh_token, options));
  for (const { access_token } of [tokens, next]) assert.equal((await rpc(server, access_token, 'tools/list')).status, 401);
});

test('device_code of a device that has registered', async () => {
  const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
  const client = await oauth.processDynamicClientRegistrationResponse(await oauth.dynamicClientRegistrationRequest(as, {
    client_name: 'Strict device', token_endpoint_auth_method: 'client_secret_basic', grant_types: [deviceGrant, 'refresh_token'], response_types: [],
  }, options));
  const secret = oauth.ClientSecretBasic(client.client_secret);
  const begun = await oauth.processDeviceAuthorizationResponse(
    as, client, await oauth.deviceAuthorizationRequest(as, client, secret, { scope: 'data:read' }, options),
  );
  const person = new Person(server);
  await person.signIn(server.console.email, server.console.password);
  const typed = async (fields) => person.form('/device', { csrf_token: csrfOf(await person.get('/device')), user_code: begun.user_code, ...fields });
  const tenant = (await typed({})).text.match(/name="tenant" value="([^"]+)"/)[1];
  await typed({ decision: 'approve', tenant });
  const tokens = await oauth.processDeviceCodeResponse(
    as, client, await oauth.deviceCodeGrantRequest(as, client, secret, begun.device_code, options),
  );
  assert.equal((await validate(tokens.access_token)).scope, 'data:read');
  const next = await oauth.processRefreshTokenResponse(
    as, client, await oauth.refreshTokenGrantRequest(as, client, secret, tokens.refresh_token, options),
  );
  await validate(next.access_token);
});
