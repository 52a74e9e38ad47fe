// The servers that are compared, each on its own port of this machine. All are started by taskset, so that a server has its
// core and the load generator has the other.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const running = new Set();

function start(cores, command, args, stdio) {
  const child = spawn('taskset', ['-c', cores, command, ...args], { stdio });
  running.add(child);
  child.on('close', () => running.delete(child));
  return child;
}

export function stopAll() {
  for (const child of running) child.kill('SIGTERM');
}

export async function stop(server) {
  await Promise.all((server.with ?? []).map(stop));
  if (server.child.exitCode !== null) return undefined;
  const ended = new Promise((resolve) => server.child.on('close', resolve));
  server.child.kill('SIGTERM');
  return ended;
}

export async function freePort() {
  const probe = net.createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function waitForPort(port, child) {
  for (let i = 0; i < 200; ++i) {
    const socket = net.connect(port, '127.0.0.1');
    const open = await new Promise((resolve) => socket.on('connect', () => resolve(true)).on('error', () => resolve(false)));
    socket.destroy();
    if (open) return;
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(' ')} ended with status ${child.exitCode}`);
    await sleep(50);
  }
  throw new Error(`${child.spawnargs.join(' ')} does not listen`);
}

export async function startPeer(name, command, args, port, cores = '0') {
  const child = start(cores, command, args, ['ignore', 'ignore', 'inherit']);
  await waitForPort(port, child);
  return { name, child, pid: child.pid, url: `http://127.0.0.1:${port}` };
}

// Starts a server that finds itself a port and says so in its first line, as JSON with a member url.
export async function startAnnounced(name, cores, command, args, log) {
  const child = start(cores, command, args, ['ignore', 'pipe', openSync(log, 'a')]);
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise((resolve, reject) => {
    lines.once('line', resolve);
    child.on('close', (status) => reject(new Error(`${name} ended with status ${status}:\n${readFileSync(log)}`)));
  });
  return { ...JSON.parse(line), name, child, pid: child.pid };
}

let nginxCount = 0;

// `http` is text or a function of the port: what stands in the block http.
async function startNginxWith(folder, name, http, cores) {
  const port = await freePort();
  const own = join(folder, 'nginx', String(++nginxCount));
  mkdirSync(own);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${own}/temp;`);
  const file = join(own, 'nginx.conf');
  writeFileSync(file, `
worker_processes 1;
daemon off;
pid ${own}/nginx.pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  ${paths.join('\n  ')}
${http(port)}
}
`);
  return startPeer(name, 'nginx', ['-c', file, '-e', 'stderr', '-p', own], port, cores);
}

const answering = (answer) => (port) => `  server {
    listen 127.0.0.1:${port};
    location / { default_type text/plain; return 200 "${answer}"; }
  }`;

// Answers everything with 200 and checks nothing: what an HTTP server costs by itself.
export const startNginx = (folder) => startNginxWith(folder, 'nginx', answering('ok\\n'));

// What stands behind a gateway. It shares the core of the load generator, and is not counted.
export const startUpstream = (folder) => startNginxWith(folder, 'upstream', answering('ok\\n'), '1');

// Lets everybody in: an answer without a body, as fast as nginx gives one.
export const startNodder = (folder) => startNginxWith(folder, 'nginx that says yes', answering(''));

const hostOf = ({ url }) => new URL(url).host;

// Lets in whoever sends a key of the list, which it holds in plain text, and forwards.
export function startNginxMap(folder, keys, upstream) {
  const map = join(folder, 'nginx.map');
  writeFileSync(map, keys.map((key, i) => `${key} tenant${i % 1000};\n`).join(''));
  return startNginxWith(folder, 'nginx map', (port) => `
  map_hash_max_size 1048576;
  map_hash_bucket_size 128;
  map $http_x_api_key $tenant { include ${map}; }
  upstream application { server ${hostOf(upstream)}; keepalive 64; }
  server {
    listen 127.0.0.1:${port};
    location / {
      if ($tenant = "") { return 401; }
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Tenant $tenant;
      proxy_set_header X-API-Key "";
      proxy_pass http://application;
    }
  }`);
}

// The gateway of examples/gateways/nginx.conf, with `asked` as what it asks. Both are what the answer costs.
export async function startNginxGateway(folder, asked, upstream) {
  const example = readFileSync(fileURLToPath(new URL('../examples/gateways/nginx.conf', import.meta.url)), 'utf8');
  const block = /^http \{\n(.*)^\}/ms.exec(example)[1];
  const gateway = await startNginxWith(folder, `nginx with ${asked.name}`, (port) => block
    .replaceAll('127.0.0.1:8080', hostOf(asked))
    .replaceAll('127.0.0.1:9000', hostOf(upstream))
    .replaceAll('127.0.0.1:8000', `127.0.0.1:${port}`));
  return { ...gateway, with: [asked] };
}

async function startHaproxyWith(folder, name, rules) {
  const port = await freePort();
  const file = join(folder, `${name}.cfg`);
  writeFileSync(file, `
global
  nbthread 1
  maxconn 1024
defaults
  mode http
  timeout connect 5s
  timeout server 60s
  timeout client 60s
  timeout http-keep-alive 60s
frontend check
  bind 127.0.0.1:${port}
  ${rules.join('\n  ')}
  http-request return status 200 content-type text/plain string "ok"
`);
  return startPeer('HAProxy', 'haproxy', ['-q', '-db', '-f', file], port);
}

// Lets in whoever sends a key of the list, which it holds in plain text.
export function startHaproxy(folder, keys) {
  const map = join(folder, 'haproxy.map');
  writeFileSync(map, keys.map((key, i) => `${key} tenant${i % 1000}\n`).join(''));
  return startHaproxyWith(folder, 'haproxy', [
    `http-request deny deny_status 401 unless { req.hdr(x-api-key),map_str(${map}) -m found }`,
  ]);
}

// Lets in whoever sends a token that the issuer's key has signed; issuer, audience and expiry it does not look at.
export function startHaproxyJwt(folder, issuer) {
  return startHaproxyWith(folder, 'haproxy-jwt', [
    'http-request set-var(txn.bearer) http_auth_bearer',
    "http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')",
    'http-request deny deny_status 401 unless { var(txn.alg) -m str ES256 }',
    `http-request deny deny_status 401 unless { var(txn.bearer),jwt_verify(txn.alg,"${issuer.pem}") -m int 1 }`,
  ]);
}

const peers = fileURLToPath(new URL('peers/', import.meta.url));

// One of the servers from npm, on the Node that is installed with them.
export function startNodePeer(name, program, args, log) {
  execFileSync(join(peers, 'install'), { stdio: ['ignore', 2, 2] });
  const node = join(peers, `node_modules/node-linux-${process.arch}/bin/node`);
  return startAnnounced(name, '0', 'env', ['NODE_ENV=production', node, join(peers, program), ...args.map(String)], log);
}

// Keeps its own keys, `keys` of them, in a SQLite file: they are `used` and `all`, as those of seed() are.
export async function startBetterAuth(folder, keys) {
  const own = join(folder, 'better-auth');
  mkdirSync(own);
  const used = join(own, 'used.txt');
  const server = await startNodePeer('better-auth', 'better_auth.mjs', [join(own, 'auth.db'), keys, used], join(own, 'log'));
  return { ...server, used, all: readFileSync(used, 'utf8').split('\n').slice(0, -1) };
}

// Everything as it is by default, but for the number of io threads. `cores` as taskset takes them; tokens of `issuer`, whose claim
// org names the tenant, are taken beside keys; with `oauth` it is an authorization server too.
export async function startKeystead(binary, seeded, { threads = 1, cores = '0', issuer, oauth = false } = {}) {
  process.env.BENCH_VERIFY_SECRET ??= randomBytes(32).toString('hex');
  const file = join(seeded.data, '..', `keystead-${threads}.yaml`);
  writeFileSync(file, `
service: { name: bench }
keys:
  format: "${seeded.format}"
  scopes: { "${seeded.scope}": Read }
limits: { io_threads: ${threads} }
verify: { secret: "\${BENCH_VERIFY_SECRET}" }
tools: [whoami]
${issuer ? `issuers: { bench: { issuer: "${issuer.url}", audience: "${issuer.audience}", jwks: "${issuer.jwks}", tenant: [org] } }` : ''}
${oauth ? 'oauth: {}' : ''}
`);
  const begun = performance.now();
  const args = ['serve', '--json', '--config', file, '--data', seeded.data, '--listen', '127.0.0.1:0'];
  const server = await startAnnounced('keystead', cores, binary, args, `${seeded.data}.log`);
  return { ...server, config: file, startSeconds: (performance.now() - begun) / 1000 };
}
