// The rows: what is measured, against what, and what is to be reached.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { residentBytes } from './cpu.mjs';
import { compare, median } from './load.mjs';
import { cpuRow, row } from './row.mjs';
import { copy, seed } from './seeds.mjs';
import {
  startBetterAuth, startHaproxy, startHaproxyJwt, startKeystead, startNginx, startNginxGateway, startNginxMap, startNodder, startUpstream, stop,
} from './servers.mjs';
import { authorizationServers } from './token_rows.mjs';
import { startIssuer } from './tokens.mjs';

const kStarts = 3;
const kPeerKeys = 4_096;  // all of them are used
const kTokensOnce = 30_000;  // a second of P7: more than any server can look at

// A comparison is worth nothing if one side is only quick to refuse, or only quick to accept.
async function checkKeys(servers, { all }) {
  const status = async ({ url }, key) => (await fetch(`${url}/api/v1/whoami`, { headers: { 'x-api-key': key } })).status;
  const last = all.at(-1);
  const wrong = last.slice(0, -1) + (last.endsWith('a') ? 'b' : 'a');
  for (const server of servers) {
    assert.equal(await status(server, last), 200, `${server.name} refuses a good key`);
    assert.equal(await status(server, wrong), 401, `${server.name} accepts a wrong key`);
  }
}

async function checkThatItChecks(keystead, haproxy, seeded) {
  await checkKeys([keystead, haproxy], seeded);
  const last = seeded.all.at(-1);
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami', arguments: {} } };
  const answer = await fetch(`${keystead.url}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${last}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(call),
  });
  assert.equal((await answer.json()).result.isError, false);
}

async function againstPeers(run, seeded, wants) {
  const servers = [await startNginx(run.folder), await startHaproxy(run.folder, seeded.all), await startKeystead(run.keystead, seeded)];
  const [nginx, haproxy, keystead] = servers;
  await checkThatItChecks(keystead, haproxy, seeded);
  const { used } = seeded;
  const rows = [];
  const series = [];
  const note = (work, names, results) =>
    names.forEach((name, i) => series.push({ work, name, ...results[i] }));

  if (wants('P1', 'P2')) {
    const [a, b, c] = await compare([{ server: nginx, used }, { server: haproxy, used }, { server: keystead, used }], run);
    note('GET, key checked', ['nginx', 'HAProxy', 'Keystead'], [a, b, c]);
    rows.push(cpuRow('P1', 'GET with an API key, 100,000 in the ring', 1.0, 'nginx return 200', c, a, 'nginx checks nothing'));
    rows.push(cpuRow('P2', 'the same', 0.7, 'HAProxy map_str', c, b, 'its keys are in plain text'));
  }
  if (wants('P3')) {
    const how = { used, kind: 'post' };
    const [a, c] = await compare([{ server: nginx, ...how }, { server: keystead, ...how }], run);
    note('POST tools/call', ['nginx', 'Keystead'], [a, c]);
    rows.push(cpuRow('P3', 'MCP tools/call, 12 headers', 1.15, 'nginx return 200', c, a, 'nginx discards the body'));
  }
  if (wants('P15')) {
    const how = { used, depth: 16 };
    const [a, c] = await compare([{ server: nginx, ...how }, { server: keystead, ...how }], run);
    note('GET, 16 pipelined', ['nginx', 'Keystead'], [a, c]);
    rows.push(cpuRow('P15', '16 pipelined GETs with a key', 0.2, 'nginx return 200', c, a, 'one write answers one read'));
  }
  await Promise.all(servers.map(stop));
  return { rows, series };
}

// Keystead does not forward by itself yet: nginx does, and asks it of every request. What both spend counts.
async function forwarding(run, seeded, wants) {
  const upstream = await startUpstream(run.folder);
  const keystead = await startKeystead(run.keystead, seeded);
  const ours = await startNginxGateway(run.folder, keystead, upstream);
  const map = await startNginxMap(run.folder, seeded.all, upstream);
  const nodder = await startNginxGateway(run.folder, await startNodder(run.folder), upstream);
  await checkKeys([ours, map], seeded);
  const { used } = seeded;
  const names = ['nginx map', 'nginx auth_request', 'nginx + Keystead'];
  const results = await compare([map, nodder, ours].map((server) => ({ server, used })), run);
  const [a, b, c] = results;
  const note = 'through /verify and nginx, until Keystead forwards by itself';
  const rows = [
    cpuRow('P4', 'GET checked and forwarded', 0.9, 'nginx map + proxy_pass', c, a, note),
    cpuRow('P5', 'the same', 0.55, 'nginx auth_request, always 200', c, b, note),
  ];
  await Promise.all([ours, map, nodder, upstream].map(stop));
  return {
    rows: rows.filter(({ id }) => wants(id)),
    series: names.map((name, i) => ({ work: 'GET, forwarded', name, ...results[i] })),
  };
}

// What somebody who keeps the keys of an application in its own database would ask of it.
async function againstBetterAuth(run, seeded) {
  const peer = await startBetterAuth(run.folder, kPeerKeys);
  const keystead = await startKeystead(run.keystead, seeded);
  await checkKeys([peer], peer);
  await checkKeys([keystead], seeded);
  const { used } = seeded;
  const contenders = [{ server: peer, used: peer.used }, { server: keystead, used }, { server: keystead, used, kind: 'verify' }];
  const results = await compare(contenders, run);
  const [a, b, c] = results;
  const peerName = 'better-auth verifyApiKey';
  await Promise.all([peer, keystead].map(stop));
  return {
    rows: [
      cpuRow('P10', 'API key verified over HTTP: /api/v1/whoami', 0.01, peerName, b, a, 'node:sqlite, WAL, its rate limit off'),
      cpuRow('P10', 'the same: /api/v1/keys/verify', 0.01, peerName, c, a, 'reads the store on a worker, as the peer reads its own'),
    ],
    series: ['better-auth', 'Keystead whoami', 'Keystead keys/verify']
      .map((name, i) => ({ work: 'API key verified', name, ...results[i] })),
  };
}

// A token that was changed in its last letter but one has another signature.
async function checkTokens(servers, { all }) {
  const status = async ({ url }, token) =>
    (await fetch(`${url}/api/v1/whoami`, { headers: { authorization: `Bearer ${token}` } })).status;
  const last = all.at(-1);
  const wrong = last.slice(0, -2) + (last.at(-2) === 'a' ? 'b' : 'a') + last.at(-1);
  for (const server of servers) {
    assert.equal(await status(server, last), 200, `${server.name} refuses a good token`);
    assert.equal(await status(server, wrong), 401, `${server.name} accepts a wrong token`);
  }
}

// Tokens of an issuer: known ones against HAProxy, which verifies each time, and new ones against the bare verification.
async function tokens(run, wants) {
  const seeded = seed(run, { keys: 4_096, tenants: 16 });
  const issuer = await startIssuer(run.folder);
  const keystead = await startKeystead(run.keystead, seeded, { issuer });
  const { stdout } = await promisify(execFile)(run.keystead, ['tenant', 'list', '--json', '--config', keystead.config, '--data', seeded.data]);
  const claims = { org: JSON.parse(stdout)[0].id };
  const known = issuer.write('known.txt', kPeerKeys, claims);
  const rows = [];
  const series = [];
  const note = (work, names, results) => names.forEach((name, i) => series.push({ work, name, ...results[i] }));
  const how = { kind: 'bearer' };

  if (wants('P6')) {
    const haproxy = await startHaproxyJwt(run.folder, issuer);
    await checkTokens([haproxy, keystead], known);
    const contenders = [haproxy, keystead].map((server) => ({ server, ...how, used: known.used }));
    const [a, b] = await compare(contenders, run);
    note('GET, token seen before', ['HAProxy jwt_verify', 'Keystead'], [a, b]);
    rows.push(cpuRow('P6', 'GET with a token of an issuer, ES256, seen before', 0.3, 'HAProxy jwt_verify', b, a,
      'it verifies every time, and looks at neither issuer, audience nor expiry'));
    await stop(haproxy);
  }
  if (wants('P7')) {
    await checkTokens([keystead], known);
    let round = 0;
    const fresh = () => issuer.write(`new-${++round}.txt`, kTokensOnce * Math.max(1, run.seconds), claims);
    const measure = async (seconds) => {
      const program = join(run.build, 'bench/keystead_bare_verify');
      const { stdout } = await promisify(execFile)('taskset', ['-c', '0', program, issuer.pem, known.used, String(seconds)]);
      const { microseconds } = JSON.parse(stdout);
      return { cpu: microseconds, rate: 1e6 / microseconds, p50: microseconds, p99: microseconds };
    };
    const [a, b] = await compare([{ measure }, { server: keystead, ...how, used: fresh }], run);
    note('GET, token never seen', ['OpenSSL ES256 verify', 'Keystead'], [a, b]);
    rows.push(cpuRow('P7', 'GET with a token of an issuer, ES256, never seen', 1.35, 'OpenSSL, the verification alone', b, a,
      'of Keystead the whole request counts, with its HTTP'));
  }
  await stop(keystead);
  issuer.close();
  return { rows, series };
}

// The load generator needs a core too, so two busy io threads and it do not fit on two cores: requests a second would
// measure wrk. What sharing costs a server shows in its CPU per request, and two threads do 2 x (CPU with one / CPU with two).
async function onTwoCores(run, seeded) {
  const copied = copy(seeded);
  const one = await startKeystead(run.keystead, seeded, { threads: 1, cores: '0' });
  const two = await startKeystead(run.keystead, copied, { threads: 2, cores: '0,1' });
  const how = { used: seeded.used, cores: '0,1', threads: 2 };
  const rows = [];
  for (const depth of [1, 16]) {
    const [a, b] = await compare([{ server: one, ...how, depth }, { server: two, ...how, depth }], run);
    const rates = `${Math.round(a.rate / 1000)}k -> ${Math.round(b.rate / 1000)}k/s`;
    rows.push(row('P13', `two io threads against one, ${depth === 1 ? 'single' : '16 pipelined'} GETs`, {
      ours: (2 * a.cpu) / b.cpu, unit: 'x', goal: 1.9, better: 'higher',
      note: `CPU ${a.cpu.toFixed(2)} -> ${b.cpu.toFixed(2)} us; with wrk on the same cores ${rates}`,
    }));
  }
  await Promise.all([one, two].map(stop));
  return rows;
}

async function memory(run, empty, full) {
  const idle = await startKeystead(run.keystead, empty);
  const base = residentBytes(idle.pid);
  await stop(idle);
  const starts = [];
  let server;
  for (let i = 0; i < kStarts; ++i) {
    if (server) await stop(server);
    server = await startKeystead(run.keystead, full);
    starts.push(server.startSeconds);
  }
  const resident = (residentBytes(server.pid) - base) / full.keys;
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const ring = Number(/^keystead_ring_bytes (\S+)$/m.exec(metrics)[1]) / full.keys;
  await stop(server);
  return [
    row('P12', '1,000,000 keys: resident bytes a key', { ours: resident, unit: 'B', goal: 200, note: `the ring says ${ring.toFixed(0)}` }),
    row('P12', '1,000,000 keys: start-up', { ours: median(starts), unit: 's', goal: 2 }),
  ];
}

async function growth(run, small, large) {
  const servers = [await startKeystead(run.keystead, small), await startKeystead(run.keystead, large)];
  const [few, many] = await compare([{ server: servers[0], used: small.used }, { server: servers[1], used: large.used }], run);
  await Promise.all(servers.map(stop));
  return cpuRow('P14', '1,000,000 keys, 10,000 tenants', 1.25, '1,000 keys, 1 tenant', many, few, '4,096 keys used, against 1,000');
}

export async function measure({ folder, build, rounds, seconds, only }) {
  const run = { folder, build, rounds, seconds, keystead: join(build, 'keystead') };
  const wants = (...ids) => !only || ids.some((id) => only.includes(id));
  const say = (text) => console.error(`bench: ${text}`);
  const rows = [];
  const series = [];
  mkdirSync(join(folder, 'nginx'), { recursive: true });

  if (wants('P1', 'P2', 'P3', 'P4', 'P5', 'P10', 'P13', 'P15')) {
    say('100,000 keys of 1,000 tenants');
    const seeded = seed(run, { keys: 100_000, tenants: 1_000 });
    if (wants('P1', 'P2', 'P3', 'P15')) {
      say('against nginx and HAProxy');
      const compared = await againstPeers(run, seeded, wants);
      rows.push(...compared.rows);
      series.push(...compared.series);
    }
    if (wants('P4', 'P5')) {
      say('behind nginx');
      const forwarded = await forwarding(run, seeded, wants);
      rows.push(...forwarded.rows);
      series.push(...forwarded.series);
    }
    if (wants('P10')) {
      say('against better-auth');
      const verified = await againstBetterAuth(run, seeded);
      rows.push(...verified.rows);
      series.push(...verified.series);
    }
    if (wants('P13')) {
      say('two io threads');
      rows.push(...(await onTwoCores(run, seeded)));
    }
  }
  if (wants('P6', 'P7')) {
    say('tokens of an issuer');
    const verified = await tokens(run, wants);
    rows.push(...verified.rows);
    series.push(...verified.series);
  }
  if (wants('P8', 'P9')) {
    say('against authorization servers');
    const asked = await authorizationServers(run, wants);
    rows.push(...asked.rows);
    series.push(...asked.series);
  }
  if (wants('P12', 'P14')) {
    say('1,000,000 keys of 10,000 tenants');
    const small = seed(run, { keys: 1_000, tenants: 1 });
    const large = seed(run, { keys: 1_000_000, tenants: 10_000 });
    if (wants('P12')) rows.push(...(await memory(run, small, large)));
    if (wants('P14')) rows.push(await growth(run, small, large));
  }
  rows.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
  return { rows, series };
}
