// What an operator relies on: health, metrics, version, logs, draining and a TLS certificate that changes under way.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { bearer, parseResponses, request, rest } from '../harness/http.mjs';
import { rpc } from '../harness/mcp.mjs';
import { plainConfig, serve, temporaryFolder } from '../harness/server.mjs';

describe('a running server', async () => {
  const server = await serve();
  const { key, tenant } = await server.tenant('Operation');

  test('/healthz and /readyz need no key', async () => {
    assert.equal((await request(`${server.url}/healthz`)).status, 200);
    assert.equal((await request(`${server.url}/readyz`)).status, 200);
  });

  test('/api/v1/version names the version and the API', async () => {
    const { status, json } = await request(`${server.url}/api/v1/version`);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(json).sort(), ['api', 'version']);
    assert.equal(json.api, 'v1');
    assert.match(json.version, /^\d+\.\d+\.\d+/);
  });

  test('/metrics counts requests, in the text format', async () => {
    await rpc(server, key, 'tools/list');
    const { status, text, headers } = await request(`${server.url}/metrics`);
    assert.equal(status, 200);
    assert.match(headers['content-type'], /^text\/plain/);
    assert.match(text, /^# TYPE keystead_[a-z_]+ counter$/m);
    assert.ok(!text.includes(tenant), 'no tenant is named');
  });

  test('HEAD answers like GET without a body', async () => {
    const { status, headers, text } = await request(`${server.url}/healthz`, { method: 'HEAD' });
    assert.equal(status, 200);
    assert.equal(text, '');
    assert.equal(headers['content-length'], (await request(`${server.url}/healthz`)).headers['content-length']);
  });

  test('a wrong method is 405 with Allow, an unknown path 404', async () => {
    const wrong = await rest(server, key, 'PUT', '/notes');
    assert.equal(wrong.status, 405);
    assert.match(wrong.headers.allow, /GET/);
    assert.equal((await rest(server, key, 'GET', '/nothing')).status, 404);
  });

  test('the log is JSON lines with a time, a level and an event', async () => {
    await rpc(server, 'e2e_wrong', 'ping');
    await sleep(500);
    const lines = server.log.trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.ok(lines.length > 0);
    for (const { time, level, event } of lines) {
      assert.ok(!Number.isNaN(Date.parse(time)) && level && event);
    }
  });

  test('when a key was last used can be seen', async () => {
    const [listed] = await server.admin('key', 'list', '--tenant', tenant);
    assert.ok(Date.now() - Date.parse(listed.last_used_at) < 60_000, listed.last_used_at);
  });
});

test('SIGTERM: an idle connection is closed, a request under way is answered, the address is free', async () => {
  const server = await serve();
  const { key } = await server.tenant('Drain');
  const { hostname, port } = new URL(server.url);
  const socket = net.connect(Number(port), hostname);
  const body = JSON.stringify({ title: 'half sent' });
  socket.write(
    `POST /api/v1/notes HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${key}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`);
  const idle = net.connect(Number(port), hostname);
  const idleClosed = new Promise((resolve) => idle.on('close', resolve));
  idle.resume();
  idle.write(`GET /healthz HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
  await sleep(300);
  const stopped = server.stop();
  await idleClosed;
  socket.write(body.slice(5));
  const chunks = [];
  for await (const chunk of socket) chunks.push(chunk);
  const [answer] = parseResponses(Buffer.concat(chunks));
  assert.equal(answer?.status, 201);
  await stopped;
  await assert.rejects(request(`${server.url}/healthz`));
});

describe('TLS', async () => {
  const folder = temporaryFolder();
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  const makeCertificate = (name) => {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate], { stdio: 'pipe' });
    return readFileSync(certificate);
  };
  const first = makeCertificate('first');
  const server = await serve({ config: `${plainConfig}listen: { tls: { certificate: ${certificate}, key: ${key} } }\n` });
  const { key: apiKey } = await server.tenant('TLS');
  const { hostname, port } = new URL(server.url);

  const peerName = (options) => new Promise((resolve, reject) => {
    const socket = tls.connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...options }, () => {
      resolve({ name: socket.getPeerCertificate().subject.CN, protocol: socket.getProtocol() });
      socket.end();
    });
    socket.on('error', reject);
  });

  test('serves over TLS 1.2 and 1.3 and nothing older', async () => {
    assert.match(server.url, /^https:/);
    const { status } = await request(`${server.url}/api/v1/notes`, { ca: first, headers: bearer(apiKey) });
    assert.equal(status, 200);
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      assert.equal((await peerName({ minVersion: version, maxVersion: version })).protocol, version);
    }
    await assert.rejects(peerName({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
  });

  test('SIGHUP takes the new certificate, without ending a connection', async () => {
    const old = tls.connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
    await new Promise((resolve) => old.on('secureConnect', resolve));
    makeCertificate('second');
    server.signal('SIGHUP');
    for (let i = 0; i < 50 && (await peerName()).name !== 'second'; ++i) await sleep(100);
    assert.equal((await peerName()).name, 'second');
    const answered = new Promise((resolve) => old.once('data', resolve));
    old.write(`GET /healthz HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    assert.match(String(await answered), /^HTTP\/1\.1 200/);
    old.destroy();
  });

  test('SIGHUP with a broken certificate keeps the one that works', async () => {
    writeFileSync(certificate, 'not a certificate\n');
    server.signal('SIGHUP');
    await sleep(1000);
    assert.equal((await peerName()).name, 'second');
  });

  test('plain HTTP to the TLS port is no service', async () => {
    const answer = await request(`http://${hostname}:${port}/healthz`).catch((error) => error);
    assert.ok(answer instanceof Error || answer.status === 400);
  });
});
