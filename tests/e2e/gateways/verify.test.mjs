// /verify itself, as a gateway asks it: who may ask, what it answers, and what it does not believe.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { bearer, raw, request } from '../harness/http.mjs';
import { keysteadRefuses } from '../harness/keystead.mjs';
import { plainConfig, serve, temporaryFolder } from '../harness/server.mjs';
import { claimsOf, serveVerify } from './started.mjs';

const identity = ['subject', 'tenant', 'environment', 'scopes', 'identity'].map((name) => `x-keystead-${name}`);
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY'];

test('without a secret the caller is named, and nothing is signed', async () => {
  const server = await serve({ config: `${plainConfig}verify: { enabled: true }\n` });
  const reader = await server.tenant('Readers', 'data:read');
  const { status, headers } = await request(`${server.url}/verify`, { headers: bearer(reader.key) });
  assert.equal(status, 200);
  assert.equal(headers['x-keystead-tenant'], reader.tenant);
  assert.equal(headers['x-keystead-identity'], '');
});

test('it is nowhere unless the configuration asks for it', async () => {
  const server = await serve();
  const { key } = await server.tenant('Readers', 'data:read');
  assert.equal((await request(`${server.url}/verify`, { headers: bearer(key) })).status, 404);
});

describe('/verify', async () => {
  const server = await serveVerify();
  let reader;
  before(async () => {
    reader = await server.tenant('Readers', 'data:read');
  });
  const ask = (path, headers = {}, method = 'GET') => request(`${server.url}${path}`, { method, headers });

  test('names the caller in headers, and once more in a statement that is signed', async () => {
    const { status, headers } = await ask('/verify', bearer(reader.key));
    assert.equal(status, 200);
    assert.equal(headers['x-keystead-subject'], `key:${reader.id}`);
    assert.equal(headers['x-keystead-tenant'], reader.tenant);
    assert.equal(headers['x-keystead-scopes'], 'data:read');
    assert.equal(headers['x-keystead-environment'], '');
    const { iss, iat, exp, ...claims } = claimsOf(headers['x-keystead-identity'], server.secret);
    assert.deepEqual(claims, { sub: `key:${reader.id}`, tenant: reader.tenant, scope: 'data:read' });
    assert.equal(iss, server.url);
    assert.equal(exp, iat + 60);
    assert.equal(headers['cache-control'], 'no-store');
  });

  test('answers every method and every path below it, always without a body', async () => {
    for (const method of methods) {
      for (const path of ['/verify', '/verify/', '/verify/a/b?x=1']) {
        for (const [headers, status] of [[bearer(reader.key), 200], [{}, 401], [bearer('nonsense'), 401]]) {
          const answer = await ask(path, headers, method);
          assert.equal(answer.status, status, `${method} ${path}`);
          assert.equal(answer.text, '');
          assert.equal(answer.headers['content-type'], undefined);
          for (const name of identity) assert.equal(name in answer.headers, status === 200, name);
        }
      }
    }
  });

  test('has no body when it refuses the question or the client', async () => {
    for (const [path, headers, status] of [
      ['/verify?scope=data:write', {}, 403], ['/verify?scope=unknown', {}, 403], ['/verify?api_key=x', {}, 400],
      ['/verify', { 'x_keystead_tenant': 'x' }, 400], ['/verify', { 'x-api-key': 'other' }, 400],
    ]) {
      const answer = await ask(path, { ...bearer(reader.key), ...headers });
      assert.equal(answer.status, status, path);
      assert.equal(answer.text, '');
      assert.match(answer.headers['x-request-id'], /^[0-9a-f-]{36}$/);
      for (const name of identity) assert.ok(!(name in answer.headers));
    }
    assert.match(server.log, /"verify.misasked".*unknown scope: unknown/);
  });

  test('asks the same decision as a call of the tool', async () => {
    const writer = await server.key(reader.tenant, 'data:write');
    for (const [tool, reads, writes] of [['notes_list', 200, 200], ['notes_create', 403, 200], ['whoami', 200, 200], ['nothing', 403, 403]]) {
      assert.equal((await ask(`/verify?tool=${tool}`, bearer(reader.key))).status, reads, tool);
      assert.equal((await ask(`/verify?tool=${tool}`, bearer(writer.key))).status, writes, tool);
    }
  });

  test('no preflight and no Origin passes without a key', async () => {
    const preflight = { origin: server.url, 'access-control-request-method': 'GET' };
    const answer = await ask('/verify', preflight, 'OPTIONS');
    assert.equal(answer.status, 401);
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    assert.equal((await ask('/verify', { ...bearer(reader.key), origin: 'https://elsewhere.example' })).status, 200);
  });

  test('answers on one connection what is asked on it', async () => {
    const get = (key) => `GET /verify HTTP/1.1\r\nHost: k\r\nX-API-Key: ${key}\r\n\r\n`;
    const { responses, closed } = await raw(server.url, get(reader.key) + get('nonsense') + get(reader.key), { expect: 3 });
    assert.deepEqual(responses.map(({ status }) => status), [200, 401, 200]);
    assert.ok(!closed);
  });

  test('Attack118: a path of Envoy\'s client with two readings is refused', async () => {
    for (const path of ['/verify/a/../b', '/verify/..%2fapi', '/verify/%2e%2e/x', '/verify//a', '/verify/a%00']) {
      const { responses } = await raw(server.url, `GET ${path} HTTP/1.1\r\nHost: k\r\nX-API-Key: ${reader.key}\r\n\r\n`);
      assert.equal(responses[0].status, 400, path);
    }
  });

  test('Attack114 Attack115: what the client sent under our names is not answered', async () => {
    const forged = Object.fromEntries(identity.map((name) => [name, 'forged']));
    const answer = await ask('/verify', { ...bearer(reader.key), ...forged });
    assert.equal(answer.status, 200);
    assert.ok(!JSON.stringify(answer.headers).includes('forged'));
    const { responses } = await raw(
      server.url, `GET /verify HTTP/1.1\r\nHost: k\r\nX-API-Key: ${reader.key}\r\nConnection: close, X-Keystead-Tenant\r\n\r\n`,
    );
    assert.equal(responses[0].status, 400);
  });
});

describe('/verify for whoever may not ask', async () => {
  const env = { E2E_VERIFY_SECRET: 's'.repeat(32) };
  const verify = 'verify: { secret: "${E2E_VERIFY_SECRET}", from: [192.0.2.0/24] }\n';
  const hidden = await serve({ config: `${plainConfig}${verify}trusted_proxies: [127.0.0.1]\n`, env });
  const without = await serve();

  test('Attack116: is not there, whatever address is claimed', async () => {
    for (const server of [hidden, without]) {
      const { key } = await server.tenant('Strangers', 'data:read');
      for (const method of methods) {
        for (const path of ['/verify', '/verify/a']) {
          const headers = { ...bearer(key), 'x-forwarded-for': '192.0.2.1', 'x-real-ip': '192.0.2.1' };
          const asked = await request(`${server.url}${path}`, { method, headers });
          const nothing = await request(`${server.url}/nothing`, { method, headers });
          assert.equal(asked.status, 404);
          assert.equal(asked.headers['content-length'], nothing.headers['content-length']);
          assert.equal(asked.text, nothing.text);
          assert.deepEqual(Object.keys(asked.headers), Object.keys(nothing.headers));
        }
      }
    }
  });
});

test('a secret that is short, or that stands in the file, is refused', async () => {
  const file = join(temporaryFolder(), 'keystead.yaml');
  for (const secret of ['"${E2E_VERIFY_SECRET}"', '"0123456789abcdef0123456789abcdef"']) {
    writeFileSync(file, `${plainConfig}verify: { secret: ${secret} }\n`);
    assert.match(await keysteadRefuses(['config', 'check', file], { env: { E2E_VERIFY_SECRET: 'short' } }), /verify\.secret/);
  }
});
