// What a caller hears whose key is missing, malformed, unknown, wrong, expired or revoked.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bearer, request, rest } from '../harness/http.mjs';
import { rpc } from '../harness/mcp.mjs';
import { serve } from '../harness/server.mjs';

const server = await serve();
const good = await server.tenant('Refusals');
const bad = {};

before(async () => {
  const revoked = await server.key(good.tenant);
  await server.admin('key', 'revoke', revoked.id);
  const soon = new Date(Date.now() + 2000).toISOString().replace(/\.\d+/, '');
  const expired = await server.admin('key', 'create', '--tenant', good.tenant, '--name', 'short', '--expires', soon);
  const last = good.key.at(-1) === 'A' ? 'B' : 'A';
  Object.assign(bad, {
    unknown: good.key.replace(/_.{8}_.{32}$/, `_${'Zz09'.repeat(2)}_${'Yy18'.repeat(8)}`),
    wrong: good.key.slice(0, -1) + last,
    revoked: revoked.key,
    expired: expired.key,
    malformed: 'e2e_short',
    foreign: 'sk-something-else-entirely',
  });
  await sleep(2500);
});

test('the good key is let in', async () => {
  assert.equal((await rpc(server, good.key, 'tools/list')).status, 200);
  assert.equal((await rest(server, good.key, 'GET', '/notes')).status, 200);
});

const doors = {
  'POST /mcp': (key) => rpc(server, key, 'tools/list'),
  'GET /mcp': (key) => request(server.mcp, { headers: { accept: 'text/event-stream', ...(key && bearer(key)) } }),
  'GET /api/v1/notes': (key) => rest(server, key, 'GET', '/notes'),
  'POST /api/v1/notes': (key) => rest(server, key, 'POST', '/notes', { title: 'x' }),
};

function assertChallenge(answer) {
  assert.equal(answer.status, 401, answer.text);
  // Clients want the scheme first and at least one parameter behind it.
  assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer [a-z_]+="[^"]*"/);
}

for (const [door, knock] of Object.entries(doors)) {
  describe(door, () => {
    test('answers 401 with a challenge to a caller without a key', async () => {
      const answer = await knock(undefined);
      assertChallenge(answer);
      // RFC 6750 §3.1: who did not try to authenticate is not told what was wrong.
      assert.doesNotMatch(answer.headers['www-authenticate'], /error=/);
    });

    for (const kind of ['unknown', 'wrong', 'revoked', 'expired', 'malformed', 'foreign']) {
      test(`answers 401 with a challenge to a key that is ${kind}`, async () => {
        const answer = await knock(bad[kind]);
        assertChallenge(answer);
        assert.match(answer.headers['www-authenticate'], /error="invalid_token"/);
        assert.ok(!answer.text.includes(bad[kind]), 'the key is not repeated');
      });
    }

    test('Attack1 Attack12: unknown, wrong, revoked and expired look the same, byte for byte', async () => {
      const seen = new Set();
      for (const kind of ['unknown', 'wrong', 'revoked', 'expired', 'unknown', 'wrong']) {
        const { status, text, rawHeaders } = await knock(bad[kind]);
        // The date and the id of the request are each answer's own.
        const lines = rawHeaders.join('\n').replace(/\n[^\n]*GMT/, '').replace(/X-Request-Id\n[^\n]*/, '');
        seen.add(`${status}\n${lines}\n${text}`);
      }
      assert.equal(seen.size, 1, [...seen].join('\n---\n'));
    });
  });
}

test('Attack14: a key ends at the second that it names', async () => {
  const end = Math.ceil(Date.now() / 1000) * 1000 + 2000;
  const expires = new Date(end).toISOString().replace(/\.\d+/, '');
  const made = await server.admin('key', 'create', '--tenant', good.tenant, '--name', 'clock', '--expires', expires);
  assert.equal(new Date(made.expires_at).getTime(), end);
  let early = 0;
  let late = 0;
  while (late < 20) {
    const sent = Date.now();
    const { status } = await rpc(server, made.key, 'ping');
    const answered = Date.now();
    if (answered < end) {
      assert.equal(status, 200, `${end - answered} ms before the end`);
      ++early;
    } else if (sent >= end) {
      assert.equal(status, 401, `${sent - end} ms after the end`);
      ++late;
    }
  }
  assert.ok(early > 0);
});
