// The official conformance suite, as far as it needs no fixtures of its own. It cannot send a key, so a small proxy on the
// loopback adds one and leaves everything else, Host and Origin above all, as it was sent.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { demo, temporaryFolder } from '../harness/server.mjs';

const conformance = fileURLToPath(new URL('../node_modules/.bin/conformance', import.meta.url));
const demoConfig = fileURLToPath(new URL('../../../examples/demo.yaml', import.meta.url));
const results = temporaryFolder();
let server;

const proxy = http.createServer((incoming, outgoing) => {
  const headers = [...incoming.rawHeaders, 'Authorization', `Bearer ${server.key}`];
  const { hostname: host, port } = new URL(server.url);
  const options = { host, port, path: incoming.url, method: incoming.method, headers };
  incoming.pipe(http.request(options, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.rawHeaders);
    answer.pipe(outgoing);
  }).on('error', () => outgoing.destroy()));
});
await new Promise((resolve) => proxy.listen(0, 'localhost', resolve));
after(() => proxy.close());
const origin = `http://localhost:${proxy.address().port}`;
const url = `${origin}/mcp`;
server = await demo({ config: `${readFileSync(demoConfig, 'utf8')}\norigins: ["${origin}"]\n` });

// The checks of a scenario by status: {SUCCESS: […], FAILURE: […], …}.
async function run(scenario, version) {
  const folder = join(results, `${scenario}-${version}`);
  const args = ['server', '--url', url, '--scenario', scenario, '--spec-version', version, '-o', folder];
  // Its exit status says whether all checks passed; the file says which did not.
  const text = await new Promise((resolve) => {
    execFile(conformance, args, { timeout: 60_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => resolve(stdout + stderr));
  });
  const [written] = existsSync(folder) ? readdirSync(folder) : [];
  assert.ok(written, text);
  return Object.groupBy(JSON.parse(readFileSync(join(folder, written, 'checks.json'))), ({ status }) => status);
}

// What fails, and must not, needs a tool, prompt or resource that a product does not have.
const scenarios = [
  ['server-initialize', '2025-11-25'],
  ['ping', '2025-11-25'],
  ['tools-list', '2025-11-25'],
  ['dns-rebinding-protection', '2025-11-25'],
  ['tools-list', '2026-07-28'],
  ['dns-rebinding-protection', '2026-07-28'],
  ['http-header-validation', '2026-07-28'],
  ['server-stateless', '2026-07-28', [
    'sep-2575-server-rejects-undeclared-capability',
    'sep-2575-missing-capability-http-400',
    'sep-2575-http-server-no-independent-requests-on-stream',
    'sep-2575-server-no-log-without-loglevel',
  ]],
  ['caching', '2026-07-28', [
    'sep-2549-prompts-list-caching-hints',
    'sep-2549-resources-list-caching-hints',
    'sep-2549-resources-templates-list-caching-hints',
  ]],
];
for (const [scenario, version, without = []] of scenarios) {
  test(`${scenario}, ${version}`, async () => {
    const { SUCCESS = [], FAILURE = [] } = await run(scenario, version);
    assert.deepEqual(FAILURE.map(({ id }) => id), without, JSON.stringify(FAILURE, null, 2));
    assert.ok(SUCCESS.length > 0);
  });
}
