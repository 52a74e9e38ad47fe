// The contract of Nippy, row by row.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
  assertExplained, assertNotThere, call, called, challengeOf, damage, elsewhere, flipLast, inSeconds, logged, makeKey, neighbour,
  product, request, rest, rpc, toolsOf, until,
} from '../harness/contract.mjs';
import { post } from '../harness/mcp.mjs';

const server = await product('nippy');
const other = await neighbour(server, 'Rival');

const listTools = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
const withKey = (key, name = 'X-API-Key') => ({ [name]: key });
// As the page shows it: the key in X-API-Key, and nothing that an MCP client would add.
const plainPost = (headers, message = listTools, agent) => request(server.mcp, {
  method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(message), agent,
});

describe('N1 the key in X-API-Key', () => {
  test('is an authenticated call', async () => {
    const answer = await plainPost(withKey(server.key));
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.json.result.tools.length > 20);
  });

  for (const name of ['x-api-key', 'X-Api-Key', 'x-API-kEY']) {
    test(`the header is matched without regard to case: ${name}`, async () => {
      assert.equal((await plainPost(withKey(server.key, name))).status, 200);
    });
  }

  test('a header without its dashes is no such header', async () => {
    assert.equal((await plainPost(withKey(server.key, 'xapikey'))).status, 401);
  });

  test('the key has the documented form', () => assert.match(server.key, /^npk_[A-Za-z0-9]{8,}$/));
});

describe('N2 the key resolves the business', () => {
  test('no tool takes the business as an argument', async () => {
    for (const { name, inputSchema } of await toolsOf(server, server.key)) {
      for (const argument of Object.keys(inputSchema.properties ?? {})) {
        assert.doesNotMatch(argument, /business|tenant|workspace|account_?id/i, name);
      }
    }
  });

  test('no answer shows its id, and neither does any error', async () => {
    const texts = [];
    const note = ({ text, rawHeaders }) => texts.push(text, rawHeaders.join('\n'));
    const tools = await toolsOf(server, server.key);
    texts.push(JSON.stringify(tools));
    for (const tool of tools.filter(({ annotations }) => annotations?.readOnlyHint)) note(await call(server, server.key, tool.name));
    note(await call(server, server.key, 'supply_delete_withdrawal', { id: 'x' }));
    note(await call(server, server.key, 'no_such_tool'));
    note(await rpc(server, server.key, 'initialize', {
      protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'e2e', version: '1' },
    }));
    for (const path of ['/roulettes', '/keys', '/keys/verify', '/whoami', '/roulettes/none', '/nothing', '/keys/none']) {
      note(await rest(server, server.key, 'GET', path));
    }
    const made = await rest(server, server.key, 'POST', '/keys', { name: 'seen' });
    assert.equal(made.status, 201, made.text);
    note(made);
    note(await rest(server, server.key, 'POST', `/keys/${made.json.id}/revoke`));
    note(await plainPost({}));
    note(await plainPost(withKey(made.json.key)));
    assert.ok(texts.length > 30);
    for (const text of texts) assert.ok(!text.includes(server.tenant), text);
  });
});

// As the page shows it.
const credentials = (key) => ({ grant_type: 'client_credentials', client_id: 'my-integration', client_secret: key });
const tokenFor = (key) => request(`${server.url}/oauth/token`, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(credentials(key)),
});

describe('N3 POST /oauth/token', () => {
  const assertToken = ({ status, text, headers, json }) => {
    assert.equal(status, 200, text);
    assert.equal(headers['cache-control'], 'no-store');
    assert.deepEqual([json.token_type, json.expires_in], ['Bearer', 3600]);
    assert.equal(json.refresh_token, undefined);
    const [header, payload] = json.access_token.split('.').slice(0, 2).map((part) => Buffer.from(part, 'base64url').toString());
    assert.equal(JSON.parse(header).alg, 'HS256');
    assert.doesNotMatch(payload, new RegExp(`${server.tenant}|business`, 'i'));
  };

  test('a JSON body with the key as client_secret is answered with a token', async () => assertToken(await tokenFor(server.key)));

  test('and so is the form of RFC 6749', async () => {
    assertToken(await request(`${server.url}/oauth/token`, {
      method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(credentials(server.key)).toString(),
    }));
  });

  test('the key that signs with HS256 is published nowhere', async () => {
    assert.deepEqual((await request(`${server.url}/.well-known/jwks.json`)).json, { keys: [] });
  });

  test('another secret is answered with 401', async () => {
    const { status, json } = await tokenFor(flipLast(server.key));
    assert.deepEqual([status, json.error], [401, 'invalid_client']);
  });
});

describe('N4 that token as Authorization: Bearer', () => {
  test('has the business and the rights of its key', async () => {
    const token = (await tokenFor(server.key)).json.access_token;
    const names = async (key) => (await toolsOf(server, key)).map(({ name }) => name);
    assert.deepEqual(await names(token), await names(server.key));
    const { id } = await called(server, token, 'roulettes_create_item', { name: 'By a token' });
    const seen = await call(server, server.key, 'roulettes_list_roulette_items');
    assert.match(seen.text, new RegExp(id));
    assert.doesNotMatch((await call(server, other.key, 'roulettes_list_roulette_items')).text, new RegExp(id));
  });

  test('dies when the key is revoked, at once', async () => {
    const made = await makeKey(server, server.tenant);
    const token = (await tokenFor(made.key)).json.access_token;
    assert.equal((await plainPost({ Authorization: `Bearer ${token}` })).status, 200);
    await server.admin('key', 'revoke', made.id);
    assert.equal((await plainPost({ Authorization: `Bearer ${token}` })).status, 401);
    assert.equal((await tokenFor(made.key)).status, 401);
  });

  test('dies when the key expires', async () => {
    const end = inSeconds(3);
    const made = await makeKey(server, server.tenant, { more: ['--expires', end] });
    const { access_token, expires_in } = (await tokenFor(made.key)).json;
    assert.ok(expires_in <= 3);
    assert.equal((await plainPost({ Authorization: `Bearer ${access_token}` })).status, 200);
    await until(end);
    assert.equal((await plainPost({ Authorization: `Bearer ${access_token}` })).status, 401);
  });
});

describe("N7 another business's data cannot be reached, even with its id", () => {
  const theirs = {};
  before(async () => {
    theirs.roulette = await called(server, other.key, 'roulettes_create_roulette', { name: 'Rival wheel' });
    theirs.flow = await called(server, other.key, 'flows_create_flow', { slug: 'rival-flow', name: 'Rival' });
  });

  test('by a tool', async () => {
    assertNotThere(await call(server, server.key, 'roulettes_get_roulette', { roulette_id: theirs.roulette.id }));
    assertNotThere(await call(server, server.key, 'flows_get_flow_by_slug', { slug: 'rival-flow' }));
    assert.equal((await called(server, other.key, 'roulettes_get_roulette', { roulette_id: theirs.roulette.id })).name, 'Rival wheel');
  });

  test('over REST, for reading and for writing', async () => {
    const path = `/roulettes/${theirs.roulette.id}`;
    assert.equal((await rest(server, other.key, 'GET', path)).status, 200);
    assert.equal((await rest(server, server.key, 'GET', path)).status, 404);
    assert.equal((await rest(server, server.key, 'PATCH', path, { name: 'Mine' })).status, 404);
    assert.equal((await rest(server, server.key, 'DELETE', path)).status, 404);
    assert.equal((await rest(server, other.key, 'GET', path)).json.name, 'Rival wheel');
  });

  test('not with its id as an argument, in the query or in a header', async () => {
    for (const args of [{ business_id: other.tenant }, { filter: { business_id: other.tenant } }]) {
      const { text } = await call(server, server.key, 'roulettes_list_roulettes', args);
      assert.doesNotMatch(text, /Rival/);
    }
    const answer = await rest(server, server.key, 'GET', `/roulettes?business_id=${other.tenant}`, undefined, {
      'x-business-id': other.tenant, 'x-tenant-id': other.tenant,
    });
    assert.doesNotMatch(answer.text, /Rival/);
  });

  test("and neither can its keys and denials: not found, as if there were none", async () => {
    const none = await rest(server, server.key, 'GET', '/keys/11111111-1111-4111-8111-111111111111');
    for (const [method, path] of [['GET', ''], ['PATCH', ''], ['DELETE', ''], ['POST', '/revoke'], ['POST', '/rotate']]) {
      const answer = await rest(server, server.key, method, `/keys/${other.id}${path}`, method === 'PATCH' ? { name: 'x' } : undefined);
      assert.equal(answer.status, 404, `${method} ${path}: ${answer.text}`);
      assert.equal(answer.json.detail, none.json.detail);
    }
    const denied = await call(server, other.key, 'supply_delete_withdrawal', { id: 'x' });
    const id = denied.headers['x-request-id'];
    assert.equal((await rest(server, other.key, 'GET', `/denials/${id}`)).status, 200);
    assert.equal((await rest(server, server.key, 'GET', `/denials/${id}`)).status, 404);
  });
});

describe('N8 Roulettes, Supply, Learning and Flows', () => {
  const documented = [
    'roulettes_list_roulettes', 'roulettes_get_roulette', 'roulettes_list_roulette_items', 'roulettes_propose_item',
    'roulettes_create_item', 'supply_list_stocks', 'supply_list_nippy_center_stocks', 'supply_get_low_stock_alerts',
    'supply_get_withdrawal_history', 'supply_list_nippy_centers', 'flows_list_flows', 'flows_get_flow_stats', 'flows_get_flow_by_slug',
  ];

  test('have the documented tools, and Learning a family', async () => {
    const names = (await toolsOf(server, server.key)).map(({ name }) => name);
    for (const name of documented) assert.ok(names.includes(name), name);
    assert.ok(names.filter((name) => name.startsWith('learning_')).length > 1);
  });

  test('every list shows the rows of the own business and of no other', async () => {
    const empty = await neighbour(server, 'Empty');
    const lists = (await toolsOf(server, server.key)).filter(({ name }) => /_list_|_history$|_alerts$|_stats$/.test(name));
    assert.ok(lists.length >= 10);
    for (const { name, inputSchema } of lists) {
      const args = Object.fromEntries((inputSchema.required ?? []).map((argument) => [argument, 'first-delivery']));
      assert.ok((await called(server, server.key, name, args)).items.length > 0, `${name} shows what the demo begins with`);
      assert.deepEqual((await called(server, empty.key, name, args)).items, [], name);
    }
  });

  test('what one creates, the other does not see', async () => {
    const { id } = await called(server, server.key, 'roulettes_create_item', { name: 'Only ours', available_stock: 1 });
    assert.ok(id);
    const seen = await called(server, other.key, 'roulettes_list_roulette_items');
    assert.ok(!JSON.stringify(seen).includes('Only ours'));
    await called(server, other.key, 'roulettes_create_item', { name: 'Only ours', available_stock: 2 });
  });

  test('propose_* previews and writes nothing', async () => {
    const proposals = (await toolsOf(server, server.key)).filter(({ name }) => name.includes('_propose_'));
    assert.ok(proposals.length >= 4);
    for (const { name, annotations } of proposals) assert.equal(annotations?.readOnlyHint, true, name);
    const items = () => called(server, server.key, 'roulettes_list_roulette_items', { limit: 100 });
    const before = await items();
    const preview = await called(server, server.key, 'roulettes_propose_item', { name: 'Kite', available_stock: 3 });
    assert.equal(preview.row.name, 'Kite');
    assert.equal(preview.row.id, undefined);
    assert.deepEqual(await items(), before);
    const wrong = await call(server, server.key, 'roulettes_propose_item', { name: 'Kite', available_stock: 'three' });
    assert.equal(wrong.json.result.isError, true, 'a proposal is checked as the creation would be');
  });

  test('alerts are the low stock alone', async () => {
    const { items } = await called(server, server.key, 'supply_get_low_stock_alerts');
    assert.ok(items.length > 0);
    for (const item of items) assert.ok(item.current_stock < item.min_stock_alert, JSON.stringify(item));
  });

  test('stocks and withdrawals of one center', async () => {
    for (const name of ['supply_list_nippy_center_stocks', 'supply_get_withdrawal_history']) {
      const { items } = await called(server, server.key, name, { nippy_center_id: 'gdl-centro' });
      assert.ok(items.length > 0);
      for (const item of items) assert.equal(item.nippy_center_id, 'gdl-centro');
    }
  });
});

function assertUnauthorized(answer) {
  assert.equal(answer.status, 401, answer.text);
  const { request_id, ...body } = answer.json;
  assert.deepEqual(body, { error: 'unauthorized', detail: 'Unauthorized' });
  assert.equal(request_id, answer.headers['x-request-id']);
  challengeOf(answer);
}

describe('N10 401 Unauthorized', () => {
  const bad = {};
  const agent = elsewhere();
  before(async () => {
    const revoked = await makeKey(server, server.tenant);
    await server.admin('key', 'revoke', revoked.id);
    const end = inSeconds(2);
    const short = await makeKey(server, server.tenant, { more: ['--expires', end] });
    Object.assign(bad, {
      invalid: flipLast(server.key), malformed: 'npk_xxxxxxxx', 'of another product': 'sk_live_0123456789', empty: '',
      revoked: revoked.key, expired: short.key,
    });
    await until(end);
  });

  test('where the header is missing', async () => assertUnauthorized(await plainPost({})));
  for (const kind of ['invalid', 'malformed', 'of another product', 'empty', 'revoked', 'expired']) {
    test(`where the key is ${kind}, over MCP and REST`, async () => {
      assertUnauthorized(await plainPost(withKey(bad[kind]), listTools, agent));
      assertUnauthorized(await request(`${server.url}/api/v1/roulettes`, { headers: withKey(bad[kind]), agent }));
    });
  }
});

function assertForbidden(answer) {
  assert.equal(answer.status, 403, answer.text);
  const { request_id, ...body } = answer.json;
  assert.deepEqual(body, { error: 'forbidden', detail: 'Key does not have access to this tool' });
  assert.equal(request_id, answer.headers['x-request-id']);
}

describe('N11 403 Forbidden: a valid key without permission', () => {
  test('for a tool that no key may call', async () => {
    const names = (await toolsOf(server, server.key)).map(({ name }) => name);
    assert.ok(!names.includes('supply_delete_withdrawal'));
    const { items } = await called(server, server.key, 'supply_get_withdrawal_history');
    const denied = await call(server, server.key, 'supply_delete_withdrawal', { id: items[0].id });
    assertForbidden(denied);
    assertForbidden(await rest(server, server.key, 'DELETE', `/withdrawals/${items[0].id}`));
    assert.equal((await called(server, server.key, 'supply_get_withdrawal_history')).items.length, items.length);
    await assertExplained(server, server.key, denied, { reason: 'rule', rule: 'withdrawals_are_final' });
  });

  test('for a tool that this key was narrowed away from', async () => {
    const narrowed = await rest(server, server.key, 'POST', '/keys/narrow', { tools: ['flows_list_flows'] });
    assert.equal(narrowed.status, 201, narrowed.text);
    const { key } = narrowed.json;
    assert.deepEqual((await toolsOf(server, key)).map(({ name }) => name), ['flows_list_flows']);
    assert.ok((await called(server, key, 'flows_list_flows')).items.length > 0);
    assertForbidden(await call(server, key, 'roulettes_list_roulettes'));
  });
});

describe('N12 400 for a valid key that is tied to no business', () => {
  const message = 'ValueError: MCP tools require tenant-bound auth (npk_* key or OAuth Bearer)';
  let platform;
  before(async () => (platform = await server.admin('key', 'create', '--kind', 'platform', '--name', 'platform')));

  for (const method of ['tools/list', 'tools/call', 'initialize']) {
    test(method, async () => {
      const answer = await plainPost(withKey(platform.key), { jsonrpc: '2.0', id: 1, method, params: { name: 'flows_list_flows' } });
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.json.detail, message);
      assert.equal(answer.json.request_id, answer.headers['x-request-id']);
    });
  }

  test('it is not an npk_ key', () => assert.ok(!platform.key.startsWith('npk_')));

  test('and reaches no data over REST', async () => {
    const answer = await rest(server, platform.key, 'GET', '/roulettes');
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json.detail, message);
  });
});

describe('N13 429, 500, and a request id in every error', () => {
  test('429 when there are too many calls, with Retry-After', async () => {
    const { key } = await makeKey(server, other.tenant);
    let refused;
    for (let sent = 0; !refused && sent < 1000; sent += 20) {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) =>
        call(server, key, 'roulettes_create_item', { name: `item ${sent + i}` })));
      refused = answers.find(({ status }) => status !== 200);
    }
    assert.equal(refused?.status, 429, refused?.text);
    assert.equal(refused.json.error, 'too_many_requests');
    assert.equal(refused.json.request_id, refused.headers['x-request-id']);
    assert.ok(Number(refused.headers['retry-after']) >= 1);
    assert.match(refused.headers['ratelimit-policy'], /q=120;w=60/);
    assert.match(refused.headers.ratelimit, /r=0/);
    // The limit is on creations, and on this key.
    assert.equal((await call(server, key, 'flows_list_flows')).status, 200);
    assert.equal((await call(server, server.key, 'roulettes_propose_item', { name: 'x' })).status, 200);
    await assertExplained(server, key, refused, { reason: 'rate_limited' });
  });

  test('500 with request_id when our side is broken', async () => {
    const broken = await neighbour(server, 'Broken');
    await damage(server, broken.tenant, 'lessons');
    const answer = await rest(server, broken.key, 'GET', '/lessons');
    assert.ok([500, 503].includes(answer.status), `${answer.status} ${answer.text}`);
    assert.ok(answer.json.request_id);
    assert.equal(answer.json.request_id, answer.headers['x-request-id']);
    await logged(server, answer.json.request_id);
    assert.ok(!answer.text.includes(broken.tenant));
  });

  test('every error carries a request id, and the audit log knows that of each denial', async () => {
    const errors = {
      401: await plainPost({}),
      403: await call(server, server.key, 'supply_delete_withdrawal', { id: 'x' }),
      404: await rest(server, server.key, 'GET', '/nothing'),
      405: await rest(server, server.key, 'PUT', '/roulettes'),
      400: await rest(server, server.key, 'POST', '/keys', { name: 7 }),
      415: await rest(server, server.key, 'POST', '/keys', 'name=x', { 'content-type': 'text/plain' }),
    };
    for (const [status, answer] of Object.entries(errors)) {
      assert.equal(answer.status, Number(status), answer.text);
      assert.ok(answer.json.request_id, `${status}: ${answer.text}`);
      assert.equal(answer.json.request_id, answer.headers['x-request-id']);
      assert.equal(typeof answer.json.error, 'string');
      assert.equal(typeof answer.json.detail, 'string');
    }
    const audit = JSON.stringify(await server.admin('audit', 'tail', '-n', '100'));
    for (const status of [401, 403]) assert.ok(audit.includes(errors[status].json.request_id), String(status));
    assert.ok(!audit.includes(server.key));
    assert.equal((await server.admin('audit', 'verify')).intact, true);
  });

  test('also where the request is too large to be read', async () => {
    const large = await rest(server, server.key, 'POST', '/roulettes', { name: 'x'.repeat(2_000_000) });
    assert.equal(large.status, 413);
    const head = await rest(server, server.key, 'GET', '/roulettes', undefined, { 'x-large': 'x'.repeat(20_000) });
    assert.equal(head.status, 431);
    for (const { text, json } of [large, head]) {
      assert.ok(json.request_id, text);
      assert.equal(typeof json.error, 'string');
      assert.equal(typeof json.detail, 'string');
    }
  });

  test('an error of the protocol has a request id too', async () => {
    const answer = await post(server, server.key, '{"jsonrpc":"2.0",');
    assert.equal(answer.status, 400);
    assert.ok(answer.headers['x-request-id'], answer.text);
  });
});

test('N14 a documentation index at /llms.txt lists the pages that the server carries', async () => {
  const index = await request(`${server.url}/llms.txt`);
  assert.equal(index.status, 200, index.text);
  assert.match(index.headers['content-type'], /^text\/(plain|markdown); charset=utf-8$/);
  assert.match(index.text, /^# /);
  const links = [...index.text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => new URL(link, server.url));
  assert.ok(links.length > 0);
  for (const link of links.filter(({ origin }) => origin === new URL(server.url).origin)) {
    const page = await request(link);
    assert.equal(page.status, 200, `${link}: ${page.text}`);
    assert.ok(page.text.length > 0);
  }
});
