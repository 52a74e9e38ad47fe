// The authorization code flow step by step, as a client and a person do it who choose every byte.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import { after } from 'node:test';
import { request } from '../harness/http.mjs';
import { csrfOf } from '../harness/person.mjs';
import { plainConfig } from '../harness/server.mjs';

export const oauthConfig = (more = '') => `${plainConfig}oauth: { redirect_schemes: [cursor], trusted_client_hosts: ["127.0.0.1"]${more} }\n`;

export const register = (server, metadata, headers = {}) => {
  const body = typeof metadata === 'string' ? metadata : JSON.stringify(metadata);
  return request(`${server.url}/oauth/register`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
};

// A public client, by its id.
export async function registered(server, redirectUri = 'https://app.example/cb', more = {}) {
  const answer = await register(server, { client_name: 'Harbor Agent', redirect_uris: [redirectUri].flat(), token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], ...more });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.client_id;
}

export const verifier = randomBytes(32).toString('base64url');
export const challenge = createHash('sha256').update(verifier).digest('base64url');

// The path of a good request; a parameter that is undefined is left out.
export function authorizePath(client, changes = {}) {
  const parameters = { client_id: client, redirect_uri: 'https://app.example/cb', response_type: 'code', state: 'st&te', code_challenge: challenge, code_challenge_method: 'S256', ...changes };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of [value ?? []].flat()) query.append(name, each);
  }
  return `/oauth/authorize?${query}`;
}

// Follows to the page where the person decides: {path, page}.
export async function consent(person, path) {
  const began = await person.get(path);
  assert.equal(began.status, 303, began.text);
  const page = await person.get(began.headers.location);
  return { path: began.headers.location, page };
}

export async function decide(person, { path, page }, decision, more = {}) {
  const tenant = page.text.match(/name="tenant" value="([^"]+)"/)?.[1];
  return person.form(path, { csrf_token: csrfOf(page), decision, ...(tenant && { tenant }), ...more });
}

// What the client is told in its redirect URI.
export function answerOf(response) {
  assert.equal(response.status, 303, response.text);
  const url = new URL(response.headers.location);
  return { at: url.origin + url.pathname, ...Object.fromEntries(url.searchParams) };
}

// A client's own web server with its metadata document: its id, and what the document says.
export async function published(more = {}) {
  const host = http.createServer((_, answer) => {
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify(host.document));
  }).listen(0, '127.0.0.1');
  after(() => host.close());
  await new Promise((resolve) => host.once('listening', resolve));
  const id = `http://127.0.0.1:${host.address().port}/client.json`;
  host.document = { client_id: id, client_name: 'Published Agent', redirect_uris: ['https://app.example/cb'], token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], ...more };
  return { id, host };
}
