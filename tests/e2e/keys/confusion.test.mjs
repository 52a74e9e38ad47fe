// Keys that are almost right, and requests that present two things at once.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bearer, request } from '../harness/http.mjs';
import { rpc } from '../harness/mcp.mjs';
import { plainConfig, serve } from '../harness/server.mjs';

const server = await serve();
const a = await server.tenant('A');
const b = await server.tenant('B');

const notes = (headers, path = '') => request(`${server.url}/api/v1/notes${path}`, { headers });
const flipCase = (text) => text.replace(/[a-zA-Z]/g, (c) => (c < 'a' ? c.toLowerCase() : c.toUpperCase()));
const [, idA, secretA] = a.key.split('_');
const [, , secretB] = b.key.split('_');

describe('Attack2: only the exact key', () => {
  const almost = {
    'the id of A with the secret of B': `e2e_${idA}_${secretB}`,
    'the id of B with the secret of A': b.key.replace(secretB, secretA),
    truncated: a.key.slice(0, -1),
    'a letter more': `${a.key}a`,
    'a trailing =': `${a.key}=`,
    'another case': flipCase(a.key),
    'another case of the prefix': a.key.replace('e2e', 'E2E'),
    'another prefix': a.key.replace('e2e', 'e2f'),
    'no prefix': `${idA}_${secretA}`,
    'the secret alone': secretA,
    'twice in a row': a.key + a.key,
    'a percent escape': a.key.replace('_', '%5F'),
  };
  for (const [name, key] of Object.entries(almost)) {
    test(name, async () => {
      assert.equal((await notes(bearer(key))).status, 401);
      assert.equal((await notes({ 'x-api-key': key })).status, 401);
    });
  }

  for (const [name, suffix] of [['a tab and a word', '\tx'], ['a second word', ' x'], ['a no-break space', '\u00a0']]) {
    test(`followed by ${name}`, async () => {
      const { status } = await notes(bearer(a.key + suffix));
      assert.ok(status === 401 || status === 400, String(status));
    });
  }
});

describe('Attack2: environments and checksums', async () => {
  const config = plainConfig.replace(/format: .*/, 'format: "nk_{env:live|test}_{id:8}_{secret:32}{crc}"');
  const own = await serve({ config });
  const { id } = await own.admin('tenant', 'create', '--name', 'T');
  const made = await own.admin('key', 'create', '--tenant', id, '--name', 'k', '--env', 'test');

  test('a test key is not let in as a live key', async () => {
    assert.match(made.key, /^nk_test_/);
    assert.equal((await rpc(own, made.key, 'ping')).status, 200);
    assert.equal((await rpc(own, made.key.replace('nk_test_', 'nk_live_'), 'ping')).status, 401);
  });

  test('no letter of it can be changed', async () => {
    for (let i = 0; i < made.key.length; ++i) {
      const other = made.key[i] === 'x' ? 'y' : 'x';
      const { status } = await rpc(own, made.key.slice(0, i) + other + made.key.slice(i + 1), 'ping');
      assert.equal(status, 401, `letter ${i}`);
    }
  });
});

describe('Attack3: two credentials in one request', () => {
  const refused = {
    'Authorization and X-API-Key that disagree': { ...bearer(a.key), 'x-api-key': b.key },
    'a good Authorization and a broken X-API-Key': { ...bearer(a.key), 'x-api-key': 'nonsense' },
    'a broken Authorization and a good X-API-Key': { ...bearer('nonsense'), 'x-api-key': a.key },
    'two Authorization headers': [['Authorization', `Bearer ${a.key}`], ['Authorization', `Bearer ${b.key}`]],
    'the same Authorization header twice': [['Authorization', `Bearer ${a.key}`], ['authorization', `Bearer ${a.key}`]],
    'two X-API-Key headers': [['X-API-Key', a.key], ['X-Api-Key', b.key]],
    'Authorization joined by a comma': { authorization: `Bearer ${a.key}, Bearer ${b.key}` },
    'a list of keys behind Bearer': { authorization: `Bearer ${a.key},${b.key}` },
    'X-API-Key joined by a comma': { 'x-api-key': `${a.key},${b.key}` },
    'X-API-Key joined by a comma and a space': { 'x-api-key': `${a.key}, ${a.key}` },
  };
  for (const [name, headers] of Object.entries(refused)) {
    test(`${name}: 400`, async () => assert.equal((await notes(headers)).status, 400));
  }

  test('an empty X-API-Key beside a good key is no way in for the other one', async () => {
    const { status } = await notes({ authorization: 'Bearer', 'x-api-key': '' });
    assert.ok(status === 400 || status === 401, String(status));
  });

  test('the same key in both headers is one credential', async () => {
    assert.equal((await notes({ ...bearer(a.key), 'x-api-key': a.key })).status, 200);
  });

  for (const value of [`Basic ${Buffer.from(`x:${a.key}`).toString('base64')}`, a.key, `Token ${a.key}`, `Bearer  ${a.key}`, 'Bearer', 'Bearer ']) {
    test(`Authorization: ${value.replace(a.key, 'KEY').slice(0, 16)} is not a bearer token`, async () => {
      const { status } = await notes({ authorization: value });
      assert.ok(status === 400 || status === 401, String(status));
    });
  }
});

describe('Attack4: a key in the URL', () => {
  for (const name of ['access_token', 'api_key', 'apikey', 'API_KEY', 'x-api-key', 'api%5Fkey', 'authorization']) {
    test(`?${name}= is refused with and without a key in a header`, async () => {
      assert.equal((await notes({}, `?${name}=${a.key}`)).status, 400);
      assert.equal((await notes(bearer(a.key), `?limit=1&${name}=${a.key}`)).status, 400);
      const post = await request(`${server.mcp}?${name}=${a.key}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
      assert.equal(post.status, 400);
    });
  }

  test('the URL is in no log', () => assert.ok(!server.log.includes(secretA)));
});
