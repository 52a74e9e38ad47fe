// The contract of Nenjo, row by row.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sampleArguments } from '../clients/walk.mjs';
import {
  assertExplained, call, called, challengeOf, damage, elsewhere, flipLast, inSeconds, makeKey, neighbour, product, request, rest,
  rpc, stored, toolsOf, until,
} from '../harness/contract.mjs';
import { bearer } from '../harness/http.mjs';
import { keystead } from '../harness/keystead.mjs';
import { post } from '../harness/mcp.mjs';

const server = await product('nenjo');
const reader = await makeKey(server, server.tenant, { scopes: ['projects:read'] });
const groups = {
  projects: '/projects', agents: '/agents', routines: '/routines', mcp_servers: '/mcp_servers', chat: '/chat_sessions', models: '/models',
};

describe('J1 one backend behind every interface', () => {
  test('what MCP writes, REST reads, and the other way round', async () => {
    const mine = await called(server, server.key, 'projects_create', { name: 'Apollo', slug: 'apollo' });
    assert.deepEqual((await rest(server, server.key, 'GET', `/projects/${mine.id}`)).json, mine);
    await rest(server, server.key, 'PATCH', `/projects/${mine.id}`, { status: 'paused' });
    assert.equal((await called(server, server.key, 'projects_get', { id: mine.id })).status, 'paused');
    const other = await rest(server, server.key, 'POST', '/projects', { name: 'Gemini', slug: 'gemini' });
    assert.equal(other.status, 201, other.text);
    assert.ok(JSON.stringify(await called(server, server.key, 'projects_list', { limit: 100 })).includes(other.json.id));
    await called(server, server.key, 'projects_delete', { id: mine.id });
    assert.equal((await rest(server, server.key, 'GET', `/projects/${mine.id}`)).status, 404);
  });

  test('under the same authorization', async () => {
    assert.equal((await rest(server, reader.key, 'GET', '/projects')).status, 200);
    assert.equal((await call(server, reader.key, 'projects_list')).status, 200);
    for (const answer of [
      await rest(server, reader.key, 'POST', '/projects', { name: 'x', slug: 'x' }), await rest(server, reader.key, 'GET', '/agents'),
      await call(server, reader.key, 'projects_create', { name: 'x', slug: 'x' }), await call(server, reader.key, 'agents_list'),
    ]) assert.equal(answer.status, 403, answer.text);
  });

  test('a key of another organization sees none of it', async () => {
    const { key } = await neighbour(server, 'Other');
    assert.deepEqual((await rest(server, key, 'GET', '/projects')).json.items, []);
    assert.deepEqual((await called(server, key, 'projects_list')).items, []);
  });
});

test('J2 GET /api/v1/version is public', async () => {
  const answer = await request(`${server.url}/api/v1/version`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'application/json');
  assert.deepEqual(answer.json, { version: (await keystead(['--version'])).stdout.trim().split(' ')[1], api: 'v1' });
  assert.match(answer.json.version, /^\d+\.\d+\.\d+/);
});

describe('J5 the key in either header', () => {
  const projects = (headers, agent) => request(`${server.url}/api/v1/projects`, { headers, agent });
  const list = (headers) => post(server, undefined, { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }, headers);

  for (const [name, headers] of [
    ['Authorization: Bearer', bearer(server.key)], ['X-API-Key', { 'x-api-key': server.key }],
    ['both, the same', { ...bearer(server.key), 'x-api-key': server.key }],
  ]) {
    test(name, async () => {
      assert.equal((await projects(headers)).status, 200);
      assert.equal((await list(headers)).status, 200);
    });
  }

  test('both, and different: 400', async () => {
    for (const headers of [
      { ...bearer(server.key), 'x-api-key': reader.key }, { ...bearer(reader.key), 'x-api-key': server.key },
      { ...bearer(server.key), 'x-api-key': 'nonsense' },
    ]) {
      assert.equal((await projects(headers)).status, 400);
      assert.equal((await list(headers)).status, 400);
    }
  });

  test('neither, or a wrong one: 401', async () => {
    const agent = elsewhere();
    assert.equal((await projects({}, agent)).status, 401);
    for (const headers of [bearer(flipLast(server.key)), { 'x-api-key': flipLast(server.key) }]) {
      assert.equal((await projects(headers, agent)).status, 401);
    }
  });
});

describe('J6 nen_ and 64 hexadecimal characters', () => {
  test('is what a key looks like', async () => {
    assert.match(server.key, /^nen_[0-9a-f]{64}$/);
    assert.match(reader.key, /^nen_[0-9a-f]{64}$/);
    const agent = elsewhere();
    for (const key of [server.key.slice(0, -1), `${server.key}0`, server.key.toUpperCase(), server.key.replace(/.$/, 'g')]) {
      assert.equal((await request(`${server.url}/api/v1/projects`, { headers: bearer(key), agent })).status, 401, key);
    }
  });

  test('its first 8 characters are kept for display, and of the rest a hash', async () => {
    const { items } = (await rest(server, server.key, 'GET', '/api-keys')).json;
    assert.equal(items.find(({ id }) => id === reader.id).key_prefix, reader.key.slice(0, 8));
    const secret = reader.key.slice(8);
    const kept = await stored(server);
    assert.ok(kept.includes('Demo key'));
    assert.ok(!kept.includes(secret));
    assert.ok(!server.log.includes(secret));
  });
});

describe('J7 resource groups and operations', () => {
  test('group:read reads that group and no other, and writes nothing', async () => {
    for (const group of Object.keys(groups)) {
      const { key } = await makeKey(server, server.tenant, { scopes: [`${group}:read`] });
      for (const [other, path] of Object.entries(groups)) {
        assert.equal((await rest(server, key, 'GET', path)).status, other === group ? 200 : 403, `${group}:read, ${path}`);
        assert.equal((await rest(server, key, 'POST', path, {})).status, 403, `${group}:read, ${path}`);
      }
    }
  });

  test('group:write implies group:read', async () => {
    for (const [group, path] of Object.entries(groups)) {
      const { key } = await makeKey(server, server.tenant, { scopes: [`${group}:write`] });
      assert.equal((await rest(server, key, 'GET', path)).status, 200, group);
      assert.equal((await rest(server, key, 'POST', path, {})).status, 400, `${group}: what is wrong is the row`);
      const other = group === 'models' ? '/agents' : '/models';
      assert.equal((await rest(server, key, 'GET', other)).status, 403, group);
    }
  });

  test('no scopes is full access, where that is said or nothing is', async () => {
    for (const body of [{ name: 'all', scopes: [] }, { name: 'all' }]) {
      const made = await rest(server, server.key, 'POST', '/api-keys', body);
      assert.equal(made.status, 201, made.text);
      assert.deepEqual(made.json.scopes, []);
      for (const path of Object.values(groups)) assert.equal((await rest(server, made.json.key, 'GET', path)).status, 200, path);
      assert.deepEqual(await toolsOf(server, made.json.key), await toolsOf(server, server.key));
    }
  });

  test('and whoever has some scopes cannot give all of them by giving none', async () => {
    const { key } = await makeKey(server, server.tenant, { scopes: ['api_keys:write', 'projects:read'] });
    for (const given of [{ scopes: [] }, {}, { scopes: null }, { scopes: ['agents:read'] }]) {
      const answer = await rest(server, key, 'POST', '/api-keys', { name: 'x', ...given });
      assert.equal(answer.status, 403, answer.text);
    }
    const narrowed = await rest(server, key, 'POST', '/api-keys/narrow', { scopes: [] });
    assert.notEqual(narrowed.status, 201, narrowed.text);
    assert.equal((await rest(server, key, 'POST', '/api-keys', { name: 'x', scopes: ['projects:read'] })).status, 201);
  });
});

test("J8 a key's scopes decide what tools/list shows, as they decide tools/call", async () => {
  const all = await toolsOf(server, server.key);
  assert.ok(all.length > 40);
  for (const scopes of [['projects:read'], ['agents:write'], ['chat:read', 'models:write']]) {
    const { key } = await makeKey(server, server.tenant, { scopes });
    const shown = new Set((await toolsOf(server, key)).map(({ name }) => name));
    assert.ok(shown.size > 1 && shown.size < all.length);
    for (const { name, inputSchema } of all) {
      const { status, json } = await call(server, key, name, sampleArguments(inputSchema, 'x'));
      assert.equal(status === 403, !shown.has(name), `${scopes}: ${name}`);
      assert.equal(json.error?.code === -32001, !shown.has(name), `${scopes}: ${name}`);
    }
  }
});

describe('J9 REST errors are a status and {"error": "…"}', () => {
  const agent = elsewhere();
  const ask = (method, path, { key = server.key, body, headers = {} } = {}) => request(`${server.url}/api/v1${path}`, {
    method, agent, body,
    headers: { ...(key && bearer(key)), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
  });
  const errors = {
    'no credential': [401, () => ask('GET', '/projects', { key: '' })],
    'a wrong key': [401, () => ask('GET', '/projects', { key: flipLast(server.key) })],
    'two keys': [400, () => ask('GET', '/projects', { headers: { 'x-api-key': reader.key } })],
    'a missing scope': [403, () => ask('POST', '/projects', { key: reader.key, body: '{}' })],
    'no such path': [404, () => ask('GET', '/nothing')],
    'no such row': [404, () => ask('GET', '/projects/none')],
    'no such key': [404, () => ask('GET', '/api-keys/none')],
    'no such method': [405, () => ask('PUT', '/projects')],
    'no JSON': [400, () => ask('POST', '/projects', { body: '{' })],
    'a wrong row': [400, () => ask('POST', '/projects', { body: '{"name":7}' })],
    'a wrong query': [400, () => ask('GET', '/projects?limit=many')],
    'a value that is taken': [409, () => ask('POST', '/projects', { body: '{"name":"x","slug":"website"}' })],
    'another type of body': [415, () => ask('POST', '/projects', { body: 'x', headers: { 'content-type': 'text/plain' } })],
    'a body that is too large': [413, () => ask('POST', '/projects', { body: 'x'.repeat(2_000_000) })],
    'another origin': [403, () => ask('GET', '/projects', { headers: { origin: 'https://elsewhere.example' } })],
    'too many wrong keys': [429, async () => {
      const guesser = elsewhere();
      const guess = () => request(`${server.url}/api/v1/projects`, { headers: bearer(flipLast(server.key)), agent: guesser });
      let answer = await guess();
      for (let i = 0; i < 5000 && answer.status === 401; ++i) answer = await guess();
      assert.ok(Number(answer.headers['retry-after']) >= 1);
      return answer;
    }],
    'a broken store': [[500, 503], async () => {
      const broken = await neighbour(server, 'Broken');
      await damage(server, broken.tenant, 'executions');
      return ask('GET', '/executions', { key: broken.key });
    }],
  };
  for (const [name, [status, provoke]] of Object.entries(errors)) {
    test(`${name}: ${status}`, async () => {
      const answer = await provoke();
      assert.ok([status].flat().includes(answer.status), `${answer.status} ${answer.text}`);
      assert.match(answer.headers['content-type'], /^application\/json/);
      assert.deepEqual(Object.keys(answer.json), ['error']);
      assert.equal(typeof answer.json.error, 'string');
      assert.ok(answer.json.error.length > 3);
    });
  }
});

describe('J10 MCP errors are those of JSON-RPC 2.0', () => {
  function assertRpcError(answer, code, id = 1) {
    assert.equal(answer.json.jsonrpc, '2.0', answer.text);
    assert.equal(answer.json.id, id, answer.text);
    assert.equal(answer.json.error?.code, code, answer.text);
    assert.equal(typeof answer.json.error.message, 'string');
    assert.equal(answer.json.result, undefined);
  }
  const send = (message, key = server.key) =>
    post(server, key, typeof message === 'string' ? message : { jsonrpc: '2.0', id: 1, ...message });

  test('-32700 parse error', async () => assertRpcError(await send('{"jsonrpc":"2.0",'), -32700, null));

  test('-32601 method not found, in the words of the page', async () => {
    const answer = await send({ method: 'unknown_method' });
    assertRpcError(answer, -32601);
    assert.equal(answer.json.error.message, 'Method not found: unknown_method');
  });

  test('-32602 invalid params', async () => {
    assertRpcError(await send({ method: 'tools/call', params: {} }), -32602);
    assertRpcError(await send({ method: 'tools/call', params: { name: 'no_such_tool' } }), -32602);
  });

  test('-32603 internal error', async () => {
    const broken = await neighbour(server, 'Broken too');
    await damage(server, broken.tenant, 'councils');
    const answer = await send({ method: 'tools/call', params: { name: 'councils_list', arguments: {} } }, broken.key);
    assertRpcError(answer, -32603);
    assert.ok(!answer.text.includes(broken.tenant));
  });

  test('-32001 permission denied; status, header and body agree', async () => {
    const answer = await send({ id: 'seven', method: 'tools/call', params: { name: 'agents_list', arguments: {} } }, reader.key);
    assertRpcError(answer, -32001, 'seven');
    assert.match(answer.json.error.message, /^Permission denied/);
    assert.match(answer.json.error.message, /agents:read/);
    assert.equal(answer.status, 403);
    const { error, scope } = challengeOf(answer);
    assert.deepEqual({ error, scope }, { error: 'insufficient_scope', scope: 'agents:read' });
    await assertExplained(server, server.key, answer, {
      reason: 'insufficient_scope', tool: 'agents_list', scope_needed: 'agents:read', scopes_held: ['projects:read'],
    });
  });

  test('a batch has one for each of its calls', async () => {
    const batch = ['projects_list', 'agents_list'].map((name, id) => ({
      jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: {} },
    }));
    const answer = await post(server, reader.key, batch, { 'mcp-protocol-version': '2025-03-26' });
    const byId = Object.fromEntries(answer.json.map((each) => [each.id, each]));
    assert.ok(byId[0].result);
    assert.equal(byId[1].error.code, -32001);
  });

  test('401 is one too', async () => {
    const answer = await post(server, undefined, { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
    assert.equal(answer.status, 401);
    assert.equal(answer.json.jsonrpc, '2.0', answer.text);
    assert.equal(typeof answer.json.error?.code, 'number');
  });
});

describe("J11 management of keys, with an administrator's key", () => {
  const fields = [
    'created_at', 'expires_at', 'id', 'key_prefix', 'last_used_at', 'name', 'revoked_at', 'scopes', 'user_id',
  ];

  test('creating shows the raw key once', async () => {
    const { key } = await makeKey(server, server.tenant, { scopes: ['api_keys:write', 'agents:read'] });
    const made = await rest(server, key, 'POST', '/api-keys', { name: 'Agent', scopes: ['agents:read'], expires_in: '30d' });
    assert.equal(made.status, 201, made.text);
    const { key: raw, ...shown } = made.json;
    assert.match(raw, /^nen_[0-9a-f]{64}$/);
    assert.deepEqual(Object.keys(shown).toSorted(), fields);
    assert.equal(shown.key_prefix, raw.slice(0, 8));
    assert.ok(shown.user_id);
    assert.ok(new Date(shown.expires_at) > Date.now());
    assert.equal(shown.revoked_at, null);
    const again = await rest(server, key, 'GET', `/api-keys/${shown.id}`);
    assert.deepEqual(again.json, shown);
    assert.ok(!(await rest(server, key, 'GET', '/api-keys')).text.includes(raw.slice(8)));
    assert.equal((await called(server, raw, 'agents_get_by_name', { name: 'editor' })).model, 'large');
  });

  test('the list is of the active keys', async () => {
    const end = inSeconds(2);
    const short = await makeKey(server, server.tenant, { name: 'short', scopes: ['chat:read'], more: ['--expires', end] });
    const gone = await makeKey(server, server.tenant, { name: 'gone', scopes: ['chat:read'] });
    const list = async () => (await rest(server, server.key, 'GET', '/api-keys')).json.items;
    const before = await list();
    for (const item of before) assert.deepEqual(Object.keys(item).toSorted(), fields);
    for (const { id } of [short, gone]) assert.ok(before.some((item) => item.id === id));
    assert.equal((await rest(server, server.key, 'DELETE', `/api-keys/${gone.id}`)).status, 200);
    await until(end);
    const after = await list();
    for (const { id } of [short, gone]) assert.ok(!after.some((item) => item.id === id));
    const revoked = await rest(server, server.key, 'GET', `/api-keys/${gone.id}`);
    assert.ok(revoked.json.revoked_at, revoked.text);
    assert.equal((await rpc(server, gone.key, 'ping')).status, 401);
  });

  test('last_used_at follows the use', async () => {
    const { key, id } = await makeKey(server, server.tenant, { scopes: ['chat:read'] });
    assert.equal((await rest(server, server.key, 'GET', `/api-keys/${id}`)).json.last_used_at, null);
    await rpc(server, key, 'ping');
    const { items } = (await rest(server, server.key, 'GET', '/api-keys')).json;
    assert.ok(items.find((item) => item.id === id).last_used_at);
  });

  test('who has no scope for it is refused, and reading is not writing', async () => {
    const { key: looker } = await makeKey(server, server.tenant, { scopes: ['api_keys:read'] });
    assert.equal((await rest(server, looker, 'GET', '/api-keys')).status, 200);
    for (const key of [looker, reader.key]) {
      assert.equal((await rest(server, key, 'POST', '/api-keys', { name: 'x', scopes: ['projects:read'] })).status, 403);
      assert.equal((await rest(server, key, 'DELETE', `/api-keys/${reader.id}`)).status, 403);
    }
    assert.equal((await rest(server, reader.key, 'GET', '/api-keys')).status, 403);
  });
});
