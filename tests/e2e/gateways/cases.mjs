// What has to be so behind every gateway.
import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { bearer, raw, request } from '../harness/http.mjs';
import { claimsOf, freePort, serveVerify, startApplication } from './started.mjs';

const names = ['Subject', 'Tenant', 'Environment', 'Scopes', 'Identity'].map((name) => `X-Keystead-${name}`);
const plain = (name) => name.toLowerCase().replaceAll(/[_.]/g, '-');

// `keepsEveryHeader`: the gateway forwards names with _ and . in them, also where Keystead is not asked.
export function gatewayCases(name, start, { keepsEveryHeader = false } = {}) {
  describe(name, async () => {
    const server = await serveVerify('rate_limits: { address: 1000/1s }\n');
    const application = await startApplication();
    const gateway = await start(server, application);
    const { requests } = application;
    let reader;
    let writer;

    before(async () => {
      reader = await server.tenant('Readers', 'data:read');
      writer = await server.key(reader.tenant, 'data:write');
    });
    beforeEach(() => requests.splice(0));

    const ask = (path, headers = {}, options = {}) => request(`${gateway.url}${path}`, { headers, ...options });
    // What the application was told under our names, however they are spelt.
    const told = ({ headers }) => headers.filter(([header]) => plain(header).startsWith('x-keystead-'));
    const assertToldOnlyTheTruth = (asked, { id, tenant }, scopes) => {
      const pairs = Object.fromEntries(told(asked));
      const { 'X-Keystead-Identity': jws, ...others } = Object.fromEntries(
        names.map((each) => [each, pairs[each] ?? pairs[each.toLowerCase()] ?? '']),
      );
      assert.deepEqual(others, {
        'X-Keystead-Subject': `key:${id}`, 'X-Keystead-Tenant': tenant, 'X-Keystead-Environment': '', 'X-Keystead-Scopes': scopes,
      });
      const { iss, iat, exp, ...claims } = claimsOf(jws, server.secret);
      assert.deepEqual(claims, { sub: `key:${id}`, tenant, scope: scopes });
      assert.equal(iss, server.url);
      assert.equal(exp, iat + 60);
      assert.ok(Math.abs(iat - Date.now() / 1000) < 60);
      assert.equal(told(asked).length, 4, JSON.stringify(asked.headers));
    };
    const assertRefused = (answer, status) => {
      assert.equal(answer.status, status, answer.text);
      assert.deepEqual(requests, [], 'the application was not asked');
    };

    test('a good key passes, and the application is told who it is', async () => {
      for (const headers of [bearer(reader.key), { 'x-api-key': reader.key }]) {
        requests.splice(0);
        const answer = await ask('/tasks?page=2', headers);
        assert.equal(answer.status, 200, gateway.log);
        assert.equal(answer.text, 'served');
        assert.equal(requests[0].url, '/tasks?page=2');
        assertToldOnlyTheTruth(requests[0], reader, 'data:read');
      }
    });

    test('a body passes whole', async () => {
      const body = 'x'.repeat(50_000);
      for (const length of [{ 'content-length': body.length }, { 'transfer-encoding': 'chunked' }]) {
        requests.splice(0);
        const answer = await ask('/tasks', { ...bearer(writer.key), ...length }, { method: 'POST', body });
        assert.equal(answer.status, 200, gateway.log);
        assert.equal(requests[0].method, 'POST');
        assert.equal(requests[0].body, body);
      }
    });

    test('Attack74: the key does not reach the application', async () => {
      await ask('/tasks', bearer(reader.key));
      await ask('/tasks', { 'x-api-key': reader.key });
      assert.equal(requests.length, 2);
      assert.ok(!JSON.stringify(requests).includes(reader.key));
      for (const { headers } of requests) {
        assert.ok(!headers.some(([header]) => ['authorization', 'x-api-key'].includes(header.toLowerCase())));
      }
    });

    test('no key is challenged', async () => {
      const answer = await ask('/tasks');
      assertRefused(answer, 401);
      assert.match(answer.headers['www-authenticate'], /^Bearer realm="[^"]+"$/);
      assert.match(answer.headers['x-request-id'], /^[0-9a-f-]{36}$/);
    });

    test('an unknown key is challenged', async () => {
      const answer = await ask('/tasks', bearer(`e2e_Unknown0_${'x'.repeat(32)}`));
      assertRefused(answer, 401);
      assert.match(answer.headers['www-authenticate'], /^Bearer realm="[^"]+", error="invalid_token"$/);
    });

    test('Attack9: a revoked key does not pass once more', async () => {
      const { key, id } = await server.key(reader.tenant, 'data:read');
      for (let i = 0; i < 5; ++i) assert.equal((await ask('/tasks', bearer(key))).status, 200);
      await server.admin('key', 'revoke', id);
      requests.splice(0);
      for (let i = 0; i < 5; ++i) assertRefused(await ask('/tasks', bearer(key)), 401);
    });

    test('what needs a scope is refused without it, and says which', async () => {
      const answer = await ask('/reports/1', bearer(reader.key));
      assertRefused(answer, 403);
      assert.match(answer.headers['www-authenticate'], /error="insufficient_scope", scope="data:write"/);
      assert.equal((await ask('/reports/1', bearer(writer.key))).status, 200);
      assertToldOnlyTheTruth(requests[0], writer, 'data:read data:write');
    });

    test('a denial at the gateway can be explained', async () => {
      const answer = await ask('/reports/1', bearer(reader.key));
      const why = await server.admin('why', answer.headers['x-request-id']);
      assert.equal(why.scope_needed, 'data:write');
      assert.deepEqual(why.scopes_held, ['data:read']);
    });

    test('Attack4: a key in the URL is refused', async () => {
      assertRefused(await ask(`/tasks?api_key=${reader.key}`, bearer(reader.key)), 400);
      assertRefused(await ask(`/tasks?x=${reader.key}`), 400);
    });

    test('Attack3: two credentials that disagree are refused', async () => {
      assertRefused(await ask('/tasks', { ...bearer(reader.key), 'x-api-key': writer.key }), 400);
    });

    test('Attack115: no spelling of an identity header that a client sends reaches the application', async () => {
      const spellings = names.flatMap((each) => [
        each, each.toLowerCase(), each.toUpperCase(), each.replaceAll('-', '_'), each.replaceAll('-', '.'), each.replace('-', '_'),
        each.replace(/-(?=[^-]*$)/, '.'),
      ]);
      for (const spelling of [...spellings, 'X_KEYSTEAD_ADMIN']) {
        requests.splice(0);
        const answer = await ask('/tasks', { ...bearer(reader.key), [spelling]: 'forged' });
        if (answer.status === 400) assert.deepEqual(requests, []);
        else assertToldOnlyTheTruth(requests[0], reader, 'data:read');
        assert.ok(!JSON.stringify(requests).includes('forged'), spelling);
      }
    });

    test('Attack115: not where no key is needed either', { skip: keepsEveryHeader }, async () => {
      for (const each of names) {
        requests.splice(0);
        await ask('/health', { [each]: 'forged', [each.replaceAll('-', '_')]: 'forged' });
        assert.ok(!JSON.stringify(requests).includes('forged'), each);
      }
    });

    test('Attack114: a Connection header takes nothing from the application', async () => {
      for (const list of [names.join(', '), 'close, x-keystead-tenant', 'X_Keystead_Identity']) {
        requests.splice(0);
        const { responses } = await raw(gateway.url, [
          'GET /tasks HTTP/1.1', 'Host: gateway', `Authorization: Bearer ${reader.key}`, `Connection: ${list}`, '', '',
        ].join('\r\n'));
        if (responses[0].status === 400) {
          assert.deepEqual(requests, []);
          continue;
        }
        assertToldOnlyTheTruth(requests[0], reader, 'data:read');
        const connections = requests[0].headers.filter(([header]) => header.toLowerCase() === 'connection');
        assert.doesNotMatch(JSON.stringify(connections), /keystead/i);
      }
    });

    test('Attack116: an address that a client claims to have counts for nothing', async () => {
      const where = ['--tenant', reader.tenant, '--scope', 'data:read'];
      const elsewhere = await server.admin('key', 'create', '--name', 'bound', ...where, '--allow-address', '203.0.113.7');
      const here = await server.admin('key', 'create', '--name', 'local', ...where, '--allow-address', '127.0.0.1');
      for (const claim of ['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'X-Client-IP', 'True-Client-IP', 'CF-Connecting-IP']) {
        const value = claim === 'Forwarded' ? 'for=203.0.113.7' : '203.0.113.7';
        requests.splice(0);
        assertRefused(await ask('/tasks', { ...bearer(elsewhere.key), [claim]: value }), 403);
        assert.equal((await ask('/tasks', { ...bearer(here.key), [claim]: value })).status, 200, claim);
      }
      const seen = requests[0].headers.filter(([header]) => header.toLowerCase() === 'x-forwarded-for');
      assert.doesNotMatch(JSON.stringify(seen), /203/);
    });

    test('Attack117: only the public path itself is public', async () => {
      assert.equal((await ask('/health?x=1')).status, 200);
      assert.equal(requests[0].url.split('?')[0], '/health');
      requests.splice(0);
      for (const path of ['/tasks?/health', '/tasks/health', '/healthz', '/health/', '/HEALTH', '/tasks#/health']) {
        for (const agent of ['kube-probe/1.30', 'ELB-HealthChecker/2.0', 'GoogleHC/1.0']) {
          assertRefused(await ask(path, { 'user-agent': agent }), 401);
        }
      }
    });

    test('Attack118: a path with two readings is refused', async () => {
      for (const path of [
        '/tasks/..%2freports/1', '/tasks/../reports/1', '/tasks/%2e%2e/reports/1', '//reports/1', '/tasks//../reports/1',
        '/health/../tasks', '/tasks/..%2fhealth', '/tasks/..;/reports/1', '/reports%2f1', '/tasks\\..\\reports', '/%2566/..%5creports',
      ]) {
        const { responses } = await raw(
          gateway.url, `GET ${path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${reader.key}\r\nConnection: close\r\n\r\n`,
        );
        assert.equal(responses[0].status, 400, path);
      }
      assert.deepEqual(requests, []);
    });

    test('Attack124: identity headers are no credential', async () => {
      const forged = Object.fromEntries(names.map((each) => [each, 'x']));
      assertRefused(await ask('/tasks', forged), 401);
      assertRefused(await ask('/tasks', { ...forged, 'x-keystead-dev': '1', 'x-tenant-id': reader.tenant, 'x-user': 'admin' }), 401);
    });

    test('a client cannot ask /verify through the gateway', async () => {
      const answer = await ask('/verify?tenant=any', bearer(reader.key));
      assert.equal(answer.text, 'served', 'it is a path of the application');
      assert.equal(answer.headers['x-keystead-tenant'], undefined);
      assert.equal((await ask('/_keystead/any', bearer(reader.key))).headers['x-keystead-tenant'], undefined);
    });

    test('an Origin is for the application to judge, and a preflight is no pass', async () => {
      const origin = 'https://app.example.com';
      assert.equal((await ask('/tasks', { ...bearer(reader.key), origin })).status, 200);
      requests.splice(0);
      assertRefused(await ask('/tasks', { origin }, { method: 'OPTIONS' }), 401);
    });

    test('a limit that is reached is told to the client', async () => {
      const limited = await serveVerify('rate_limits: { key: 2/1h }\n');
      const through = await start(limited, application);
      const { key } = await limited.tenant('Limited', 'data:read');
      const send = () => request(`${through.url}/tasks`, { headers: bearer(key) });
      assert.equal((await send()).status, 200);
      assert.equal((await send()).status, 200);
      requests.splice(0);
      const answer = await send();
      assertRefused(answer, 429);
      assert.ok(Number(answer.headers['retry-after']) > 0);
    });

    test('nobody passes while Keystead does not answer', async () => {
      const through = await start({ url: `http://127.0.0.1:${await freePort()}` }, application);
      const answer = await request(`${through.url}/tasks`, { headers: bearer(reader.key) });
      assertRefused(answer, 503);
      assert.equal((await request(`${through.url}/health`)).status, 200);
    });
  });
}
