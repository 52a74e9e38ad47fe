// The contract of Noukai, row by row.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
  assertNotThere, call, called, elsewhere, flipLast, inSeconds, makeKey, neighbour, product, request, rest, rpc, stored, toolsOf,
  until,
} from '../harness/contract.mjs';
import { startBrowser } from '../harness/browser.mjs';
import { bearer } from '../harness/http.mjs';
import { Agent, callback, personWith } from '../oauth/agent.mjs';

const server = await product('noukai');
const tenants = await server.admin('tenant', 'list');
const demo = tenants.find(({ id }) => id === server.tenant);
const organization = tenants.find(({ id }) => id === demo.parent);
const inProject = (name, env = 'live') => neighbour(server, name, { parent: organization.id, more: ['--env', env] });
const form = /^nk_(live|test)_([A-Za-z0-9]{8})_([A-Za-z0-9]{32})$/;

const execute = (key, project, flow, headers = {}) => request(
  `${server.url}/api/v1/seq/${organization.slug}/${project}/${flow}/execute`,
  {
    method: 'POST', headers: { ...(key && bearer(key)), 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ message: '...', parameters: {} }),
  },
);

describe('K2 nk_{environment}_{key_id}_{secret}', () => {
  test('is what a key looks like, in either environment', async () => {
    const { key } = await inProject('Form', 'test');
    assert.equal(form.exec(server.key)[1], 'live');
    assert.equal(form.exec(key)[1], 'test');
  });

  const [, , id, secret] = form.exec(server.key);
  const wrong = {
    'another environment': `nk_prod_${id}_${secret}`,
    'the other environment': `nk_test_${id}_${secret}`,
    'no environment': `nk_${id}_${secret}`,
    'capitals in the environment': `nk_LIVE_${id}_${secret}`,
    'an id of 7': `nk_live_${id.slice(1)}_${secret}`,
    'an id of 9': `nk_live_${id}x_${secret}`,
    'a secret of 31': `nk_live_${id}_${secret.slice(1)}`,
    'a secret of 33': `nk_live_${id}_${secret}x`,
    'a sign that is neither letter nor digit': `nk_live_${id}_${secret.slice(1)}-`,
    'another secret': flipLast(server.key),
    'another prefix': server.key.replace('nk_', 'nx_'),
    "the page's own example": 'nk_live_Ab12CdEf_your32charsecrethere1234567890ab',
  };
  const agent = elsewhere();
  for (const [name, key] of Object.entries(wrong)) {
    test(`is parsed strictly: ${name} is 401`, async () => {
      assert.equal((await request(`${server.url}/api/v1/flows`, { headers: bearer(key), agent })).status, 401);
    });
  }

  test('the id may be shown; the secret is in no answer, log or file', async () => {
    const verified = await rest(server, server.key, 'GET', '/keys/verify');
    assert.equal(verified.json.key_id, id);
    const list = await rest(server, server.key, 'GET', '/keys');
    assert.ok(list.text.includes(id));
    const audit = JSON.stringify(await server.admin('audit', 'tail', '-n', '100'));
    for (const text of [verified.text, list.text, server.log, audit]) assert.ok(!text.includes(secret));
    const kept = await stored(server);
    assert.ok(kept.includes('Demo key'));
    assert.ok(!kept.includes(secret));
  });
});

describe('K4 creating a key', () => {
  test('answers 201 with all that the page names', async () => {
    const made = await rest(server, server.key, 'POST', '/keys', { environment: 'live', name: 'Production Server' });
    assert.equal(made.status, 201, made.text);
    const { key, key_id, project_id, organization_id, environment, name, created_at, created_by } = made.json;
    assert.equal(form.exec(key)[2], key_id);
    assert.equal(project_id, server.tenant);
    assert.equal(organization_id, organization.id);
    assert.deepEqual([environment, name], ['live', 'Production Server']);
    assert.ok(Math.abs(new Date(created_at) - Date.now()) < 60_000);
    assert.ok(created_by);
    assert.equal((await rest(server, key, 'GET', '/flows')).status, 200);
    const shown = await rest(server, server.key, 'GET', `/keys/${key_id}`);
    assert.equal(shown.status, 200, 'its public id names it too');
    assert.ok(!shown.text.includes(form.exec(key)[3]), 'the secret is shown once');
    assert.equal((await rest(server, server.key, 'DELETE', `/keys/${key_id}`)).status, 200);
  });

  test('in the environment of the key that makes it; an operator chooses', async () => {
    const { key } = await inProject('Sandbox', 'test');
    const made = await rest(server, key, 'POST', '/keys', { environment: 'test', name: 'Laptop' });
    assert.equal(made.status, 201, made.text);
    assert.match(made.json.key, /^nk_test_/);
    assert.equal((await rest(server, key, 'POST', '/keys', { environment: 'live', name: 'x' })).status, 403);
    assert.equal((await rest(server, key, 'POST', '/keys', { environment: 'staging', name: 'x' })).status, 400);
  });
});

describe('K6 at most 10 active keys in a project', () => {
  test('the 11th is refused with 429, whichever their environments', async () => {
    const project = await inProject('Full');
    for (let i = 0; i < 5; ++i) await makeKey(server, project.tenant, { more: ['--env', 'test'] });
    for (let i = 0; i < 4; ++i) {
      const made = await rest(server, project.key, 'POST', '/keys', { name: `live ${i}` });
      assert.equal(made.status, 201, made.text);
    }
    const refused = await rest(server, project.key, 'POST', '/keys', { name: 'eleventh' });
    assert.equal(refused.status, 429, refused.text);
    assert.match(refused.text, /10 active keys/);
    await assert.rejects(makeKey(server, project.tenant, { more: ['--env', 'live'] }), /10 active keys/, 'for the operator too');
    // Another project is not full.
    const sibling = await inProject('Not full');
    assert.equal((await rest(server, sibling.key, 'POST', '/keys', { name: 'second' })).status, 201);
  });

  test('and a key is not made active by being narrowed from another', async () => {
    const project = await inProject('Narrow');
    for (let i = 0; i < 9; ++i) await makeKey(server, project.tenant, { more: ['--env', 'live'] });
    await rest(server, project.key, 'POST', '/keys/narrow', { expires_in: '1h' });
    assert.ok((await rest(server, project.key, 'GET', '/keys')).json.items.length <= 10);
  });

  test('a key that was revoked or has expired leaves room', async () => {
    const project = await inProject('Room');
    const end = inSeconds(3);
    const create = (body) => rest(server, project.key, 'POST', '/keys', body);
    const first = await create({ name: 'first' });
    assert.equal((await create({ name: 'short', expires_at: end })).status, 201);
    for (let i = 0; i < 7; ++i) assert.equal((await create({ name: `${i}` })).status, 201);
    assert.equal((await create({ name: 'eleventh' })).status, 429);
    await rest(server, project.key, 'POST', `/keys/${first.json.id}/revoke`);
    assert.equal((await create({ name: 'instead of the first' })).status, 201);
    assert.equal((await create({ name: 'eleventh' })).status, 429);
    await until(end);
    assert.equal((await create({ name: 'instead of the short one' })).status, 201);
    assert.equal((await create({ name: 'eleventh' })).status, 429);
  });

  test('also under 64 concurrent creations', async () => {
    const project = await inProject('Race');
    const answers = await Promise.all(Array.from({ length: 64 }, (_, i) =>
      rest(server, project.key, 'POST', '/keys', { name: `racer ${i}` })));
    const made = answers.filter(({ status }) => status === 201);
    assert.equal(made.length, 9);
    for (const { status, text } of answers) assert.ok(status === 201 || status === 429, text);
    assert.equal((await rest(server, project.key, 'GET', '/keys')).json.items.length, 10);
    for (const { json } of made) assert.equal((await rest(server, json.key, 'GET', '/flows')).status, 200);
  });
});

test('K7 (same node) a revoked key is refused in the next request', async () => {
  const { key, id } = await inProject('Revoked');
  assert.equal((await rest(server, key, 'GET', '/flows')).status, 200);
  await server.admin('key', 'revoke', id);
  assert.equal((await rest(server, key, 'GET', '/flows')).status, 401);
  assert.equal((await rpc(server, key, 'tools/list')).status, 401);
});

describe('K8 an optional expiry at creation', () => {
  test('none unless said', async () => {
    assert.equal((await rest(server, server.key, 'GET', '/keys/verify')).json.expires_at, null);
  });

  test('is honoured to the second', async () => {
    const { key } = await inProject('Clock');
    const end = inSeconds(3);
    const made = await rest(server, key, 'POST', '/keys', { name: 'short', expires_at: end });
    assert.equal(new Date(made.json.expires_at).getTime(), new Date(end).getTime());
    let early = 0;
    for (let late = 0; late < 10;) {
      const sent = Date.now();
      const { status } = await rpc(server, made.json.key, 'ping');
      const answered = Date.now();
      if (answered < new Date(end)) {
        assert.equal(status, 200, `${new Date(end) - answered} ms before the end`);
        ++early;
      } else if (sent >= new Date(end)) {
        assert.equal(status, 401, `${sent - new Date(end)} ms after the end`);
        ++late;
      }
    }
    assert.ok(early > 0);
  });
});

describe('K9 a key reaches one project', () => {
  const theirs = {};
  before(async () => {
    Object.assign(theirs, await inProject('Project B'));
    theirs.flow = await called(server, theirs.key, 'create_flow', { slug: 'secret-flow', name: 'Theirs', status: 'published' });
  });

  test('not the flows of another, by tool, REST, id or slug', async () => {
    assertNotThere(await call(server, server.key, 'get_flow', { flow_id: theirs.flow.id }));
    assertNotThere(await call(server, server.key, 'get_flow_by_slug', { slug: 'secret-flow' }));
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { name: 'Ours' } : undefined;
      assert.equal((await rest(server, server.key, method, `/flows/${theirs.flow.id}`, body)).status, 404, method);
    }
    assert.ok(!(await rest(server, server.key, 'GET', '/flows')).text.includes('secret-flow'));
    assert.equal((await rest(server, theirs.key, 'GET', `/flows/${theirs.flow.id}`)).json.name, 'Theirs');
  });

  test('not the keys of another', async () => {
    for (const name of [theirs.id, form.exec(theirs.key)[2]]) {
      assert.equal((await rest(server, server.key, 'GET', `/keys/${name}`)).status, 404);
      assert.equal((await rest(server, server.key, 'POST', `/keys/${name}/revoke`)).status, 404);
    }
    assert.equal((await rest(server, theirs.key, 'GET', '/flows')).status, 200);
  });

  test('executing a flow answers not found, in its own path, in that of another, and in none', async () => {
    for (const [project, flow] of [[demo.slug, 'classify-intent'], [theirs.slug, 'secret-flow'], ['no-such-project', 'x']]) {
      assert.ok(project);
      const answer = await execute(server.key, project, flow);
      assert.equal(answer.status, 404, `${project}: ${answer.text}`);
      assert.ok(!answer.text.includes('Theirs'));
    }
  });

  test('a key to each project is how both are reached', async () => {
    const second = await makeKey(server, theirs.tenant, { more: ['--env', 'live'] });
    assert.equal((await called(server, second.key, 'get_flow_by_slug', { slug: 'secret-flow' })).id, theirs.flow.id);
  });

  test('an organization has no keys of its own', async () => {
    await assert.rejects(makeKey(server, organization.id, { more: ['--env', 'live'] }));
  });
});

describe('K10 live and test keys', () => {
  test('a test key reaches the sandbox data of its project, and a live key does not', async () => {
    const live = await inProject('Both');
    const sandbox = await makeKey(server, live.tenant, { more: ['--env', 'test'] });
    const other = await inProject('Other sandbox', 'test');
    const mine = await called(server, live.key, 'create_flow', { slug: 'same-slug', name: 'Production' });
    const trial = await called(server, sandbox.key, 'create_flow', { slug: 'same-slug', name: 'Trial' });
    for (const [key, own, foreign] of [[live.key, mine, trial], [sandbox.key, trial, mine]]) {
      assert.deepEqual((await called(server, key, 'list_flows')).items, [own]);
      assertNotThere(await call(server, key, 'get_flow', { flow_id: foreign.id }));
      assert.equal((await rest(server, key, 'DELETE', `/flows/${foreign.id}`)).status, 404);
      assert.equal((await called(server, key, 'get_flow_by_slug', { slug: 'same-slug' })).name, own.name);
    }
    assert.deepEqual((await called(server, other.key, 'list_flows')).items, []);
  });

  test('both see the same tools', async () => {
    const { key } = await inProject('Tools', 'test');
    assert.deepEqual(await toolsOf(server, key), await toolsOf(server, server.key));
  });
});

describe('K11 GET /api/v1/keys/verify', () => {
  test("answers the key's context", async () => {
    const { status, json, headers } = await rest(server, server.key, 'GET', '/keys/verify');
    assert.equal(status, 200);
    assert.equal(json.valid, true);
    assert.equal(json.key_id, form.exec(server.key)[2]);
    assert.equal(json.project_id, server.tenant);
    assert.equal(json.organization_id, organization.id);
    assert.equal(json.environment, 'live');
    assert.equal(json.name, 'Demo key');
    assert.equal(json.key, undefined);
    assert.equal(headers['cache-control'], 'no-store');
  });

  test('consumes no request', async () => {
    const { key } = await inProject('Verified');
    for (let i = 0; i < 30; ++i) {
      const { status, headers } = await rest(server, key, 'GET', '/keys/verify');
      assert.equal(status, 200);
      assert.equal(headers.ratelimit, undefined);
    }
    const first = await call(server, key, 'list_flows');
    assert.match(first.headers.ratelimit, /"key";r=599\b/);
  });

  test('is 401 for a key that is none, or ended', async () => {
    const agent = elsewhere();
    const { key, id } = await inProject('Ended');
    await server.admin('key', 'revoke', id);
    for (const bad of [key, flipLast(server.key)]) {
      assert.equal((await request(`${server.url}/api/v1/keys/verify`, { headers: bearer(bad), agent })).status, 401);
    }
  });
});

test('K3 MCP clients sign in through the browser, and need no key', async () => {
  const agent = new Agent('Agent', 'v2', server.mcp, await callback());
  const person = personWith(await startBrowser(), server.console);
  const client = await agent.connect(person.decide('approve'));
  assert.deepEqual(person.pages, ['sign-in', 'consent']);
  assert.ok(person.lastPage.includes(demo.name), 'the project is named');
  const names = (await client.listTools()).tools.map(({ name }) => name);
  assert.deepEqual(names.sort(), (await toolsOf(server, server.key)).map(({ name }) => name).sort());
  const flows = await client.callTool({ name: 'list_flows', arguments: {} });
  assert.ok(!flows.isError && flows.structuredContent);
  await client.close();
});
