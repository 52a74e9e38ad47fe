// The Inspector's command line as a client that signs in.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startBrowser } from '../harness/browser.mjs';
import { demo, temporaryFolder } from '../harness/server.mjs';
import { personWith } from './agent.mjs';
import { oauthConfig } from './flow.mjs';

const inspector = fileURLToPath(new URL('../node_modules/.bin/mcp-inspector', import.meta.url));
const server = await demo({ config: oauthConfig() });
const browser = await startBrowser();
const home = temporaryFolder();

const free = createServer().listen(0, '127.0.0.1');
await once(free, 'listening');
const { port } = free.address();
await new Promise((resolve) => free.close(resolve));

function inspect(...args) {
  const target = ['--server-url', server.mcp, '--transport', 'http', '--callback-url', `http://127.0.0.1:${port}/oauth/callback`];
  const child = spawn(inspector, ['--cli', ...target, ...args], {
    // As at a terminal, but without a browser of its own.
    env: { ...process.env, PATH: dirname(process.execPath), HOME: home, MCP_CATALOG_PATH: `${home}/mcp.json`, MCP_AUTO_OPEN_ENABLED: 'true', MCP_INSPECTOR_SECRET_STORE: 'file' },
  });
  after(() => child.kill('SIGKILL'));
  const run = { out: '', err: '', ended: new Promise((resolve) => child.on('close', resolve)) };
  run.asked = new Promise((resolve) => {
    const look = (name) => (chunk) => {
      run[name] += chunk;
      const url = `${run.out}${run.err}`.match(/http:\/\/\S+\/oauth\/authorize\?\S+/);
      if (url) resolve(url[0]);
    };
    child.stdout.on('data', look('out'));
    child.stderr.on('data', look('err'));
  });
  return run;
}

test('lists the tools when the person has approved, and does not ask again', { timeout: 60_000 }, async () => {
  const first = inspect('--method', 'tools/list');
  const url = await Promise.race([first.asked, first.ended.then(() => assert.fail(first.err + first.out))]);
  const person = personWith(browser, server.console);
  await person.decide('approve')(url);
  assert.deepEqual(person.pages, ['sign-in', 'consent']);
  assert.equal(await first.ended, 0, first.err);
  assert.match(first.out, /notes_list/);
  const second = inspect('--stored-auth-only', '--method', 'tools/list');
  assert.equal(await second.ended, 0, second.err);
  assert.match(second.out, /notes_list/);
});
