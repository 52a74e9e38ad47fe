// The gateways of examples/gateways on free ports of this machine, with an application behind them that remembers what it was
// asked. Their files are used as they are, but for addresses and folders.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { plainConfig, serve, temporaryFolder } from '../harness/server.mjs';

export const example = (name) => fileURLToPath(new URL(`../../../examples/gateways/${name}`, import.meta.url));
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

// Keystead with /verify, as docs/gateways.md says for a gateway on the same machine.
export async function serveVerify(more = '') {
  const secret = randomBytes(32).toString('hex');
  const config = `${plainConfig}verify: { secret: "\${E2E_VERIFY_SECRET}" }\ntrusted_proxies: [127.0.0.1]\n${more}`;
  const server = await serve({ config, env: { E2E_VERIFY_SECRET: secret } });
  return Object.assign(server, { secret });
}

// The claims of a JWS in the compact form, whose signature must be good.
export function claimsOf(jws, secret) {
  const [header, claims, signature] = jws.split('.');
  assert.equal(signature, createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url'));
  const read = (part) => JSON.parse(Buffer.from(part, 'base64url'));
  assert.deepEqual(read(header), { alg: 'HS256', typ: 'identity+jwt' });
  return read(claims);
}

// Answers 200 to everything. `requests` has what came: {method, url, headers, body}, headers as pairs with the names as sent.
export async function startApplication() {
  const requests = [];
  const server = http.createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const { method, url, rawHeaders } = incoming;
    const headers = rawHeaders.flatMap((name, i) => (i % 2 ? [] : [[name, rawHeaders[i + 1]]]));
    requests.push({ method, url, headers, body });
    outgoing.end('served');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { requests, address: `127.0.0.1:${server.address().port}` };
}

export async function freePort() {
  const probe = net.createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function start(command, args, port) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  running.add(child);
  child.on('error', (error) => (said += error));
  const ended = new Promise((resolve) => child.on('close', resolve)).finally(() => running.delete(child));
  after(() => {
    child.kill('SIGKILL');
    return ended;
  });
  for (let i = 0; i < 400; ++i) {
    const socket = net.connect(port, '127.0.0.1');
    const open = await new Promise((resolve) => socket.on('connect', () => resolve(true)).on('error', () => resolve(false)));
    socket.destroy();
    if (open) return { url: `http://127.0.0.1:${port}`, get log() { return said; } };
    assert.ok(running.has(child), `${command} ended:\n${said}`);
    await sleep(25);
  }
  throw new Error(`${command} does not listen:\n${said}`);
}

// The text of an example with everything in `changes` replaced; each must be there.
function changed(name, changes) {
  let text = readFileSync(example(name), 'utf8');
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), `${name} has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

const hostOf = (url) => new URL(url).host;

export async function startNginx(keystead, application, changes = []) {
  const folder = temporaryFolder();
  const port = await freePort();
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const text = changed('nginx.conf', [
    ['127.0.0.1:8080', hostOf(keystead.url)],
    ['127.0.0.1:9000', application.address],
    ['127.0.0.1:8000', `127.0.0.1:${port}`],
    ['http {\n', `http {\n  access_log off;\n${kinds.map((kind) => `  ${kind}_temp_path ${folder}/${kind};\n`).join('')}`],
    ...changes,
  ]);
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, text);
  const directives = `daemon off; master_process off; pid ${folder}/nginx.pid;`;
  return start('nginx', ['-p', folder, '-c', file, '-e', 'stderr', '-g', directives], port);
}

export async function startHaproxy(keystead, application, changes = []) {
  const port = await freePort();
  const text = changed('haproxy.cfg', [
    ['127.0.0.1:8080', hostOf(keystead.url)],
    ['127.0.0.1:9000', application.address],
    ['127.0.0.1:8000', `127.0.0.1:${port}`],
    ['/etc/haproxy/haproxy-verify.lua', example('haproxy-verify.lua')],
    ...changes,
  ]);
  const file = join(temporaryFolder(), 'haproxy.cfg');
  writeFileSync(file, text);
  return start('haproxy', ['-q', '-db', '-f', file], port);
}
