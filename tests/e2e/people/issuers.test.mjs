// Several issuers beside each other: none vouches for the people of another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rest } from '../harness/http.mjs';
import { startIssuer } from '../harness/issuer.mjs';
import { demo, plainConfig } from '../harness/server.mjs';

const seconds = () => Math.floor(Date.now() / 1000);
const one = await startIssuer();
const two = await startIssuer();
await one.add('shared-name', 'ES256');
await two.add('shared-name', 'ES256');
await two.add('only-of-two', 'RS256');
const server = await demo({
  config: `${plainConfig}issuers:\n  one: { issuer: "${one.url}", tenant: [org] }\n  two: { issuer: "${two.url}", tenant: [org] }\n`,
});
const claims = (issuer, more) => ({ iss: issuer.url, sub: 'ada', org: server.tenant, iat: seconds(), exp: seconds() + 300, ...more });
const me = (token) => rest(server, token, 'GET', '/auth/me');

test('each is believed about its own people, who are others even if they are called the same', async () => {
  const [first, second] = [await me(await one.sign(claims(one), 'shared-name')), await me(await two.sign(claims(two), 'shared-name'))];
  assert.deepEqual([first.status, second.status], [200, 200], first.text + second.text);
  assert.notEqual(first.json.user_id, second.json.user_id);
  assert.deepEqual([first.json.issuer, second.json.issuer], [one.url, two.url]);
});

test('Attack21: the keys of one issuer open nothing of another, whatever a token calls itself', async () => {
  for (const kid of ['shared-name', 'only-of-two']) {
    assert.equal((await me(await two.sign(claims(one), kid))).status, 401, kid);
  }
  for (const iss of [`${one.url}/`, `${one.url}#${two.url}`, `${one.url} ${two.url}`, one.url.toUpperCase(), two.url.replace('127.0.0.1', 'localhost')]) {
    assert.equal((await me(await two.sign(claims(two, { iss }), 'only-of-two'))).status, 401, iss);
  }
  assert.equal((await me(await two.sign(claims(two, { iss: [one.url, two.url] }), 'only-of-two'))).status, 401, 'a list');
  const fetched = one.fetches;
  for (let i = 0; i < 5; ++i) await me(await two.sign(claims(one, { jti: `${i}` }), 'only-of-two'));
  assert.ok(one.fetches <= fetched + 1);
  assert.equal((await me(await one.sign(claims(one, { jti: 'after' }), 'shared-name'))).status, 200, 'and its own keys are as they were');
});

test('what an issuer says of its users never reaches another tenant than it may name', async () => {
  const nowhere = await me(await one.sign(claims(one, { sub: 'grace', org: 'no such tenant' }), 'shared-name'));
  assert.equal(nowhere.status, 200);
  const notes = await rest(server, await one.sign(claims(one, { sub: 'grace', org: undefined }), 'shared-name'), 'GET', '/notes');
  assert.notEqual(notes.status, 200);
});
