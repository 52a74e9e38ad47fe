// Everything at once from many connections: hot keys, unknown keys, writes, lists, administration, metrics and a reload, and
// then an orderly end while requests are under way. What it looks for is what a sanitizer finds; run with ThreadSanitizer too.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { bearer, request, rest } from '../harness/http.mjs';
import { modernRpc, rpc } from '../harness/mcp.mjs';
import { plainConfig, serve } from '../harness/server.mjs';

// Unknown keys come by the thousand here; that guessing is slow is shown elsewhere.
const server = await serve({ config: `${plainConfig}rate_limits: { address: none }\n` });
const tenants = [];
for (const name of ['A', 'B', 'C']) tenants.push(await server.tenant(name));

test('tenants stay apart and every request is answered', async () => {
  const until = Date.now() + 4000;
  const seen = {};
  const note = (what, { status }) => (seen[`${what} ${status}`] = (seen[`${what} ${status}`] ?? 0) + 1);
  const repeat = async (what, ask) => {
    while (Date.now() < until) note(what, await ask());
  };
  const agent = new http.Agent({ keepAlive: true });
  let number = 0;
  await Promise.all([
    ...tenants.flatMap(({ key, tenant }) => [
      repeat('list', () => rpc(server, key, 'tools/list')),
      repeat('discover', () => modernRpc(server, key, 'server/discover')),
      repeat('create', () => rest(server, key, 'POST', '/notes', { title: `${tenant} ${++number}` })),
      repeat('read', async () => {
        const answer = await rest(server, key, 'GET', '/notes?limit=5&sort=-created_at');
        for (const { title } of answer.json.items ?? []) assert.ok(title.startsWith(tenant), 'only its own rows');
        return answer;
      }),
    ]),
    repeat('unknown', () => rpc(server, `e2e_00000000_${String(++number).padStart(32, '0')}`, 'ping')),
    repeat('public', () => request(`${server.url}/metrics`, { agent })),
    repeat('short', async () => {
      const made = await server.key(tenants[0].tenant);
      const alive = await request(`${server.url}/api/v1/notes`, { headers: bearer(made.key) });
      await server.admin('key', 'revoke', made.id);
      const dead = await request(`${server.url}/api/v1/notes`, { headers: bearer(made.key) });
      assert.deepEqual([alive.status, dead.status], [200, 401]);
      server.signal('SIGHUP');
      return alive;
    }),
  ]);
  agent.destroy();
  const expected = ['list 200', 'discover 200', 'create 201', 'read 200', 'unknown 401', 'public 200', 'short 200'];
  assert.deepEqual(Object.keys(seen).sort(), expected.sort(), JSON.stringify(seen));
});

test('SIGTERM answers what is under way and ends', async () => {
  const { key } = tenants[0];
  let stopping = false;
  const answers = Array.from({ length: 16 }, async () => {
    for (let count = 0; ; ++count) {
      try {
        const { status } = await rest(server, key, 'POST', '/notes', { title: 'last words' });
        assert.ok(status === 201 || (stopping && status === 503), String(status));
      } catch (error) {
        // Connections end only because the server does.
        assert.ok(stopping, error.message);
        return count;
      }
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  stopping = true;
  await server.stop();
  for (const count of await Promise.all(answers)) assert.ok(count > 0);
});
