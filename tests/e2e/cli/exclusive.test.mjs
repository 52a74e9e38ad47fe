// Attack100: two servers never share a data folder.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { rest } from '../harness/http.mjs';
import { keysteadJson, keysteadRefuses } from '../harness/keystead.mjs';
import { serve } from '../harness/server.mjs';

describe('Attack100', async () => {
  const server = await serve();

  test('a second server on the same data refuses with one line', async () => {
    const line = await keysteadRefuses(['serve', ...server.where, '--listen', '127.0.0.1:0']);
    assert.ok(line.includes(server.data), line);
    const demoLine = await keysteadRefuses(['demo', ...server.where, '--listen', '127.0.0.1:0']);
    assert.ok(demoLine.includes(server.data), demoLine);
  });

  test('the first one goes on, and so do commands through it', async () => {
    const { key } = await server.tenant('Still here');
    assert.equal((await rest(server, key, 'GET', '/notes')).status, 200);
  });

  test('after kill -9 the lock and the socket are no obstacle', async () => {
    await server.kill();
    assert.ok(Array.isArray(await keysteadJson(['tenant', 'list', ...server.where])));
    const again = await serve({ data: server.data, file: server.config });
    assert.ok((await again.admin('tenant', 'list')).length > 0);
  });

  test('an address that is taken refuses with one line', async () => {
    const one = await serve();
    const { host } = new URL(one.url);
    const line = await keysteadRefuses(['serve', '--config', one.config, '--data', join(one.data, '..', 'other'), '--listen', host]);
    assert.ok(line.includes(host), line);
  });
});
