// Bodies that are too large, too deep, too slow or too clever.
import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, test } from 'node:test';
import { raw, rest } from '../harness/http.mjs';
import { callTool, post, rpc } from '../harness/mcp.mjs';
import { plainConfig, serve } from '../harness/server.mjs';

const server = await serve();
const { key } = await server.tenant('Bodies');
const { host, hostname, port } = new URL(server.url);
const legacy = { 'mcp-protocol-version': '2025-11-25' };
const head = (headers, credential = `Authorization: Bearer ${key}\r\n`) =>
  `POST /mcp HTTP/1.1\r\nHost: ${host}\r\n${credential}Content-Type: application/json\r\nAccept: application/json\r\n${headers}\r\n`;

describe('Attack86: a body beyond the limit', () => {
  test('is refused by its length, before it is sent and whoever sends it', async () => {
    for (const credential of [undefined, '']) {
      const { responses, closed, text } = await raw(server.url, head('Content-Length: 1000000000\r\n', credential), { expect: 99 });
      assert.equal(responses[0]?.status, 413, text);
      assert.ok(closed);
    }
  });

  test('is not asked for with 100 Continue', async () => {
    const { responses, text } = await raw(server.url, head('Content-Length: 1000000000\r\nExpect: 100-continue\r\n'), { expect: 99 });
    assert.equal(responses[0]?.status, 413, text);
  });

  test('is refused while it is read, when chunks do not say how much will come', async () => {
    const chunk = `10000\r\n${'a'.repeat(65536)}\r\n`;
    const { responses, closed, text } = await raw(server.url, head('Transfer-Encoding: chunked\r\n') + chunk.repeat(64), { expect: 99 });
    assert.equal(responses[0]?.status, 413, text);
    assert.ok(closed);
  });

  test('one byte less is read', async () => {
    const small = await serve({ config: `${plainConfig}limits: { body: 4KiB }\n` });
    const own = await small.tenant('Small');
    const frame = '{"title":""}'.length;
    assert.equal((await rest(small, own.key, 'POST', '/notes', `{"title":"${'a'.repeat(4096 - frame)}"}`)).status, 201);
    const over = await rest(small, own.key, 'POST', '/notes', `{"title":"${'a'.repeat(4097 - frame)}"}`);
    assert.equal(over.status, 413);
  });

  test('100 Continue is sent for a body within the limit', async () => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    const socket = net.connect(Number(port), hostname);
    socket.write(head(`Content-Length: ${body.length}\r\nExpect: 100-continue\r\n`));
    const first = await new Promise((resolve) => socket.once('data', resolve));
    assert.match(String(first), /^HTTP\/1\.1 100 /);
    socket.write(body);
    const second = await new Promise((resolve) => socket.once('data', resolve));
    assert.match(String(second), /^HTTP\/1\.1 200 /);
    socket.destroy();
  });
});

describe('Attack87: who sends slowly does not stay', async () => {
  const config = `${plainConfig}limits: { deadlines: { header: 1s, body: 1s, idle: 1s } }\n`;
  const hasty = await serve({ config });
  const target = new URL(hasty.url);

  // Sends the first piece, then a byte at a time, and says how long the server bore it.
  function drip(first) {
    return new Promise((resolve) => {
      const begin = Date.now();
      const socket = net.connect(Number(target.port), target.hostname);
      let received = '';
      socket.on('error', () => {});
      socket.on('data', (chunk) => (received += chunk));
      socket.write(first);
      const timer = setInterval(() => socket.write('a'), 100);
      socket.on('close', () => {
        clearInterval(timer);
        resolve({ lasted: Date.now() - begin, received });
      });
      setTimeout(() => socket.destroy(), 20_000).unref();
    });
  }

  for (const [name, first] of [
    ['a head byte by byte', `GET /healthz HTTP/1.1\r\nHost: ${target.host}\r\nX-Slow: `],
    ['a body byte by byte', `POST /mcp HTTP/1.1\r\nHost: ${target.host}\r\nContent-Length: 100000\r\n\r\n`],
    ['chunks byte by byte', `POST /mcp HTTP/1.1\r\nHost: ${target.host}\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n`],
  ]) {
    test(name, async () => {
      const { lasted, received } = await drip(first);
      assert.ok(lasted < 15_000, `${lasted} ms: it was ended by the server`);
      if (received) assert.match(received, /^HTTP\/1\.1 (408|401|400) /);
    });
  }

  test('an idle connection is closed, and honest ones are served meanwhile', async () => {
    const slow = Array.from({ length: 50 }, () => net.connect(Number(target.port), target.hostname).on('error', () => {}));
    const closed = Promise.all(slow.map((socket) => {
      socket.resume();
      return new Promise((resolve) => socket.on('close', resolve));
    }));
    const { responses } = await raw(hasty.url, `GET /healthz HTTP/1.1\r\nHost: ${target.host}\r\n\r\n`);
    assert.equal(responses[0].status, 200);
    await closed;
  });
});

describe('Attack83: batches and ids', () => {
  test('a batch is refused since 2025-06-18', async () => {
    const batch = [{ jsonrpc: '2.0', id: 1, method: 'ping' }];
    for (const version of ['2025-06-18', '2025-11-25', '2026-07-28']) {
      const { status, json } = await post(server, key, batch, { 'mcp-protocol-version': version });
      assert.equal(status, 400);
      assert.ok(json.error);
    }
  });

  test('a batch of 2025-03-26 is answered up to 50 calls', async () => {
    const batch = (count) => Array.from({ length: count }, (_, i) => ({ jsonrpc: '2.0', id: i, method: 'ping' }));
    const version = { 'mcp-protocol-version': '2025-03-26' };
    const good = await post(server, key, batch(50), version);
    assert.deepEqual(good.json.map(({ id }) => id), Array.from({ length: 50 }, (_, i) => i));
    assert.equal((await post(server, key, batch(51), version)).status, 400);
    assert.equal((await post(server, key, [], version)).status, 400);
  });

  test('an id is a string or an integer', async () => {
    for (const id of ['"a"', '7', '-1', '9007199254740993']) {
      const { text } = await post(server, key, `{"jsonrpc":"2.0","id":${id},"method":"ping"}`, legacy);
      assert.match(text, new RegExp(`"id":${id}[,}]`));
    }
    for (const id of ['null', '1.5', '{}', '[]', 'true', '1e400', '99999999999999999999']) {
      const { status, text } = await post(server, key, `{"jsonrpc":"2.0","id":${id},"method":"ping"}`, legacy);
      assert.equal(status, 400, text);
      assert.match(text, /"error"/);
    }
  });
});

describe('Attack84: one meaning for each member', () => {
  for (const body of [
    '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","name":"notes_list"}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"notes_create","arguments":{"title":"a","ti\\u0074le":"b"}}}',
  ]) {
    test(`a member that comes twice: ${body.slice(30, 70)}`, async () => {
      assert.equal((await post(server, key, body, legacy)).status, 400);
    });
  }
  test('a name in another case is another name', async () => {
    const { status } = await post(server, key, '{"jsonrpc":"2.0","id":1,"Method":"ping"}', legacy);
    assert.equal(status, 400);
  });
  test('a member that comes twice in a REST body', async () => {
    assert.equal((await rest(server, key, 'POST', '/notes', '{"title":"a","title":"b"}')).status, 400);
  });
});

describe('Attack85: JSON that is too much', () => {
  const nested = (depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const bad = {
    'nested 65 deep': `{"title":${nested(65)}}`,
    'nested 100000 deep': `{"title":${nested(100_000)}}`,
    'a lone surrogate': '{"title":"\\ud800"}',
    'the second half of a pair': '{"title":"\\udc00x"}',
    'bytes that are not UTF-8': Buffer.from([...Buffer.from('{"title":"'), 0xc3, 0x28, ...Buffer.from('"}')]),
    'an overlong NUL': Buffer.from([...Buffer.from('{"title":"'), 0xc0, 0x80, ...Buffer.from('"}')]),
    'a number without end': `{"title":"x","weight":${'9'.repeat(400)}}`,
    'a number beyond double': '{"title":"x","weight":1e400}',
    'an integer beyond 64 bits': '{"title":"x","pages":9223372036854775808}',
    NaN: '{"title":"x","weight":NaN}',
    'a trailing comma': '{"title":"x",}',
    'a comment': '{"title":"x"/**/}',
    'something behind it': '{"title":"x"} {}',
    'a byte order mark': '\ufeff{"title":"x"}',
    'nothing': '',
    'a control character in a text': '{"title":"a\tb"}',
  };
  for (const [name, body] of Object.entries(bad)) {
    test(`${name}: 400 by REST`, async () => {
      const text = Buffer.isBuffer(body) ? body : Buffer.from(body);
      const { responses } = await raw(server.url, Buffer.concat([
        Buffer.from(`POST /api/v1/notes HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n`),
        text,
      ]));
      assert.equal(responses[0]?.status, 400, responses[0]?.body);
    });
  }
  test('the same by MCP is a parse error', async () => {
    for (const body of [nested(100_000), '{"jsonrpc":"2.0","id":1,"method":"\\ud800"}', '{"a":1}x', '\ufeff{}']) {
      const { status, json } = await post(server, key, body, legacy);
      assert.equal(status, 400);
      assert.ok([-32700, -32600].includes(json.error.code), JSON.stringify(json));
    }
  });
  test('a long text comes back whole', async () => {
    const title = 'ж𝄞"\\\u2028'.repeat(5000);
    const row = await callTool(server, key, 'notes_create', { title });
    assert.equal(row.title, title);
    const { json } = await rpc(server, key, 'tools/call', { name: 'notes_create', arguments: { title: 'a'.repeat(70_000) } });
    assert.ok(json.result.isError);
    assert.match(json.result.content[0].text, /title/);
  });
});
