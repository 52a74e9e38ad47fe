// Where a key may be seen: in the answer to whoever made it, once. Nowhere else.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { bearer, raw, request, rest } from '../harness/http.mjs';
import { keysteadRefuses, keystead } from '../harness/keystead.mjs';
import { callTool, rpc } from '../harness/mcp.mjs';
import { plainConfig, serve, temporaryFolder } from '../harness/server.mjs';

function* filesOf(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesOf(path);
    else if (entry.isFile()) yield path;
  }
}

// Every piece of 12 characters of the secret part, so that a key cut in two is found as well.
function piecesOf(key) {
  const secret = key.split('_').at(-1);
  return Array.from({ length: secret.length - 11 }, (_, i) => secret.slice(i, i + 12));
}

describe('Attack5: canary keys', async () => {
  const config = `${plainConfig}log: { level: debug, requests: all }\n`;
  const server = await serve({ config });
  const good = await server.tenant('Canary');
  const revoked = await server.key(good.tenant);
  const unknown = `e2e_${'C4nary00'}_${'k9QxZ7bT'.repeat(4)}`;
  const keys = [good.key, revoked.key, unknown];
  const answers = [];

  test('are used in every way that goes well or wrong', async () => {
    await server.admin('key', 'revoke', revoked.id);
    for (const key of keys) {
      answers.push(await rpc(server, key, 'tools/list'));
      answers.push(await rpc(server, key, `no/such/method/`));
      answers.push(await rest(server, key, 'GET', '/nothing/here'));
      answers.push(await rest(server, key, 'PUT', '/notes'));
      answers.push(await rest(server, key, 'POST', '/notes', '{"title":'));
      answers.push(await request(`${server.url}/api/v1/notes?access_token=${key}`));
      answers.push(await request(`${server.url}/api/v1/notes/${key}`));
      answers.push(await request(`${server.url}/${key}`));
      answers.push(await request(server.url, { headers: { authorization: `Basic ${key}` } }));
      answers.push(await request(server.mcp, { headers: [['Authorization', `Bearer ${key}`], ['Authorization', `Bearer ${key}`]] }));
      answers.push(await request(server.mcp, { headers: { ...bearer(key), cookie: `key=${key}`, referer: `http://x/?k=${key}`, 'user-agent': key } }));
      answers.push(await raw(server.url, `GET / HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer ${key}\r\n\r\n`));
      answers.push(await raw(server.url, `GET /?api_key=${key} HTTP/1.1\r\nAuthorization: Bearer ${key}\r\n\r\n`));
      await keystead(['key', 'revoke', key, ...server.where]);
      await keystead(['tenant', 'delete', key, '--json', ...server.where]);
    }
    await callTool(server, good.key, 'whoami');
    answers.push(await request(`${server.url}/metrics`));
    answers.push(await request(`${server.url}/readyz`));
  });

  test('are in no answer', () => {
    // What the caller sent in a path may be named in the answer to that caller; no header or key may.
    const text = answers.map((answer) => `${JSON.stringify(answer.headers ?? answer.responses)}${answer.text}`).join('\n');
    for (const key of keys) for (const piece of piecesOf(key)) assert.ok(!text.includes(piece), text.split('\n').find((line) => line.includes(piece)));
  });

  test('are in no log line', () => {
    assert.match(server.log, /key\.revoked|revoked/, 'the log says something at all');
    for (const key of keys) for (const piece of piecesOf(key)) assert.ok(!server.log.includes(piece), server.log.split('\n').find((line) => line.includes(piece)));
  });

  test('Attack6: are in no list', async () => {
    const lists = JSON.stringify([await server.admin('key', 'list'), await server.admin('key', 'list', '--tenant', good.tenant), await server.admin('tenant', 'list')]);
    assert.ok(lists.includes(good.id));
    for (const key of keys) for (const piece of piecesOf(key)) assert.ok(!lists.includes(piece));
    assert.ok(!/"(key|digest|hash|secret)":/.test(lists), lists);
    const human = await keystead(['key', 'list', ...server.where]);
    for (const key of keys) for (const piece of piecesOf(key)) assert.ok(!human.stdout.includes(piece));
  });

  test('are in no file, before and after the server has ended', async () => {
    const search = () => {
      let count = 0;
      for (const path of filesOf(server.data)) {
        const bytes = readFileSync(path).toString('latin1');
        for (const key of keys) for (const piece of piecesOf(key)) assert.ok(!bytes.includes(piece), path);
        ++count;
      }
      assert.ok(count >= 3, 'there are files to search');
    };
    search();
    await server.stop();
    search();
  });

  test('the files of the data folder are for their owner only', () => {
    for (const path of [server.data, ...filesOf(server.data)]) {
      assert.equal(statSync(path).mode & 0o077, 0, path);
    }
  });
});

describe('Attack11: a pepper that is no secret', () => {
  const folder = temporaryFolder();
  const start = (name, config, prepare, env) => {
    const data = join(folder, name);
    mkdirSync(data, { mode: 0o700 });
    prepare?.(data);
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, config ?? plainConfig);
    return keysteadRefuses(['serve', '--config', file, '--data', data, '--listen', '127.0.0.1:0'], { env });
  };
  const withPepper = (text) => (data) => writeFileSync(join(data, 'pepper'), text, { mode: 0o600 });

  test('a placeholder in the file refuses to start', async () => {
    for (const [name, text] of [['word', '1:change-me\n'], ['long', `1:${'changeme'.repeat(6)}\n`], ['zeros', `1:${'A'.repeat(43)}\n`], ['short', '1:c2hvcnQ\n'], ['empty', '']]) {
      assert.match(await start(`file-${name}`, undefined, withPepper(text)), /pepper/);
    }
  });

  test('a placeholder in the configuration or the environment refuses to start', async () => {
    const config = plainConfig.replace('keys:\n', 'keys:\n  pepper: "${E2E_PEPPER}"\n');
    for (const [name, pepper] of [['word', 'changeme'], ['long', 'change-me-change-me-change-me-change-me-change-me'], ['same', 'a'.repeat(64)], ['empty', '']]) {
      const line = await start(`env-${name}`, config, undefined, { E2E_PEPPER: pepper });
      assert.match(line, /pepper|E2E_PEPPER/);
      if (pepper) assert.ok(!line.includes(pepper), 'the pepper is not repeated');
    }
  });

  test('a pepper that others may read refuses to start', async () => {
    const line = await start('readable', undefined, (data) => {
      writeFileSync(join(data, 'pepper'), `1:${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')}\n`, { mode: 0o644 });
    });
    assert.match(line, /pepper/);
  });

  test('a pepper that is gone refuses to start, instead of a new one that fits no key', async () => {
    const first = await serve();
    await first.tenant('T');
    await first.stop();
    rmSync(join(first.data, 'pepper'));
    const line = await keysteadRefuses(['serve', ...first.where, '--listen', '127.0.0.1:0']);
    assert.match(line, /pepper/);
  });
});
