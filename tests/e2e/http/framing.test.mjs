// Bytes that two parties could read in two ways. The server reads them in none: 400 (or a stricter status) and the connection
// ends, so that nothing behind them is taken for a request. A larger table of the same kind stands beside the parser.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { raw } from '../harness/http.mjs';
import { serve } from '../harness/server.mjs';

const server = await serve();
const { key } = await server.tenant('Framing');
const { host } = new URL(server.url);
const smuggled = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const auth = `Host: ${host}\r\nAuthorization: Bearer ${key}\r\n`;
const call = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
const json = 'Content-Type: application/json\r\nAccept: application/json\r\n';
const post = (headers, body = '') => `POST /mcp HTTP/1.1\r\n${auth}${json}${headers}\r\n${body}`;
const get = (target, headers = '') => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`;
const hex = (text) => text.length.toString(16);

// One refusal, and the connection ends: what follows is never answered.
function refuses(cases, statuses = [400]) {
  for (const [name, bytes] of Object.entries(cases)) {
    test(name, async () => {
      const { responses, closed, text } = await raw(server.url, bytes, { expect: 99 });
      assert.equal(responses.length, 1, text || 'no answer');
      assert.ok(statuses.includes(responses[0].status), text);
      assert.ok(closed, 'the connection ends');
    });
  }
}

test('the good request, alone, pipelined and in pieces', async () => {
  const good = post(`Content-Length: ${call.length}\r\n`, call);
  const chunked = post('Transfer-Encoding: chunked\r\n', `${hex(call)}\r\n${call}\r\n0\r\n\r\n`);
  const { responses } = await raw(server.url, good + chunked + good + smuggled, { expect: 4 });
  assert.deepEqual(responses.map(({ status }) => status), [200, 200, 200, 200]);
});

describe('Attack113: framing', () => {
  refuses({
    'Content-Length and Transfer-Encoding': post(`Content-Length: ${call.length}\r\nTransfer-Encoding: chunked\r\n`, `0\r\n\r\n${smuggled}`),
    'Transfer-Encoding and Content-Length': post(`Transfer-Encoding: chunked\r\nContent-Length: 4\r\n`, `0\r\n\r\n${smuggled}`),
    'two lengths that differ': post(`Content-Length: ${call.length}\r\nContent-Length: 0\r\n`, call + smuggled),
    'two lengths that agree': post(`Content-Length: ${call.length}\r\nContent-Length: ${call.length}\r\n`, call + smuggled),
    'a list of lengths': post(`Content-Length: ${call.length}, ${call.length}\r\n`, call + smuggled),
    'a length with a sign': post(`Content-Length: +${call.length}\r\n`, call + smuggled),
    'a negative length': post('Content-Length: -1\r\n', call + smuggled),
    'a hexadecimal length': post('Content-Length: 0x28\r\n', call + smuggled),
    'a length with a space in it': post('Content-Length: 4 0\r\n', call + smuggled),
    'an empty length': post('Content-Length:\r\n', call + smuggled),
    'Transfer-Encoding: chunked twice': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${smuggled}`),
    'Transfer-Encoding with a vertical tab': post('Transfer-Encoding: \x0bchunked\r\n', `0\r\n\r\n${smuggled}`),
    'a space before the colon': post(`Content-Length : ${call.length}\r\n`, call + smuggled),
    'a folded header': post(`X-Folded: a\r\n b\r\nContent-Length: ${call.length}\r\n`, call + smuggled),
    'a header that begins with a space': get('/healthz', ' X-A: b\r\n') + smuggled,
    'a bare LF after a header': get('/healthz', 'X-A: b\nX-B: c\r\n') + smuggled,
    'a bare LF after the request line': `GET /healthz HTTP/1.1\nHost: ${host}\r\n\r\n${smuggled}`,
    'a bare CR in a header': get('/healthz', 'X-A: b\rX-B: c\r\n') + smuggled,
    'a NUL in a header': get('/healthz', 'X-A: b\x00c\r\n') + smuggled,
    'a header without a name': get('/healthz', ': b\r\n') + smuggled,
    'a header name with a space': get('/healthz', 'X A: b\r\n') + smuggled,
    'a chunk size that is none': post('Transfer-Encoding: chunked\r\n', `zz\r\n${call}\r\n0\r\n\r\n${smuggled}`),
    'a chunk size with a sign': post('Transfer-Encoding: chunked\r\n', `+${hex(call)}\r\n${call}\r\n0\r\n\r\n${smuggled}`),
    'a chunk size with 0x': post('Transfer-Encoding: chunked\r\n', `0x${hex(call)}\r\n${call}\r\n0\r\n\r\n${smuggled}`),
    'a chunk size that overflows': post('Transfer-Encoding: chunked\r\n', `fffffffffffffffff\r\n${call}\r\n0\r\n\r\n${smuggled}`),
    'a chunk longer than its size': post('Transfer-Encoding: chunked\r\n', `2\r\n${call}\r\n0\r\n\r\n${smuggled}`),
    'a chunk size ended by a bare LF': post('Transfer-Encoding: chunked\r\n', `${hex(call)}\n${call}\r\n0\r\n\r\n${smuggled}`),
    'a bare LF in a chunk extension': post('Transfer-Encoding: chunked\r\n', `${hex(call)};a=b\nX\r\n${call}\r\n0\r\n\r\n${smuggled}`),
    'HTTP/0.9': `GET /healthz\r\n${smuggled}`,
    'no HTTP at all': `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n${smuggled}`,
  });
  refuses({
    'HTTP/1.2': `GET /healthz HTTP/1.2\r\nHost: ${host}\r\n\r\n${smuggled}`,
    'HTTP/2.0': `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${smuggled}`,
    'HTTP/1.0 with chunks': `POST /mcp HTTP/1.0\r\n${auth}${json}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  }, [400, 505]);
  // RFC 9112 §6.1 has 501 for a coding that is not known.
  refuses({
    'Transfer-Encoding: identity': post('Transfer-Encoding: identity\r\n', call + smuggled),
    'Transfer-Encoding: chunked, identity': post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${smuggled}`),
    'Transfer-Encoding: xchunked': post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${smuggled}`),
  }, [400, 501]);
});

describe('Attack118: the path is read in one way', () => {
  const twisted = ['/api/v1%2Fnotes', '/api/v1/%2e%2e/healthz', '/api/v1/../healthz', '/./healthz', '/api/v1/..;x=y/healthz', '/healthz%00',
    '/healthz%5c..', '/a\\healthz', '/%252e%252e/healthz', '//healthz', '/api//v1/version', '/healthz#fragment', '/%zz', '/%2', 'healthz'];
  for (const target of twisted) {
    test(target, async () => {
      const { responses, text } = await raw(server.url, get(target, `Authorization: Bearer ${key}\r\n`));
      assert.equal(responses.length, 1, text);
      assert.ok([400, 404].includes(responses[0].status), text);
    });
  }
  test('a space or a control character in the target', async () => {
    for (const target of ['/health z', '/healthz\x7f', '/healthz\x01', '/healthz\xe9']) {
      const { responses, text } = await raw(server.url, get(target));
      assert.ok([400, 404].includes(responses[0]?.status), text);
    }
  });
});

describe('Attack119: the host is named once', () => {
  refuses({
    'no Host': 'GET /healthz HTTP/1.1\r\n\r\n',
    'two Hosts': get('/healthz', 'Host: other.example\r\n'),
    'the same Host twice': get('/healthz', `Host: ${host}\r\n`),
    'a Host with a path': `GET /healthz HTTP/1.1\r\nHost: ${host}/x\r\n\r\n`,
    'a Host with a user': `GET /healthz HTTP/1.1\r\nHost: user@${host}\r\n\r\n`,
    'a Host with a comma': `GET /healthz HTTP/1.1\r\nHost: ${host}, other.example\r\n\r\n`,
    'an absolute target for another host': get('http://other.example/healthz'),
  });
});

describe('Attack120: the method is the one of the request line', () => {
  for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
    test(name, async () => {
      const bytes = `GET /api/v1/notes HTTP/1.1\r\n${auth}${name}: DELETE\r\n\r\n`;
      const { responses } = await raw(server.url, bytes);
      assert.equal(responses[0].status, 200);
      assert.ok(JSON.parse(responses[0].body).items);
    });
  }
});

describe('Attack121: no upgrade, no tunnel, no trace', () => {
  test('Upgrade: h2c is not taken', async () => {
    const bytes = get('/healthz', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n');
    const { responses, text } = await raw(server.url, bytes);
    assert.ok([200, 400, 426, 501].includes(responses[0].status), text);
    assert.doesNotMatch(text, /101 Switching/);
  });
  test('Upgrade: websocket is not taken', async () => {
    const bytes = `GET /mcp HTTP/1.1\r\n${auth}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;
    const { text } = await raw(server.url, bytes);
    assert.doesNotMatch(text, /101 Switching/);
  });
  for (const line of [`CONNECT ${host} HTTP/1.1`, 'CONNECT other.example:443 HTTP/1.1', 'TRACE /healthz HTTP/1.1', 'OPTIONS * HTTP/1.1', 'BREW /healthz HTTP/1.1']) {
    test(line.split(' ').slice(0, 2).join(' '), async () => {
      const { responses, text } = await raw(server.url, `${line}\r\nHost: ${host}\r\nX-Secret: canary\r\n\r\n`);
      assert.ok(responses[0].status >= 400, text);
      assert.ok(!text.includes('canary'), 'nothing is echoed');
    });
  }
});

describe('Attack122: nothing that a caller sends splits a response', () => {
  test('a line end in a name, an id or a path stays in the body', async () => {
    const evil = 'x\\r\\nSet-Cookie: evil=1\\r\\n\\r\\nHTTP/1.1 200 OK';
    const body = `{"jsonrpc":"2.0","id":"${evil}","method":"tools/call","params":{"name":"${evil}"}}`;
    const one = await raw(server.url, post(`Content-Length: ${body.length}\r\n`, body));
    const two = await raw(server.url, get('/api/v1/%0d%0aSet-Cookie:%20evil=1'));
    const three = await raw(server.url, get('/healthz', 'Origin: http://evil.example\r\n'));
    for (const { responses } of [one, two, three]) {
      assert.equal(responses.length, 1);
      assert.equal(responses[0].headers['set-cookie'], undefined);
    }
  });

  test('a row whose text holds line ends comes back as data', async () => {
    const body = JSON.stringify({ title: 'a\r\nSet-Cookie: evil=1\r\n\r\nb' });
    const bytes = `POST /api/v1/notes HTTP/1.1\r\n${auth}${json}Content-Length: ${body.length}\r\n\r\n${body}`;
    const { responses } = await raw(server.url, bytes);
    assert.equal(responses[0].status, 201);
    assert.equal(responses[0].headers['set-cookie'], undefined);
    assert.equal(JSON.parse(responses[0].body).title, JSON.parse(body).title);
  });
});

describe('limits on the head', () => {
  refuses({
    'a header line of 64 KiB': get('/healthz', `X-Long: ${'a'.repeat(65536)}\r\n`),
    'a thousand headers': get('/healthz', Array.from({ length: 1000 }, (_, i) => `X-${i}: a\r\n`).join('')),
    'a target of 64 KiB': get(`/${'a'.repeat(65536)}`),
  }, [400, 413, 414, 431]);
});
