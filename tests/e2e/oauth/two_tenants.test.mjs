// A person of two tenants at the address that is everybody's: the person says in which of them an application may act.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startBrowser } from '../harness/browser.mjs';
import { makeKey, neighbour } from '../harness/contract.mjs';
import { callTool, rpc } from '../harness/mcp.mjs';
import { Person } from '../harness/person.mjs';
import { Agent, callback, personWith } from './agent.mjs';
import { answerOf, authorizePath, consent, decide, oauthConfig, registered, verifier } from './flow.mjs';
import { demoOnStore, joinAnother, signedIn } from './tenants.mjs';
import { claimsOf, tokenRequest } from './tokens.mjs';

const server = await demoOnStore(oauthConfig());
const first = { id: server.tenant, key: server.key };
const second = { id: await joinAnother(server, 'Second') };
second.key = (await makeKey(server, second.id)).key;
const foreign = await neighbour(server, 'Foreign');

const titlesOf = async (credential) => (await callTool(server, credential, 'notes_list')).items.map(({ title }) => title);
const note = (token, title) => callTool(server, token, 'notes_create', { title });

async function redeemed(client, answer) {
  const { status, json, text } = await tokenRequest(server, { grant_type: 'authorization_code', client_id: client, code: answer.code, code_verifier: verifier });
  assert.equal(status, 200, text);
  return json;
}
// Switches the session, which is another one then.
async function actIn(person, tenant) {
  assert.equal((await person.rest('PUT', '/auth/session/tenant', { tenant })).status, 200);
  person.csrf = undefined;
}
const connectionsOf = async (person, name) => (await person.rest('GET', '/connections')).json.items.filter((each) => each.name === name);

describe('a person who chooses on a page', () => {
  const name = 'Harbor Pilot';
  const tokens = {};
  let ada, client;

  test('is asked in which tenant, by their names', async () => {
    ada = await signedIn(server);
    client = await registered(server, undefined, { client_name: name });
    const { page } = await consent(ada, authorizePath(client));
    const offered = [...page.text.matchAll(/<option value="([^"]+)"[^>]*>([^<]+)</g)].map(([, id, shown]) => [id, shown]);
    assert.deepEqual(offered.map(([id]) => id).sort(), [first.id, second.id].sort());
    assert.ok(offered.some(([, shown]) => shown === 'Second'));
    assert.ok(!offered.some(([id]) => id === foreign.tenant));
  });

  test('has to choose, and one of their own', async () => {
    for (const more of [{}, { tenant: '' }, { tenant: 'acme' }, { tenant: foreign.tenant }]) {
      const refused = await decide(ada, await consent(ada, authorizePath(client)), 'approve', more);
      assert.equal(refused.status, 400, JSON.stringify(more));
      assert.equal(refused.headers.location, undefined);
    }
  });

  test('gets a token that acts in the chosen one, and in no other', async () => {
    const asked = await consent(ada, authorizePath(client));
    tokens.second = await redeemed(client, answerOf(await decide(ada, asked, 'approve', { tenant: second.id })));
    await note(tokens.second.access_token, 'Seen in the second');
    assert.ok((await titlesOf(second.key)).includes('Seen in the second'));
    assert.ok(!(await titlesOf(first.key)).includes('Seen in the second'));
    assert.ok(!(await titlesOf(foreign.key)).includes('Seen in the second'));
    assert.ok(!JSON.stringify(claimsOf(tokens.second.access_token)).includes(second.id), 'the token says nothing of it');
  });

  test('connects it once more for the other, which is a grant of its own', async () => {
    await actIn(ada, first.id);
    const asked = await consent(ada, authorizePath(client));
    assert.equal(asked.page.status, 200, 'what was approved in the second counts there alone');
    assert.match(asked.page.text, new RegExp(`value="${first.id}" selected`));
    tokens.first = await redeemed(client, answerOf(await decide(ada, asked, 'approve', { tenant: first.id })));
    await note(tokens.first.access_token, 'Seen in the first');
    assert.ok((await titlesOf(first.key)).includes('Seen in the first'));
    assert.ok(!(await titlesOf(second.key)).includes('Seen in the first'));
    assert.deepEqual(await titlesOf(tokens.second.access_token), ['Seen in the second']);
    assert.notEqual(claimsOf(tokens.first.access_token).grant, claimsOf(tokens.second.access_token).grant);
  });

  test('is not asked again where the session is in a tenant in which it was approved', async () => {
    for (const [tenant, title] of [[first.id, 'Seen in the first'], [second.id, 'Seen in the second']]) {
      await actIn(ada, tenant);
      const { page } = await consent(ada, authorizePath(client));
      const again = await redeemed(client, answerOf(page));
      assert.deepEqual(await titlesOf(again.access_token), [title]);
    }
  });

  test('is asked for more in the one where more is wanted', async () => {
    const narrow = await registered(server, undefined, { client_name: 'Narrow' });
    const path = (scope) => authorizePath(narrow, { scope });
    for (const [tenant, scope] of [[first.id, 'data:read data:write'], [second.id, 'data:read']]) {
      await redeemed(narrow, answerOf(await decide(ada, await consent(ada, path(scope)), 'approve', { tenant })));
    }
    const statusIn = async (tenant) => {
      await actIn(ada, tenant);
      return (await consent(ada, path('data:write'))).page.status;
    };
    assert.deepEqual([await statusIn(first.id), await statusIn(second.id)], [303, 200]);
  });

  test('sees both, and disconnects one without the other', async () => {
    const shown = await connectionsOf(ada, name);
    assert.deepEqual(shown.map(({ tenant }) => tenant).sort(), [first.id, second.id].sort());
    assert.ok(shown.some((each) => each.tenant === second.id && each.tenant_name === 'Second'));
    const page = (await ada.get('/account/connections')).text;
    assert.equal(page.split(`<h2>${name}</h2>`).length - 1, 2);
    const { id } = shown.find(({ tenant }) => tenant === second.id);
    assert.equal((await ada.rest('DELETE', `/connections/${id}`)).status, 200);
    assert.equal((await rpc(server, tokens.second.access_token, 'tools/list')).status, 401);
    assert.equal((await tokenRequest(server, { grant_type: 'refresh_token', client_id: client, refresh_token: tokens.second.refresh_token })).json.error, 'invalid_grant');
    assert.deepEqual(await titlesOf(tokens.first.access_token), ['Seen in the first']);
    assert.deepEqual((await connectionsOf(ada, name)).map(({ tenant }) => tenant), [first.id]);
    assert.equal((await consent(ada, authorizePath(client))).page.status, 200, 'and is asked there again');
    const rest = (await connectionsOf(ada, name))[0];
    assert.equal((await ada.rest('DELETE', `/connections/${rest.id}`)).status, 200);
    assert.equal((await rpc(server, tokens.first.access_token, 'tools/list')).status, 401);
    assert.deepEqual(await connectionsOf(ada, name), []);
  });

  test('who signs in for it alone is asked, too', async () => {
    const stranger = new Person(server);
    const began = await stranger.get(authorizePath(client));
    await stranger.form('/sign-in', { ...server.console, next: began.headers.location });
    assert.match((await stranger.get(began.headers.location)).text, /<select[^]*Second/);
  });
});

describe('in a browser, with the official SDK', async () => {
  const browser = await startBrowser();
  const back = await callback();
  const person = personWith(browser, server.console);
  // One installation of the application for each tenant, as a person has it who works in both.
  const agents = {};

  for (const [where, tenant] of [['second', second], ['first', first]]) {
    test(`the person lets it act in the ${where} of the two`, async () => {
      const agent = new Agent('Harbor Crane', 'v2', server.mcp, back);
      if (agents.second) agent.saveClientInformation(agents.second.clientInformation());
      agents[where] = agent;
      const client = await agent.connect(person.decide('approve', { tenant: tenant.id }));
      const made = await client.callTool({ name: 'notes_create', arguments: { title: `Craned in the ${where}` } });
      assert.ok(!made.isError, JSON.stringify(made));
      await client.close();
      assert.ok((await titlesOf(tenant.key)).includes(`Craned in the ${where}`));
      assert.ok(!(await titlesOf(tenant === first ? second.key : first.key)).includes(`Craned in the ${where}`));
    });
  }

  test('and disconnects one of them on the page', async () => {
    assert.deepEqual(person.pages, ['sign-in', 'consent', 'consent']);
    const page = await person.context.newPage();
    await page.goto(`${server.url}/account/connections`);
    const ofSecond = page.locator('h2:has-text("Harbor Crane") + p:has-text("in Second") + form button');
    assert.equal(await page.locator('h2', { hasText: 'Harbor Crane' }).count(), 2);
    await ofSecond.click();
    await page.waitForLoadState();
    assert.equal(await page.locator('h2', { hasText: 'Harbor Crane' }).count(), 1);
    assert.equal(await ofSecond.count(), 0);
    assert.equal((await rpc(server, agents.second.tokens().access_token, 'tools/list')).status, 401);
    assert.equal((await rpc(server, agents.first.tokens().access_token, 'tools/list')).status, 200);
  });
});
