// The contract of Navis Ops, row by row.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { sampleArguments } from '../clients/walk.mjs';
import {
  assertExplained, call, called, challengeOf, elsewhere, flipLast, inSeconds, makeKey, product, request, rest, rpc, toolsOf, until,
} from '../harness/contract.mjs';
import { startBrowser } from '../harness/browser.mjs';
import { bearer } from '../harness/http.mjs';
import { Person } from '../harness/person.mjs';
import { Agent, callback, personWith } from '../oauth/agent.mjs';

const server = await product('navis');
const writer = await makeKey(server, server.tenant, { scopes: ['mcp:write'] });
const reader = await makeKey(server, server.tenant, { scopes: ['mcp:read'] });

const message = (method, params = {}) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
const send = (headers, method = 'tools/list', { path = '/mcp', params, agent } = {}) => request(`${server.url}${path}`, {
  method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: message(method, params), agent,
});
const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'e2e', version: '1' } };

describe('V1 Authorization: Bearer, and nothing else', () => {
  test('over MCP and REST alike', async () => {
    assert.equal((await send(bearer(server.key))).status, 200);
    assert.equal((await request(`${server.url}/api/v1/tasks`, { headers: bearer(server.key) })).status, 200);
  });
  test('the scheme is matched without regard to case', async () => {
    assert.equal((await send({ authorization: `bearer ${server.key}` })).status, 200);
  });
  test('the key begins with nops_', () => assert.match(server.key, /^nops_[A-Za-z0-9]+$/));
  test('another header is no credential', async () => {
    assert.equal((await send({ 'x-api-key': server.key })).status, 401);
    assert.equal((await send({ authorization: server.key })).status, 401);
    assert.equal((await send({ authorization: `Basic ${btoa(`${server.key}:`)}` })).status, 401);
  });
});

describe('V2 a call straight away', () => {
  for (const path of ['/mcp', '/functions/v1/mcp-server-v2']) {
    test(`tools/list without initialize, on ${path}`, async () => {
      const answer = await send(bearer(server.key), 'tools/list', { path });
      assert.equal(answer.status, 200, answer.text);
      assert.ok(answer.json.result.tools.length > 20);
    });
  }
  test('initialize is allowed before authentication', async () => {
    const answer = await send({}, 'initialize', { params: initialize });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.result.protocolVersion, initialize.protocolVersion);
    assert.ok(!answer.text.includes(server.tenant));
  });
  test('and lets nobody in: all else needs the key', async () => {
    for (const method of ['tools/list', 'tools/call', 'resources/list', 'prompts/list']) {
      assert.equal((await send({}, method)).status, 401, method);
    }
  });
});

describe('V3 keys: name, scope, optional expiry, shown once', () => {
  test('over REST', async () => {
    const made = await rest(server, server.key, 'POST', '/keys', { name: 'Claude Desktop', scopes: ['mcp:read'] });
    assert.equal(made.status, 201, made.text);
    assert.match(made.json.key, /^nops_/);
    assert.equal(made.json.name, 'Claude Desktop');
    assert.deepEqual(made.json.scopes, ['mcp:read']);
    assert.equal(made.json.expires_at, null, 'none by default');
    assert.equal(made.headers['cache-control'], 'no-store');
    assert.equal((await send(bearer(made.json.key))).status, 200);
    const again = await rest(server, server.key, 'GET', `/keys/${made.json.id}`);
    const all = await rest(server, server.key, 'GET', '/keys');
    for (const { text } of [again, all]) assert.ok(!text.includes(made.json.key));
    assert.equal(again.json.name, 'Claude Desktop');
    assert.equal(again.headers.location ?? made.headers.location, `/api/v1/keys/${made.json.id}`);
  });

  test('an expiry ends it', async () => {
    const end = inSeconds(2);
    const made = await rest(server, server.key, 'POST', '/keys', { name: 'CI pipeline', scopes: ['mcp:read'], expires_at: end });
    assert.equal(made.status, 201, made.text);
    assert.equal(new Date(made.json.expires_at).getTime(), new Date(end).getTime());
    assert.equal((await send(bearer(made.json.key))).status, 200);
    await until(end);
    assert.equal((await send(bearer(made.json.key))).status, 401);
  });

  test('a mistake is named', async () => {
    for (const [body, word] of [
      [{ scopes: ['mcp:read'] }, /name/], [{ name: 'x', scopes: ['mcp:all'] }, /mcp:all/], [{ name: 'x', scopes: [] }, /scope/],
      [{ name: 'x', expires_at: 'tomorrow' }, /expires_at/], [{ name: 'x', expires_at: '2020-01-01T00:00:00Z' }, /expire|past/],
      [{ name: 'x', scope: 'mcp:read' }, /scope/],
    ]) {
      const answer = await rest(server, server.key, 'POST', '/keys', body);
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.json.error, 'invalid_request');
      assert.match(answer.json.message, word);
    }
  });

  test('it can be named anew and rotated', async () => {
    const made = await makeKey(server, server.tenant, { scopes: ['mcp:read'] });
    const renamed = await rest(server, server.key, 'PATCH', `/keys/${made.id}`, { name: 'Nightly' });
    assert.equal(renamed.json.name, 'Nightly', renamed.text);
    const next = await rest(server, server.key, 'POST', `/keys/${made.id}/rotate`, { overlap: '24h' });
    assert.equal(next.status, 201, next.text);
    assert.deepEqual(next.json.scopes, ['mcp:read']);
    for (const key of [made.key, next.json.key]) assert.equal((await send(bearer(key))).status, 200);
    const hours = (new Date((await rest(server, server.key, 'GET', `/keys/${made.id}`)).json.expires_at) - Date.now()) / 3_600_000;
    assert.ok(hours > 23.9 && hours <= 24, String(hours));
  });
});

const isRead = (tool) => tool.annotations?.readOnlyHint === true;

describe('V4 mcp:read and mcp:write', () => {
  test('a read key lists the read tools and calls each of them', async () => {
    const all = await toolsOf(server, writer.key);
    const seen = (await toolsOf(server, reader.key)).map(({ name }) => name);
    assert.deepEqual(seen, all.filter(isRead).map(({ name }) => name));
    for (const tool of all.filter(isRead)) {
      const { status } = await call(server, reader.key, tool.name, sampleArguments(tool.inputSchema, 'x'));
      assert.equal(status, 200, tool.name);
    }
  });

  test('and is refused every write tool', async () => {
    const writes = (await toolsOf(server, writer.key)).filter((tool) => !isRead(tool));
    assert.ok(writes.length >= 18);
    for (const tool of writes) {
      const answer = await call(server, reader.key, tool.name, sampleArguments(tool.inputSchema, 'x'));
      assert.equal(answer.status, 403, tool.name);
    }
    assert.equal((await rest(server, reader.key, 'POST', '/tasks', { title: 'x' })).status, 403);
  });

  test('write implies read, and grants every write operation', async () => {
    for (const tool of await toolsOf(server, writer.key)) {
      const { status } = await call(server, writer.key, tool.name, sampleArguments(tool.inputSchema, 'x'));
      assert.equal(status, 200, tool.name);
    }
    const { id } = await called(server, writer.key, 'create_task', { title: 'Ours' });
    assert.equal((await called(server, reader.key, 'get_task', { id })).title, 'Ours');
  });

  test('a read key cannot make a write key', async () => {
    for (const [path, body] of [['/keys', { name: 'x', scopes: ['mcp:write'] }], ['/keys/narrow', { scopes: ['mcp:write'] }]]) {
      assert.equal((await rest(server, reader.key, 'POST', path, body)).status, 403, path);
    }
  });
});

describe('V5 401', () => {
  const agent = elsewhere();
  const unauthorized = { error: 'unauthorized', message: 'Missing or invalid authorization token.' };
  const causes = {
    'the header is missing': async () => ({}),
    'the token was revoked': async () => {
      const made = await makeKey(server, server.tenant);
      await server.admin('key', 'revoke', made.id);
      return bearer(made.key);
    },
    'the token has a typo': async () => bearer(flipLast(server.key)),
    'the token was truncated': async () => bearer(server.key.slice(0, -3)),
    'the placeholder was not replaced': async () => bearer('nops_your_token_here'),
  };
  for (const [cause, headers] of Object.entries(causes)) {
    test(`where ${cause}`, async () => {
      const credential = await headers();
      for (const answer of [
        await send(credential, 'tools/list', { agent }), await request(`${server.url}/api/v1/tasks`, { headers: credential, agent }),
      ]) {
        assert.equal(answer.status, 401, answer.text);
        assert.deepEqual(answer.json, unauthorized);
        assert.equal(challengeOf(answer).error, credential.authorization && 'invalid_token');
      }
    });
  }

  test('the challenge points at the discovery document', async () => {
    const { resource_metadata: pointer } = challengeOf(await send({}));
    assert.ok(pointer, 'WWW-Authenticate has no resource_metadata');
    const document = await request(pointer);
    assert.equal(document.status, 200, document.text);
    assert.equal(document.json.resource, `${server.url}/mcp`);
    assert.deepEqual(document.json.bearer_methods_supported, ['header']);
  });
});

test('V6 403 names the scope, in the body and in the challenge', async () => {
  const denied = await call(server, reader.key, 'create_task', { title: 'x' });
  for (const answer of [denied, await rest(server, reader.key, 'POST', '/tasks', { title: 'x' })]) {
    assert.equal(answer.status, 403, answer.text);
    assert.deepEqual(answer.json, { error: 'forbidden', message: 'This operation requires the mcp:write scope.' });
    const { error, scope } = challengeOf(answer);
    assert.deepEqual({ error, scope }, { error: 'insufficient_scope', scope: 'mcp:write' });
  }
  await assertExplained(server, writer.key, denied, {
    reason: 'insufficient_scope', tool: 'create_task', scope_needed: 'mcp:write', scopes_held: ['mcp:read'],
  });
});

describe('V8 the list of keys, over REST', () => {
  test('shows name, scope, created, expires and last used', async () => {
    const made = await rest(server, server.key, 'POST', '/keys', { name: 'Script', scopes: ['mcp:read'], expires_in: '30d' });
    const find = async () => (await rest(server, server.key, 'GET', '/keys')).json.items.find(({ id }) => id === made.json.id);
    const before = await find();
    assert.equal(before.name, 'Script');
    assert.deepEqual(before.scopes, ['mcp:read']);
    assert.ok(Math.abs(new Date(before.created_at) - Date.now()) < 60_000);
    assert.ok(new Date(before.expires_at) > Date.now() + 29 * 86_400_000);
    assert.equal(before.last_used_at, null);
    assert.equal((await send(bearer(made.json.key))).status, 200);
    assert.ok(Math.abs(new Date((await find()).last_used_at) - Date.now()) < 60_000);
  });

  test('Revoke is immediate: the next request is 401, and the key leaves the list', async () => {
    const { key, id } = await makeKey(server, server.tenant, { scopes: ['mcp:read'] });
    assert.equal((await send(bearer(key))).status, 200);
    const revoked = await rest(server, server.key, 'POST', `/keys/${id}/revoke`);
    assert.equal(revoked.status, 200, revoked.text);
    assert.equal((await send(bearer(key))).status, 401);
    const { items } = (await rest(server, server.key, 'GET', '/keys')).json;
    assert.ok(!items.some((item) => item.id === id));
    const all = (await rest(server, server.key, 'GET', '/keys?state=revoked')).json.items;
    assert.equal(all.find((item) => item.id === id)?.state, 'revoked');
  });

  test('whoever holds a key can end it', async () => {
    const { key } = await makeKey(server, server.tenant, { scopes: ['mcp:read'] });
    assert.equal((await rest(server, key, 'DELETE', '/keys/self')).status, 200);
    assert.equal((await send(bearer(key))).status, 401);
  });
});

describe('V10 client configuration', () => {
  test('a static header and the URL are all that an AI client needs', async () => {
    const entry = { url: `${server.url}/functions/v1/mcp-server-v2`, headers: { Authorization: `Bearer ${reader.key}` } };
    const client = new Client({ name: 'e2e', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(entry.url), { requestInit: { headers: entry.headers } }));
    assert.ok((await client.listTools()).tools.length > 10);
    const found = await client.callTool({ name: 'get_contact_by_email', arguments: { email: 'ada@navis.example' } });
    assert.equal(found.structuredContent.name, 'Ada Berg');
    await client.close();
  });

  test('and all that a generic HTTP client needs', async () => {
    const answer = await fetch(server.mcp, {
      method: 'POST', headers: { Authorization: `Bearer ${reader.key}`, 'Content-Type': 'application/json' }, body: message('tools/list'),
    });
    assert.equal(answer.status, 200);
    assert.ok((await answer.json()).result.tools.length > 10);
  });

  test('the server says both when it starts', () => {
    assert.equal(server.ready.mcp, `${server.url}/mcp`);
    assert.match(server.ready.key, /^nops_/);
  });
});

test('V9 (keys) after Revoke the next request is 401, on a connection that is open', async () => {
  const { key, id } = await makeKey(server, server.tenant, { scopes: ['mcp:write'] });
  const agent = elsewhere();
  for (let i = 0; i < 5; ++i) assert.equal((await send(bearer(key), 'tools/list', { agent })).status, 200);
  await server.admin('key', 'revoke', id);
  assert.equal((await send(bearer(key), 'tools/list', { agent })).status, 401);
  assert.equal((await rpc(server, key, 'ping')).status, 401);
});

describe('V7 OAuth 2.1 is handled by the client', async () => {
  const browser = await startBrowser();
  const agent = new Agent('Claude', 'v1', server.mcp, await callback());
  const person = personWith(browser, server.console);
  const me = new Person(server);
  const connections = async () => (await me.rest('GET', '/connections')).json.items;
  const refresh = (token) => request(`${server.url}/oauth/token`, {
    method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, client_id: agent.clientInformation().client_id }).toString(),
  });

  test('from the address alone: sign in, review the scopes, approve', async () => {
    await agent.authorize(person.decide('approve'));
    assert.deepEqual(person.pages, ['sign-in', 'consent']);
    for (const shown of ['Claude', 'Read', 'Read + Write', 'Approve', 'Deny']) assert.ok(person.lastPage.includes(shown), shown);
    const client = await agent.connect(() => assert.fail('it has a token'));
    assert.ok((await client.listTools()).tools.length > 10);
    await client.close();
    assert.equal(agent.tokens().expires_in, 3600);
  });

  test('the refresh token is rotated, and the new access token is as good', async () => {
    const { status, json } = await refresh(agent.tokens().refresh_token);
    assert.equal(status, 200);
    assert.notEqual(json.refresh_token, agent.tokens().refresh_token);
    assert.equal((await send(bearer(json.access_token))).status, 200);
    agent.saveTokens(json);
  });

  test('V8 (clients) it is shown with its scopes and when it was used', async () => {
    await me.signIn(server.console.email, server.console.password);
    const [shown, ...others] = await connections();
    assert.deepEqual(others, []);
    assert.equal(shown.name, 'Claude');
    assert.deepEqual(shown.scopes, ['mcp:read', 'mcp:write']);
    assert.ok(shown.first_approved_at && shown.last_used_at && shown.host);
  });

  test('V9 (OAuth) after Disconnect the next request is 401, and the refresh token is dead', async () => {
    const { access_token: access, refresh_token: token } = agent.tokens();
    assert.equal((await send(bearer(access))).status, 200);
    assert.equal((await me.rest('DELETE', `/connections/${(await connections())[0].id}`)).status, 200);
    assert.equal((await send(bearer(access))).status, 401);
    const refused = await refresh(token);
    assert.equal(refused.status, 400);
    assert.equal(refused.json.error, 'invalid_grant');
    assert.deepEqual(await connections(), []);
  });
});
