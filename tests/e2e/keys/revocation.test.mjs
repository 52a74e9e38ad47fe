// Attack9: when `key revoke` has returned, the key is dead.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bearer, rest } from '../harness/http.mjs';
import { keysteadRefuses } from '../harness/keystead.mjs';
import { rpc } from '../harness/mcp.mjs';
import { serve } from '../harness/server.mjs';

const server = await serve();
const { tenant } = await server.tenant('Revocation');
const ask = async (key) => (await rpc(server, key, 'tools/list')).status;

describe('Attack9', () => {
  test('a key that was in use a moment ago is refused at once, by every door', async () => {
    for (let round = 0; round < 5; ++round) {
      const { key, id } = await server.key(tenant);
      for (let i = 0; i < 20; ++i) assert.equal(await ask(key), 200);
      const answer = await server.admin('key', 'revoke', id);
      assert.equal(answer.id, id);
      assert.equal(await ask(key), 401);
      assert.equal((await rest(server, key, 'GET', '/notes')).status, 401);
    }
  });

  test('a key that was never used is refused too', async () => {
    const { key, id } = await server.key(tenant);
    await server.admin('key', 'revoke', id);
    assert.equal(await ask(key), 401);
  });

  test('revoking again changes nothing; an unknown id is refused', async () => {
    const { key, id } = await server.key(tenant);
    const first = await server.admin('key', 'revoke', id);
    const again = await server.admin('key', 'revoke', id);
    assert.equal(again.revoked_at, first.revoked_at);
    assert.equal(await ask(key), 401);
    const line = await keysteadRefuses(['key', 'revoke', id.replace(/.$/, (c) => (c === '0' ? '1' : '0')), ...server.where]);
    assert.match(line, /not found|no such|unknown|no key/i);
  });

  test('other keys of the tenant go on', async () => {
    const kept = await server.key(tenant);
    const gone = await server.key(tenant);
    await server.admin('key', 'revoke', gone.id);
    assert.equal(await ask(kept.key), 200);
  });

  test('it stays dead after a restart', async () => {
    const { key, id } = await server.key(tenant);
    const alive = await server.key(tenant);
    await server.admin('key', 'revoke', id);
    await server.stop();
    const again = await serve({ data: server.data, file: server.config });
    const status = async (k) => (await rest(again, k, 'GET', '/notes')).status;
    assert.deepEqual([await status(key), await status(alive.key)], [401, 200]);

    // The server that is running now is told through its socket; a rotated key ends like a revoked one.
    const rotated = await again.admin('key', 'rotate', alive.id);
    assert.deepEqual([await status(alive.key), await status(rotated.key)], [401, 200]);
    await again.stop();

    // Without a server the command opens the database itself.
    await again.admin('key', 'revoke', rotated.id);
    const last = await serve({ data: server.data, file: server.config });
    assert.equal((await rest(last, rotated.key, 'GET', '/notes', undefined, bearer(rotated.key))).status, 401);
  });
});
