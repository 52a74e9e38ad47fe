// The servers that are compared, each on its own port of this machine. All are started by taskset, so that a server has its
// core and the load generator has the other.
import { spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

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

export function stop(server) {
  if (server.child.exitCode !== null) return undefined;
  const ended = new Promise((resolve) => server.child.on('close', resolve));
  server.child.kill('SIGTERM');
  return ended;
}

async function freePort() {
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

async function startPeer(name, command, args, port) {
  const child = start('0', command, args, ['ignore', 'ignore', 'inherit']);
  await waitForPort(port, child);
  return { name, child, pid: child.pid, url: `http://127.0.0.1:${port}` };
}

// Answers everything with 200 and checks nothing: what an HTTP server costs by itself.
export async function startNginx(folder) {
  const port = await freePort();
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/nginx;`);
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, `
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  ${paths.join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    location / { default_type text/plain; return 200 "ok\\n"; }
  }
}
`);
  return startPeer('nginx', 'nginx', ['-c', file, '-e', 'stderr', '-p', folder], port);
}

// Lets in whoever sends a key of the list, which it holds in plain text.
export async function startHaproxy(folder, keys) {
  const port = await freePort();
  const map = join(folder, 'haproxy.map');
  writeFileSync(map, keys.map((key, i) => `${key} tenant${i % 1000}\n`).join(''));
  const file = join(folder, 'haproxy.cfg');
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
  http-request deny deny_status 401 unless { req.hdr(x-api-key),map_str(${map}) -m found }
  http-request return status 200 content-type text/plain string "ok"
`);
  return startPeer('HAProxy', 'haproxy', ['-q', '-db', '-f', file], port);
}

// Everything as it is by default, but for the number of io threads. `cores` as taskset takes them.
export async function startKeystead(binary, seeded, { threads = 1, cores = '0' } = {}) {
  const file = join(seeded.data, '..', `keystead-${threads}.yaml`);
  writeFileSync(file, `
service: { name: bench }
keys:
  format: "${seeded.format}"
  scopes: { "${seeded.scope}": Read }
limits: { io_threads: ${threads} }
tools: [whoami]
`);
  const begun = performance.now();
  const args = ['serve', '--json', '--config', file, '--data', seeded.data, '--listen', '127.0.0.1:0'];
  const log = `${seeded.data}.log`;
  const child = start(cores, binary, args, ['ignore', 'pipe', openSync(log, 'a')]);
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise((resolve, reject) => {
    lines.once('line', resolve);
    child.on('close', (status) => reject(new Error(`keystead ended with status ${status}:\n${readFileSync(log)}`)));
  });
  return { name: 'keystead', child, pid: child.pid, url: JSON.parse(line).url, startSeconds: (performance.now() - begun) / 1000 };
}
