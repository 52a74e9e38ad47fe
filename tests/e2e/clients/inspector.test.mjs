// The Inspector's command line, as somebody uses it who looks at a server for the first time.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { demo, temporaryFolder } from '../harness/server.mjs';

const inspector = fileURLToPath(new URL('../node_modules/.bin/mcp-inspector', import.meta.url));
const server = await demo();
const home = temporaryFolder();

function inspect(key, ...args) {
  const target = ['--server-url', server.mcp, '--transport', 'http', '--header', `Authorization: Bearer ${key}`];
  return new Promise((resolve) => {
    const options = { env: { ...process.env, HOME: home, MCP_CATALOG_PATH: `${home}/mcp.json` }, timeout: 60_000 };
    execFile(inspector, ['--cli', ...target, ...args], options, (error, stdout, stderr) => {
      resolve({ status: error ? error.code : 0, stdout, stderr });
    });
  });
}

async function inspectJson(...args) {
  const { status, stdout, stderr } = await inspect(server.key, ...args);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

for (const era of ['legacy', 'modern']) {
  test(`${era}: lists the tools, with schemas that the inspector finds portable`, async () => {
    const { tools } = await inspectJson('--protocol-era', era, '--method', 'tools/list', '--strict');
    const names = tools.map((tool) => tool.name);
    assert.ok(names.includes('tasks_create') && names.includes('whoami'), names.join());
    assert.deepEqual(names, [...names].sort());
  });

  test(`${era}: calls a tool`, async () => {
    const call = ['--protocol-era', era, '--method', 'tools/call'];
    const made = await inspectJson(...call, '--tool-name', 'tasks_create', '--tool-arg', `title=from the ${era} inspector`);
    const { id } = made.structuredContent;
    const read = await inspectJson(...call, '--tool-name', 'tasks_get', '--tool-arg', `id=${id}`);
    assert.equal(read.structuredContent.title, `from the ${era} inspector`);
  });

  test(`${era}: a wrong key fails with words that a person understands`, async () => {
    const wrong = `${server.key.slice(0, -6)}abcdef`;
    const { status, stdout, stderr } = await inspect(wrong, '--protocol-era', era, '--method', 'tools/list', '--stored-auth-only');
    assert.notEqual(status, 0);
    assert.match(stdout + stderr, /401|unauthorized|credential/i);
  });
}
