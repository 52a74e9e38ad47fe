// P8 and P9: an authorization server at work, asked by clients that act for themselves.
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './load.mjs';
import { cpuRow } from './row.mjs';
import { seed } from './seeds.mjs';
import { stop } from './servers.mjs';
import { startGlewlwyd, startKeysteadOAuth, startOidcProvider } from './token_servers.mjs';

const kClients = 64;
const kTokens = 2_048;  // all of them are asked about
// Of glewlwyd, which takes a twentieth of a second for a request, because it stretches the client's secret each time.
const kFewClients = 4;
const kFewTokens = 32;
const kFewConnections = 8;

const basicOf = ({ id, secret }) => Buffer.from(`${id}:${secret}`).toString('base64');

const post = (url, client, fields) =>
  fetch(url, { method: 'POST', headers: { authorization: `Basic ${basicOf(client)}` }, body: new URLSearchParams(fields) });

const askToken = (server, client) => post(server.tokenUrl, client, { grant_type: 'client_credentials', scope: server.scope });

async function tokenOf(server, client) {
  const answer = await askToken(server, client);
  const text = await answer.text();
  assert.equal(answer.status, 200, `${server.name} gives no token: ${text}`);
  return JSON.parse(text).access_token;
}

const read = (part) => JSON.parse(Buffer.from(part, 'base64url'));

// The token is signed with a key that the server publishes, and the client's own.
async function checkIssuing(server) {
  const [client, other] = server.clients;
  const token = await tokenOf(server, client);
  assert.notEqual(token, await tokenOf(server, client), `${server.name} gives the same token twice`);
  const [header, claims, signature] = token.split('.');
  const { alg, kid } = read(header);
  assert.equal(alg, 'ES256');
  const { client_id: id, scope, exp } = read(claims);
  assert.deepEqual([id, scope], [client.id, server.scope]);
  assert.ok(exp > Date.now() / 1000);
  const { keys } = await (await fetch(server.keysUrl)).json();
  const key = createPublicKey({ key: keys.find((each) => each.kid === kid) ?? keys[0], format: 'jwk' });
  const form = { key, dsaEncoding: 'ieee-p1363' };
  assert.ok(verify('sha256', `${header}.${claims}`, form, Buffer.from(signature, 'base64url')), `${server.name} signs with another key`);
  const refused = await askToken(server, { id: client.id, secret: other.secret });
  assert.ok(refused.status >= 400 && refused.status < 500, `${server.name} takes another client's secret`);
}

async function checkLooking(server, { client, token }) {
  const ask = async (text) => (await post(server.introspectionUrl, client, { token: text })).json();
  const said = await ask(token);
  assert.equal(said.active, true, `${server.name} does not know its token`);
  assert.ok(said.client_id === client.id && said.exp > Date.now() / 1000 && said.scope === server.scope, `${server.name} says ${JSON.stringify(said)}`);
  const at = token.length - 8;
  const wrong = token.slice(0, at) + (token[at] === 'a' ? 'b' : 'a') + token.slice(at + 1);
  assert.equal((await ask(wrong)).active, false, `${server.name} knows a token that is none`);
}

// What wrk sends: a file of lines, one a request.
function lines(folder, server, kind, list) {
  const file = join(folder, `${server.name}-${kind}.txt`);
  writeFileSync(file, list.map((line) => `${line}\n`).join(''));
  const urls = { token: server.tokenUrl, introspect: server.introspectionUrl };
  return { server: { ...server, url: urls[kind] }, kind, used: file };
}

async function issuing(run, servers) {
  for (const server of servers) await checkIssuing(server);
  const contenders = servers.map((server) =>
    lines(run.folder, server, 'token', server.clients.map((client) => `${basicOf(client)} ${server.scope}`)));
  return compare(contenders, run);
}

// Each client asks about its own: glewlwyd shows it nobody else's.
async function looking(run, servers, { count, connections }) {
  const contenders = [];
  for (const server of servers) {
    const { clients } = server;
    const asked = [];
    for (let i = 0; i < count; ++i) {
      const client = clients[i % clients.length];
      asked.push({ client, token: await tokenOf(server, client) });
    }
    await checkLooking(server, asked.at(-1));
    const file = lines(run.folder, server, 'introspect', asked.map(({ client, token }) => `${basicOf(client)} ${token}`));
    contenders.push({ ...file, connections });
  }
  return compare(contenders, run);
}

// Rows of P9 against one peer, and what belongs to them.
async function lookingBeside(run, keystead, peer, how, note) {
  const [a, b] = await looking(run, [peer, keystead], how);
  const work = `introspection of an access token, ${how.connections} connections`;
  await stop(peer);
  return {
    row: cpuRow('P9', work, 0.06, peer.name, b, a, note),
    series: [peer.name, 'Keystead'].map((name, i) => ({ work: `POST introspection, ${how.connections} connections`, name, ...[a, b][i] })),
  };
}

export async function authorizationServers(run, wants) {
  const seeded = seed(run, { keys: 1_024, tenants: 16 });
  const keystead = await startKeysteadOAuth(run.keystead, seeded, kClients);
  const rows = [];
  const series = [];
  if (wants('P8')) {
    const peer = await startOidcProvider(run.folder, kClients, 'jwt');
    const results = await issuing(run, [peer, keystead]);
    [peer.name, 'Keystead'].forEach((name, i) => series.push({ work: 'POST token, client_credentials', name, ...results[i] }));
    const work = 'POST /oauth/token, client_credentials, a JWT with ES256';
    rows.push(cpuRow('P8', work, 0.08, peer.name, results[1], results[0], 'its clients are in memory; of Keystead in SQLite'));
    await stop(peer);
  }
  if (wants('P9')) {
    const provider = await startOidcProvider(run.folder, kClients, 'opaque');
    const glewlwyd = await startGlewlwyd(run.folder, kFewClients);
    const many = { count: kTokens, connections: 64 };
    const few = { count: kFewTokens, connections: kFewConnections };
    for (const one of [
      await lookingBeside(run, keystead, provider, many, 'its tokens are opaque and in memory; of Keystead JWTs, and SQLite is asked'),
      await lookingBeside(run, keystead, glewlwyd, few, 'JWTs and SQLite on both sides; it stretches the secret with PBKDF2'),
    ]) {
      rows.push(one.row);
      series.push(...one.series);
    }
  }
  await stop(keystead);
  return { rows, series };
}
