// mcp-remote, by which clients that know only programs on their own machine reach a server by its address.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startBrowser } from '../harness/browser.mjs';
import { demo, temporaryFolder } from '../harness/server.mjs';
import { personWith } from './agent.mjs';
import { oauthConfig } from './flow.mjs';

const program = fileURLToPath(new URL('../node_modules/mcp-remote/dist/proxy.js', import.meta.url));
const server = await demo({ config: oauthConfig(', access_token: 2s') });
const browser = await startBrowser();
const folder = temporaryFolder();

// What the program does for its client: `rpc` over stdin and stdout; `asked` is the address that a person is sent to.
function start() {
  // It would open a browser of its own; there is none on its PATH.
  const child = spawn(process.execPath, [program, server.mcp, '--allow-http', '--transport', 'http-only'], {
    env: { ...process.env, MCP_REMOTE_CONFIG_DIR: folder, BROWSER: 'none', PATH: '' }, stdio: ['pipe', 'pipe', 'pipe'],
  });
  after(() => child.kill('SIGKILL'));
  const remote = { log: '', ended: new Promise((resolve) => child.on('close', resolve)) };
  remote.asked = new Promise((resolve) => child.stderr.on('data', (chunk) => {
    remote.log += chunk;
    const url = remote.log.match(/http:\/\/\S+\/oauth\/authorize\?\S+/);
    if (url) resolve(url[0]);
  }));
  const waiting = new Map();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.(message);
  });
  let last = 0;
  remote.rpc = (method, params = {}) => new Promise((resolve) => {
    const id = ++last;
    waiting.set(id, resolve);
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
  });
  remote.initialize = () => remote.rpc('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'e2e', version: '1' } });
  remote.stop = () => { child.kill(); return remote.ended; };
  return remote;
}

const namesOf = (answer) => answer.result.tools.map(({ name }) => name);

test('connects, the person approves, and calls are answered, also when the token is over', { timeout: 60_000 }, async () => {
  const remote = start();
  const ready = remote.initialize();
  const url = await Promise.race([remote.asked, remote.ended.then(() => assert.fail(remote.log))]);
  const person = personWith(browser, server.console);
  await person.decide('approve')(url);
  assert.match(person.lastPage, /MCP CLI Proxy|mcp-remote|e2e/i);
  assert.ok((await ready).result.serverInfo, remote.log);
  assert.ok(namesOf(await remote.rpc('tools/list')).includes('notes_list'));
  await new Promise((resolve) => setTimeout(resolve, 2100));
  assert.ok(namesOf(await remote.rpc('tools/list')).includes('notes_list'), 'after the token was over');
  await remote.stop();
});

test('another process of it finds what the first one has kept, and nobody is asked', { timeout: 60_000 }, async () => {
  const remote = start();
  remote.asked.then(() => assert.fail('a person was asked'));
  assert.ok((await remote.initialize()).result.serverInfo, remote.log);
  assert.ok(namesOf(await remote.rpc('tools/list')).includes('notes_list'));
  await remote.stop();
});
