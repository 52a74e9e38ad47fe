// A running server, with its data in a folder of its own, which ends with the test file.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assertNoSanitizerReport, binary, environment, keysteadJson } from './keystead.mjs';

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'keystead-e2e-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// What the tests serve unless they say otherwise.
export const plainConfig = `
service: { name: e2e }
keys:
  format: "e2e_{id:8}_{secret:32}"
  scopes: { "data:read": Read, "data:write": Read and write }
  implies: { "data:write": ["data:read"] }
collections:
  notes:
    fields:
      title: text!
      slug: { type: text, unique: true }
      state: [open, done]
      pages: integer
      weight: number
      pinned: boolean
      due: date
    read: "data:read"
    write: "data:write"
tools: [whoami]
`;

const demoConfig = fileURLToPath(new URL('../../../examples/demo.yaml', import.meta.url));

class Server {
  #child;
  #ended;
  #wasStopped = false;
  #log = '';

  constructor(args, { config, data, env }) {
    this.config = config;
    this.data = data;
    this.#child = spawn(binary, args, { env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.#child);
    this.#child.stderr.on('data', (chunk) => (this.#log += chunk));
    this.#ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (status, signal) => resolve({ status, signal }));
    }).finally(() => running.delete(this.#child));
  }

  static async start(args, options) {
    const server = new Server(args, options);
    after(() => server.stop());
    const lines = createInterface({ input: server.#child.stdout });
    const line = await Promise.race([
      new Promise((resolve) => lines.once('line', resolve)),
      server.#ended.then(({ status, signal }) => {
        throw new Error(`${args.join(' ')} ended before it was ready (${status ?? signal}):\n${server.log}`);
      }),
    ]);
    server.ready = JSON.parse(line);
    Object.assign(server, server.ready);
    server.mcp ??= `${server.url}/mcp`;
    return server;
  }

  get pid() {
    return this.#child.pid;
  }
  // Everything it wrote to stderr so far.
  get log() {
    return this.#log;
  }
  signal(name) {
    if (name !== 'SIGHUP') this.#wasStopped = true;
    this.#child.kill(name);
  }
  // When the process has ended: {status, signal}.
  get ended() {
    return this.#ended;
  }

  // Options that point a command at this server's installation.
  get where() {
    return ['--config', this.config, '--data', this.data];
  }
  admin(...args) {
    return keysteadJson([...args, ...this.where]);
  }
  // A tenant with one key for each call: {tenant, key, id}.
  async tenant(name, ...scopes) {
    const { id } = await this.admin('tenant', 'create', '--name', name);
    return this.key(id, ...scopes);
  }
  async key(tenant, ...scopes) {
    const options = scopes.flatMap((scope) => ['--scope', scope]);
    const made = await this.admin('key', 'create', '--tenant', tenant, '--name', 'e2e', ...options);
    return { tenant, key: made.key, id: made.id };
  }

  // Ends it as an operator would and checks that it went in order, and not before it was asked to.
  async stop() {
    if (!running.has(this.#child) && this.#wasStopped) return;
    if (running.has(this.#child)) this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), 30_000);
    const { status, signal } = await this.#ended;
    clearTimeout(timer);
    assertNoSanitizerReport(this.#log);
    assert.deepEqual({ status, signal }, { status: 0, signal: null }, `the server did not end in order:\n${this.#log}`);
  }
  async kill() {
    this.signal('SIGKILL');
    await this.#ended;
  }
}

// keystead serve over `config` (text). Give `data` and `file` to start a second time on the same installation.
export function serve({ config = plainConfig, data, file, env, args = [] } = {}) {
  const folder = temporaryFolder();
  data ??= join(folder, 'data');
  if (!file) {
    file = join(folder, 'keystead.yaml');
    writeFileSync(file, config);
  }
  const listen = args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  return Server.start(['serve', '--json', '--config', file, '--data', data, ...listen, ...args], { config: file, data, env });
}

// keystead demo, with its own configuration unless `config` (text) or `file` (a path) is given.
export async function demo({ config, file, data, env, args = [] } = {}) {
  const folder = temporaryFolder();
  data ??= join(folder, 'data');
  if (config) {
    file = join(folder, 'keystead.yaml');
    writeFileSync(file, config);
  }
  const options = file ? ['--config', file] : [];
  const listen = args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  return Server.start(['demo', '--json', '--data', data, ...listen, ...options, ...args], {
    config: file ?? demoConfig, data, env,
  });
}
