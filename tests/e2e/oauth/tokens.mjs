// Requests to the token endpoint and its neighbours.
import assert from 'node:assert/strict';
import { request } from '../harness/http.mjs';

// A form, unless the body is text and the headers say what it is.
function post(server, path, body, headers) {
  const text = typeof body === 'string' ? body : new URLSearchParams(body).toString();
  const type = text && { 'content-type': 'application/x-www-form-urlencoded' };
  return request(server.url + path, { method: 'POST', headers: { ...type, ...headers, 'content-length': Buffer.byteLength(text) }, body: text });
}

export const tokenRequest = (server, body, headers = {}) => post(server, '/oauth/token', body, headers);
export const revoke = (server, body, headers = {}) => post(server, '/oauth/revoke', body, headers);
export const introspect = (server, body, headers = {}) => post(server, '/oauth/introspect', body, headers);

export const basic = (id, secret) => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` });

export const exchange = (server, more) => tokenRequest(server, {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', client_id: 'my-agent',
  subject_token_type: 'urn:ietf:params:oauth:token-type:access_token', ...more,
});

// An access token for an API key.
export async function tokenFor(server, key, more = {}) {
  const answer = await tokenRequest(server, { grant_type: 'client_credentials', client_id: 'my-script', client_secret: key, ...more });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.access_token;
}

export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
