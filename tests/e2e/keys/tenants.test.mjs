// Nothing of another tenant can be read, changed, counted or guessed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bearer, request, rest } from '../harness/http.mjs';
import { callTool, rpc } from '../harness/mcp.mjs';
import { serve } from '../harness/server.mjs';

const server = await serve();
const a = await server.tenant('A');
const b = await server.tenant('B');
const canary = `canary-${Math.random().toString(36).slice(2)}`;
const row = await callTool(server, a.key, 'notes_create', { title: canary, slug: 'taken', pages: 7 });

// A tool that is answered "not found" says so in its result or as an error; what matters is that nothing else is said.
async function callFails(key, name, args) {
  const { json } = await rpc(server, key, 'tools/call', { name, arguments: args });
  const text = json.error?.message ?? json.result.content[0].text;
  assert.ok(json.error || json.result.isError, JSON.stringify(json));
  return text;
}

describe("Attack10: another tenant's row", () => {
  const nobody = row.id.replace(/.$/, (c) => (c === '0' ? '1' : '0'));

  test('is not found by MCP, in the words for a row that does not exist', async () => {
    for (const [name, more] of [['notes_get', {}], ['notes_update', { title: 'mine' }], ['notes_delete', {}]]) {
      const foreign = await callFails(b.key, name, { id: row.id, ...more });
      const absent = await callFails(b.key, name, { id: nobody, ...more });
      assert.equal(foreign.replaceAll(row.id, 'ID'), absent.replaceAll(nobody, 'ID'), name);
    }
  });

  test('is 404 by REST, in the words for a row that does not exist', async () => {
    for (const [method, body] of [['GET'], ['PATCH', { title: 'mine' }], ['DELETE']]) {
      const foreign = await rest(server, b.key, method, `/notes/${row.id}`, body);
      const absent = await rest(server, b.key, method, `/notes/${nobody}`, body);
      assert.equal(foreign.status, 404, foreign.text);
      assert.equal(foreign.text.replaceAll(row.id, 'ID'), absent.text.replaceAll(nobody, 'ID'));
    }
  });

  test('is still there afterwards', async () => {
    assert.deepEqual(await callTool(server, a.key, 'notes_get', { id: row.id }), row);
  });

  test('is in no list, whatever the filter', async () => {
    const lists = ['', `?title=${canary}`, `?id=${row.id}`, '?pages.gte=0', '?title.contains=canary', '?sort=-created_at&limit=200'];
    for (const query of lists) {
      const { text } = await rest(server, b.key, 'GET', `/notes${query}`);
      assert.ok(!text.includes(canary), query);
    }
    assert.deepEqual((await callTool(server, b.key, 'notes_list')).items, []);
  });

  test('its unique value is free for others', async () => {
    assert.ok((await callTool(server, b.key, 'notes_create', { title: 'x', slug: 'taken' })).id);
  });

  test('no header, query or path selects the tenant', async () => {
    for (const name of ['x-tenant', 'x-tenant-id', 'tenant', 'tenant_id', 'x-forwarded-tenant', 'x-keystead-tenant']) {
      const { text } = await rest(server, b.key, 'GET', '/notes', undefined, { [name]: a.tenant });
      assert.ok(!text.includes(canary), name);
    }
    for (const path of [`/tenants/${a.tenant}/notes`, `/${a.tenant}/notes`, `/notes?tenant=${a.tenant}`]) {
      const { status, text } = await rest(server, b.key, 'GET', path);
      assert.ok(status !== 200 && !text.includes(canary), path);
    }
  });

  test('a cursor of one tenant shows nothing of it to the other', async () => {
    for (let i = 0; i < 3; ++i) await callTool(server, a.key, 'notes_create', { title: `${canary} ${i}` });
    const page = await callTool(server, a.key, 'notes_list', { limit: 1 });
    assert.ok(page.next_cursor);
    const { text } = await rest(server, b.key, 'GET', `/notes?limit=1&cursor=${encodeURIComponent(page.next_cursor)}`);
    assert.ok(!text.includes(canary));
  });
});

describe('Attack150: both doors lead to the same rows', () => {
  test('what REST makes MCP sees, with the same checks', async () => {
    const made = await rest(server, a.key, 'POST', '/notes', { title: 'by REST', pages: 3 });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.headers.location, `/api/v1/notes/${made.json.id}`);
    assert.deepEqual(await callTool(server, a.key, 'notes_get', { id: made.json.id }), made.json);
    for (const wrong of [{}, { title: 7 }, { title: 'x', pages: 'many' }, { title: 'x', nonsense: 1 }, { title: 'x', slug: 'taken' }]) {
      const byRest = await rest(server, a.key, 'POST', '/notes', wrong);
      const text = await callFails(a.key, 'notes_create', wrong);
      assert.ok(byRest.status === 400 || byRest.status === 409, byRest.text);
      assert.equal(byRest.json.detail, text);
    }
  });
});

describe('Attack139: ids and values are compared as the bytes that they are', () => {
  const odd = [` ${row.id}`, `${row.id} `, `${row.id}\u0000`, row.id.toUpperCase(), '1', '0', '%', '_', `${row.id}' or '1'='1`, '1 or 1=1', '', '*', 'null'];
  test('an id that is almost right finds nothing', async () => {
    for (const id of odd) {
      if (id === row.id) continue;
      await callFails(a.key, 'notes_get', { id });
      const { status } = await rest(server, a.key, 'GET', `/notes/${encodeURIComponent(id)}`);
      assert.ok(status !== 200 || id === '', `${JSON.stringify(id)}: ${status}`);
    }
  });

  test('an id that is no text is refused with its path', async () => {
    for (const id of [1, 1.0, true, null, [row.id], { $ne: '' }]) {
      assert.match(await callFails(a.key, 'notes_get', { id }), /id/);
    }
  });

  test('a field keeps its type', async () => {
    const wrong = [{ pages: '7' }, { pages: 7.5 }, { pages: true }, { title: 7 }, { title: null }, { weight: '1' }, { pinned: 1 }, { due: '2026-02-30' }, { state: 'Open' }];
    for (const members of wrong) {
      const { status, text } = await rest(server, a.key, 'POST', '/notes', { title: 'x', ...members });
      assert.equal(status, 400, JSON.stringify(members));
      assert.match(text, new RegExp(Object.keys(members)[0]));
    }
  });

  test('text with a NUL in it is refused or comes back whole', async () => {
    const title = 'before\u0000after';
    const { status, json } = await rest(server, a.key, 'POST', '/notes', { title });
    if (status === 201) assert.equal(json.title, title);
    else assert.equal(status, 400);
  });

  test('statements in a value are values', async () => {
    const title = `'); DROP TABLE notes; --`;
    const made = await callTool(server, a.key, 'notes_create', { title });
    assert.equal((await callTool(server, a.key, 'notes_get', { id: made.id })).title, title);
    const found = await rest(server, a.key, 'GET', `/notes?title=${encodeURIComponent(title)}`);
    assert.equal(found.json.items.length, 1);
  });
});

test('a tenant that was deleted takes its keys and rows along', async () => {
  const gone = await server.tenant('Gone');
  await callTool(server, gone.key, 'notes_create', { title: 'gone' });
  await server.admin('tenant', 'delete', gone.tenant);
  const answer = await request(`${server.url}/api/v1/notes`, { headers: bearer(gone.key) });
  assert.equal(answer.status, 401);
  const tenants = await server.admin('tenant', 'list');
  assert.ok(!tenants.some((tenant) => tenant.id === gone.tenant));
});
