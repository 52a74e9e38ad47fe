// Adding the server by its address to an MCP client that nobody adapted: both official SDKs, with a real browser.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, describe, test } from 'node:test';
import { startBrowser } from '../harness/browser.mjs';
import { Person } from '../harness/person.mjs';
import { demo, serve } from '../harness/server.mjs';
import { Agent, callback, personWith } from './agent.mjs';
import { authorizePath, oauthConfig, published, registered } from './flow.mjs';

const browser = await startBrowser();
let server = await demo({ config: oauthConfig(', access_token: 2s') });
const { email, password } = server.console;
const back = await callback();
const expired = () => new Promise((resolve) => setTimeout(resolve, 2100));

const toolsOf = async (client) => (await client.listTools()).tools.map(({ name }) => name);
async function restAs() {
  const person = new Person(server);
  await person.signIn(email, password);
  return person;
}

for (const sdk of ['v1', 'v2']) {
  describe(`the official SDK ${sdk}`, () => {
    const person = personWith(browser, { email, password });
    const agent = new Agent(`Agent ${sdk}`, sdk, server.mcp, back);

    test('connects: the person signs in, approves, and its calls are answered', async () => {
      const client = await agent.connect(person.decide('approve'));
      assert.deepEqual(person.pages, ['sign-in', 'consent']);
      assert.match(person.lastPage, new RegExp(`Agent ${sdk}`));
      assert.ok((await toolsOf(client)).includes('notes_list'));
      const made = await client.callTool({ name: 'notes_create', arguments: { title: 'By an agent' } });
      assert.ok(!made.isError, JSON.stringify(made));
      await client.close();
    });

    test('goes on when its token is over, and nobody is asked', async () => {
      const before = agent.tokens();
      await expired();
      const client = await agent.connect(() => assert.fail('nobody needs to be asked'));
      await toolsOf(client);
      await client.close();
      assert.notEqual(agent.tokens().access_token, before.access_token);
      assert.notEqual(agent.tokens().refresh_token, before.refresh_token);
    });

    test('is shown among the connected apps', async () => {
      const { json } = await (await restAs()).rest('GET', '/connections');
      const shown = json.items.find(({ name }) => name === `Agent ${sdk}`);
      assert.deepEqual(shown.scopes, ['data:read', 'data:write']);
      assert.match(shown.host, /^127\.0\.0\.1/);
      assert.ok(shown.first_approved_at <= shown.last_used_at);
    });

    test('connects again without a question when it has lost its tokens', async () => {
      agent.invalidateCredentials('tokens');
      person.pages.length = 0;
      const client = await agent.connect(person.decide('approve'));
      assert.deepEqual(person.pages, []);
      await toolsOf(client);
      await client.close();
    });

    test('is refused from the next request on when the person disconnects it, and asks again', async () => {
      const client = await agent.connect(() => assert.fail('it is connected'));
      await toolsOf(client);
      const me = await restAs();
      const shown = (await me.rest('GET', '/connections')).json.items.find(({ name }) => name === `Agent ${sdk}`);
      assert.equal((await me.rest('DELETE', `/connections/${shown.id}`)).status, 200);
      const { access_token: token } = agent.tokens();
      const refused = await fetch(server.mcp, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{}' });
      assert.equal(refused.status, 401);
      assert.equal((await me.rest('GET', '/connections')).json.items.some(({ name }) => name === `Agent ${sdk}`), false);
      person.pages.length = 0;
      const again = await agent.connect(person.decide('approve'));
      assert.deepEqual(person.pages, ['consent']);
      await toolsOf(again);
      await Promise.all([client.close(), again.close()]);
    });

    test('is told when the person says no', async () => {
      const denied = new Agent('Denied', sdk, server.mcp, back);
      await assert.rejects(denied.connect(person.decide('deny')), /access_denied/);
    });
  });
}

for (const sdk of ['v1', 'v2']) {
  test(`a client with a metadata document needs no registration, with the SDK ${sdk}`, async () => {
    const name = `Documented Agent ${sdk}`;
    const { id } = await published({ redirect_uris: ['http://127.0.0.1/callback'], client_name: name });
    // The SDK takes https alone; this is the operator's own host.
    const agent = new Agent('ignored', sdk, server.mcp, back);
    agent.saveClientInformation({ client_id: id });
    const person = personWith(browser, { email, password });
    const client = await agent.connect(person.decide('approve'));
    assert.match(person.lastPage, new RegExp(name));
    assert.ok((await toolsOf(client)).includes('notes_list'));
    await client.close();
  });
}

test('an application may lead on from its callback to a page of another host', async () => {
  const last = http.createServer((_, answer) => answer.end('<h1>All is well</h1>')).listen(0, '127.0.0.1');
  const first = http.createServer((_, answer) => answer.writeHead(302, { location: `http://localhost:${last.address().port}/done` }).end());
  after(() => [first, last].forEach((each) => each.close()));
  await once(first.listen(0, '127.0.0.1'), 'listening');
  const uri = `http://127.0.0.1:${first.address().port}/cb`;
  const client = await registered(server, uri);
  const page = await (await browser.newContext()).newPage();
  await page.goto(server.url + authorizePath(client, { redirect_uri: uri }));
  await page.fill('input[name=email]', email);
  await page.fill('input[name=password]', password);
  await page.click('button.main');
  await page.click('button[value=approve]');
  await page.waitForURL('**/done');
  assert.match(await page.content(), /All is well/);
});

test('a person disconnects an application on a page, without a script', async () => {
  const person = personWith(browser, { email, password });
  const agent = new Agent('On the page', 'v2', server.mcp, back);
  const client = await agent.connect(person.decide('approve'));
  await toolsOf(client);
  const page = await person.context.newPage();
  await page.goto(`${server.url}/account`);
  await page.click('text=Connected apps');
  await page.waitForURL('**/account/connections');
  const section = page.locator('h2', { hasText: 'On the page' });
  assert.equal(await section.count(), 1);
  await page.locator('h2:has-text("On the page") ~ form button').first().click();
  await page.waitForLoadState();
  assert.equal(await page.locator('h2', { hasText: 'On the page' }).count(), 0);
  await assert.rejects(client.listTools());
});

test('a restart of the server changes nothing for who is connected', async () => {
  const person = personWith(browser, { email, password });
  const agents = ['v1', 'v2'].map((sdk) => new Agent(`Patient ${sdk}`, sdk, server.mcp, back));
  for (const agent of agents) await (await agent.connect(person.decide('approve'))).close();
  const { port } = new URL(server.url);
  await server.stop();
  server = await serve({ file: server.config, data: server.data, args: ['--listen', `127.0.0.1:${port}`] });
  await expired();
  for (const agent of agents) {
    const client = await agent.connect(() => assert.fail('nobody needs to be asked'));
    await toolsOf(client);
    await client.close();
  }
});
