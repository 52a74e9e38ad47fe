// HAProxy with examples/gateways/haproxy.cfg and its Lua action.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bearer, request } from '../harness/http.mjs';
import { temporaryFolder } from '../harness/server.mjs';
import { gatewayCases } from './cases.mjs';
import { example, serveVerify, startApplication, startHaproxy } from './started.mjs';

gatewayCases('HAProxy', startHaproxy);

test('a script that fails lets nobody through', async () => {
  const server = await serveVerify();
  const application = await startApplication();
  const { key } = await server.tenant('Broken', 'data:read');
  const script = join(temporaryFolder(), 'broken.lua');
  for (const body of ['error("broken")', 'return', 'core.msleep(1)']) {
    writeFileSync(script, `core.register_action("keystead", { "http-req" }, function(txn) ${body} end, 0)\n`);
    const gateway = await startHaproxy(server, application, [[example('haproxy-verify.lua'), script]]);
    assert.equal((await request(`${gateway.url}/tasks`, { headers: bearer(key) })).status, 503, body);
  }
  assert.deepEqual(application.requests, []);
});
