// What anybody can make us fetch by sending a client_id that is an address, and what we do not because of it.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { demo } from '../harness/server.mjs';
import { authorizePath, oauthConfig, published } from './flow.mjs';

const server = await demo({ config: oauthConfig() });
const post = (path, form) => request(`${server.url}${path}`, {
  method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(form).toString(),
});
const authorize = (id) => request(`${server.url}${authorizePath(id)}`);

// Holds every request until it is let go, and then answers with a good document.
async function slowHost() {
  const held = [];
  const host = http.createServer((asked, answer) => {
    const id = `${at}${asked.url}`;
    held.push(() => answer.setHeader('content-type', 'application/json').end(JSON.stringify({ client_id: id, client_name: 'Slow', redirect_uris: ['https://app.example/cb'] })));
    host.emit('held');
  }).listen(0, '127.0.0.1');
  after(() => host.close());
  await new Promise((resolve) => host.once('listening', resolve));
  const at = `http://127.0.0.1:${host.address().port}`;
  const holds = async (count) => {
    while (held.length < count) await new Promise((resolve) => host.once('held', resolve));
  };
  return { at, held, holds, release: () => held.forEach((answer) => answer()) };
}

test('Attack62: where clients come that are known, nothing is fetched for one that is not', async () => {
  const { id, host } = await published();
  let asked = 0;
  host.on('request', () => ++asked);
  for (const [path, form] of [
    ['/oauth/token', { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://app.example/cb', code_verifier: 'x'.repeat(43) }],
    ['/oauth/token', { grant_type: 'refresh_token', refresh_token: 'x' }],
    ['/oauth/revoke', { token: 'x' }],
    ['/oauth/introspect', { token: 'x' }],
  ]) {
    const answer = await post(path, { client_id: id, ...form });
    assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_client'], path);
  }
  assert.equal(asked, 0);
  assert.ok(!(await server.admin('client', 'list')).some((client) => client.id === id));
  assert.equal((await authorize(id)).status, 303);
  assert.equal(asked, 1);
  assert.equal((await post('/oauth/token', { client_id: id, grant_type: 'refresh_token', refresh_token: 'x' })).json.error, 'invalid_grant');
});

test('Attack87: a host that answers slowly holds few requests, and the others are told to come again', async () => {
  const slow = await slowHost();
  const waiting = [authorize(`${slow.at}/0`), authorize(`${slow.at}/1`)];
  await slow.holds(2);
  for (let i = 0; i < 20; ++i) {
    const page = await authorize(`${slow.at}/${i}`);
    assert.equal(page.status, 503, page.text);
    assert.match(page.text, /Try again/);
  }
  const device = await post('/oauth/device_authorization', { client_id: `${slow.at}/2` });
  assert.deepEqual([device.status, device.json.error], [503, 'temporarily_unavailable']);
  assert.equal((await post('/oauth/token', { client_id: `${slow.at}/2`, grant_type: 'refresh_token', refresh_token: 'x' })).status, 401);
  assert.equal(slow.held.length, 2);
  slow.release();
  assert.deepEqual((await Promise.all(waiting)).map(({ status }) => status), [303, 303]);
});

test('Attack67: what is not served as JSON is no document', async () => {
  const { id, host } = await published();
  host.removeAllListeners('request');
  host.on('request', (_, answer) => answer.setHeader('content-type', 'text/plain').end(JSON.stringify(host.document)));
  assert.equal((await authorize(id)).status, 400);
});
