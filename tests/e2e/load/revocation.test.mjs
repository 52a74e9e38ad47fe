// Attack9 under load: connections hammer a key while it is revoked. A request that was sent after the command had returned is
// never let in. Run with ThreadSanitizer as well.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { bearer, request } from '../harness/http.mjs';
import { serve } from '../harness/server.mjs';

const server = await serve();
const { tenant } = await server.tenant('Load');

test('Attack9: no request sent after the acknowledgement is let in', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  for (let round = 0; round < 6; ++round) {
    const { key, id } = await server.key(tenant);
    const counts = { before: 0, during: 0, after: 0, refused: 0 };
    let phase = 'before';
    let going = true;

    const hammer = async () => {
      while (going) {
        const sent = phase;
        const { status } = await request(`${server.url}/api/v1/notes?limit=1`, { headers: bearer(key), agent });
        assert.ok(status === 200 || status === 401, String(status));
        if (status === 200) ++counts[sent];
        else ++counts.refused;
      }
    };
    const hammers = Array.from({ length: 32 }, hammer);
    while (counts.before < 200) await request(`${server.url}/healthz`, { agent });
    phase = 'during';
    await server.admin('key', 'revoke', id);
    phase = 'after';
    const refused = counts.refused;
    while (counts.refused < refused + 200) await request(`${server.url}/healthz`, { agent });
    going = false;
    await Promise.all(hammers);
    assert.equal(counts.after, 0, JSON.stringify(counts));
  }
  agent.destroy();
});
