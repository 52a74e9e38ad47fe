// 64 at once with the same code, or the same refresh token, on both databases: one winner, and no fork.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { rpc } from '../harness/mcp.mjs';
import { Person } from '../harness/person.mjs';
import { database } from '../harness/postgres.mjs';
import { demo } from '../harness/server.mjs';
import { answerOf, authorizePath, consent, decide, oauthConfig, registered, verifier } from './flow.mjs';
import { introspect, revoke } from './tokens.mjs';

const rounds = Number(process.env.KEYSTEAD_RACE_ROUNDS ?? 3);
const parallel = 64;

// The servers end with the file, so they are started outside of its suites.
async function start(store) {
  const place = store === 'postgres' ? await database() : undefined;
  const server = await demo({ config: `${oauthConfig()}rate_limits: { address: 100000/1m }\n`, data: place?.url });
  const person = new Person(server);
  await person.signIn(server.console.email, server.console.password);
  return { store, place, server, person, client: await registered(server) };
}
const stores = [await start('sqlite'), await start('postgres')];

for (const { store, place, server, person, client } of stores) {
  describe(store, () => {
    const post = (body) => request(`${server.url}/oauth/token`, {
      method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ client_id: client, ...body }).toString(),
    });
    const atOnce = (body) => Promise.all(Array.from({ length: parallel }, () => post(body)));
    const alive = async (token) => (await rpc(server, token, 'tools/list')).status === 200;
    const approved = async () => {
      // The person may have approved before; then nobody is asked again.
      const began = await consent(person, authorizePath(client, { prompt: 'consent' }));
      const { code } = answerOf(await decide(person, began, 'approve'));
      return { grant_type: 'authorization_code', code, redirect_uri: 'https://app.example/cb', code_verifier: verifier };
    };

    test('Attack47 Attack45: one redeems a code, and because the others tried, nothing of it is left', async () => {
      for (let round = 0; round < rounds; ++round) {
        const answers = await atOnce(await approved());
        const [winner, ...others] = answers.filter(({ status }) => status === 200);
        assert.ok(winner);
        assert.equal(others.length, 0);
        assert.ok(answers.every(({ status, json }) => status === 200 || json.error === 'invalid_grant'));
        assert.ok(!(await alive(winner.json.access_token)));
      }
    });

    test('Attack54: all who refresh at once get the same successor, which is good', async () => {
      for (let round = 0; round < rounds; ++round) {
        let { refresh_token } = (await post(await approved())).json;
        const answers = await atOnce({ grant_type: 'refresh_token', refresh_token });
        assert.ok(answers.every(({ status }) => status === 200), answers.find(({ status }) => status !== 200)?.text);
        const successors = new Set(answers.map(({ json }) => json.refresh_token));
        assert.equal(successors.size, 1);
        assert.notEqual([...successors][0], refresh_token);
        const next = await post({ grant_type: 'refresh_token', refresh_token: [...successors][0] });
        assert.equal(next.status, 200, next.text);
        assert.ok(await alive(next.json.access_token));
      }
    });

    test('Attack69: while the store does not answer, nothing is said to be revoked or inactive', { skip: store === 'sqlite' }, async () => {
      const { refresh_token } = (await post(await approved())).json;
      await place.sql('ALTER TABLE keystead.refresh_token RENAME TO hidden');
      const key = { client_id: 'my-script', client_secret: server.key };
      assert.equal((await revoke(server, { client_id: client, token: refresh_token })).status, 503);
      assert.equal((await introspect(server, { ...key, token: refresh_token })).status, 503);
      assert.equal((await post({ grant_type: 'refresh_token', refresh_token })).status, 503);
      await place.sql('ALTER TABLE keystead.hidden RENAME TO refresh_token');
      assert.equal((await post({ grant_type: 'refresh_token', refresh_token })).status, 200);
    });
  });
}
