// Signing in with a password, and what a session is good for.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { request, rest } from '../harness/http.mjs';
import { Person, csrfOf } from '../harness/person.mjs';
import { demo, plainConfig } from '../harness/server.mjs';

const server = await demo({ config: plainConfig });
const { email, password } = server.console;
const sessionName = '__Host-keystead';

async function signedIn(options) {
  const person = new Person(server, options);
  const answer = await person.signIn(email, password);
  assert.equal(answer.status, 200, answer.text);
  return person;
}

describe('a session', () => {
  test('is for whoever has the password, and reads and writes what the person may', async () => {
    const person = await signedIn();
    const me = await person.rest('GET', '/auth/me');
    assert.equal(me.json.email, email);
    assert.equal(me.json.role, 'owner');
    const made = await person.rest('POST', '/notes', { title: 'Lighthouse' });
    assert.equal(made.status, 201, made.text);
    assert.equal((await rest(server, server.key, 'GET', `/notes/${made.json.id}`)).json.title, 'Lighthouse');
    const key = await person.rest('POST', '/keys', { name: 'mine', scopes: ['data:read'] });
    assert.equal(key.status, 201, key.text);
    assert.equal((await rest(server, key.json.key, 'GET', '/notes')).status, 200);
    assert.equal((await person.rest('DELETE', `/keys/${key.json.id}`)).status, 200);
    assert.equal((await rest(server, key.json.key, 'GET', '/notes')).status, 401);
  });

  test('Attack110: its cookie is out of reach of scripts, other hosts and plain connections', async () => {
    const answer = await new Person(server).signIn(email, password);
    const [cookie] = answer.headers['set-cookie'];
    assert.match(cookie, /^__Host-keystead=[\w-]{43}; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Lax$/);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.ok(!answer.text.includes(cookie.slice(16, 59)), 'the cookie is in the header alone');
  });

  test('Attack110: after signing out it is refused', async () => {
    const person = await signedIn();
    const { cookieHeader } = person;
    const out = await person.rest('POST', '/auth/sign-out');
    assert.equal(out.status, 200, out.text);
    assert.equal(person.cookies.has(sessionName), false);
    assert.equal((await request(`${server.url}/api/v1/auth/me`, { headers: { cookie: cookieHeader } })).status, 401);
  });

  test('Attack107: signing in again makes another one, and a planted one is never taken up', async () => {
    const person = await signedIn();
    const planted = person.cookieHeader;
    await person.signIn(email, password);
    assert.notEqual(person.cookieHeader, planted);
    assert.equal((await request(`${server.url}/api/v1/auth/me`, { headers: { cookie: planted } })).status, 401);
    const victim = new Person(server);
    victim.cookies.set(sessionName, 'A'.repeat(43));
    await victim.signIn(email, password);
    assert.notEqual(victim.cookies.get(sessionName), 'A'.repeat(43));
  });

  test('Attack106: a change wants the token of this session, and an origin that is ours', async () => {
    const person = await signedIn();
    const other = await signedIn();
    const note = { title: 'x' };
    for (const [what, headers] of Object.entries({
      'no token': { 'x-csrf-token': '' }, 'of another session': { 'x-csrf-token': other.csrf }, 'no text': { 'x-csrf-token': '%' },
      'another origin': { origin: 'https://evil.example' }, 'null': { origin: 'null' },
    })) {
      assert.equal((await person.rest('POST', '/notes', note, headers)).status, 403, what);
      assert.equal((await person.rest('DELETE', '/auth/sessions', undefined, headers)).status, 403, what);
    }
    person.origin = undefined;
    assert.equal((await person.rest('POST', '/notes', note)).status, 403, 'no origin');
    assert.equal((await person.rest('GET', '/notes')).status, 200);
  });

  test('Attack79 and 80: it is nothing to the MCP endpoint', async () => {
    const person = await signedIn();
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
    const answer = await person.send('POST', '/mcp', { headers: { 'content-type': 'application/json', 'x-csrf-token': person.csrf }, body });
    assert.equal(answer.status, 401);
  });

  test('Attack3: a session and a key in one request are a conflict', async () => {
    const person = await signedIn();
    const answer = await person.rest('GET', '/auth/me', undefined, { authorization: `Bearer ${server.key}` });
    assert.equal(answer.status, 400);
    const twice = `${person.cookieHeader}; ${person.cookieHeader}`;
    assert.equal((await request(`${server.url}/api/v1/auth/me`, { headers: { cookie: twice } })).status, 401);
  });

  test('Attack111: each sees and ends its own, and nobody else', async () => {
    await server.admin('user', 'create', '--email', 'grace@example.com', '--tenant', server.tenant);
    const person = await signedIn({ userAgent: 'One/1.0' });
    const second = await signedIn({ userAgent: '<script>alert(1)</script>\u00e9' });
    const { items } = (await person.rest('GET', '/auth/sessions')).json;
    const target = items.find(({ user_agent: agent }) => agent.includes('script'));
    assert.ok(target && !target.current);
    assert.equal((await person.rest('DELETE', `/auth/sessions/${'0'.repeat(8)}-0000-4000-8000-000000000000`)).status, 404);
    assert.equal((await person.rest('DELETE', `/auth/sessions/${target.id}`)).status, 200);
    assert.equal((await second.rest('GET', '/auth/me')).status, 401);
    assert.equal((await person.rest('DELETE', '/auth/sessions')).status, 200);
    assert.deepEqual((await person.rest('GET', '/auth/sessions')).json.items.map(({ current }) => current), [true]);
    assert.equal((await rest(server, server.key, 'GET', '/auth/sessions')).status, 400, 'a key has none');
  });

  test('who belongs to several tenants chooses, and another tenant is not there', async () => {
    const second = await server.admin('tenant', 'create', '--name', 'Second');
    const foreign = await server.admin('tenant', 'create', '--name', 'Foreign');
    const person = await signedIn();
    const before = person.cookieHeader;
    assert.equal((await person.rest('PUT', '/auth/session/tenant', { tenant: foreign.id })).status, 404);
    assert.equal((await person.rest('PUT', '/auth/session/tenant', { tenant: second.id })).status, 404);
    const chosen = await person.rest('PUT', '/auth/session/tenant', { tenant: server.tenant });
    assert.equal(chosen.status, 200, chosen.text);
    assert.equal(chosen.json.tenant, server.tenant);
    assert.notEqual(person.cookieHeader, before);
    assert.equal((await request(`${server.url}/api/v1/auth/me`, { headers: { cookie: before } })).status, 401);
  });
});

describe('the pages', () => {
  test('sign in, show the account, and sign out, without a script', async () => {
    const person = new Person(server);
    const page = await person.get('/sign-in?next=/account');
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.text, /<script|style=|onclick/);
    const wrong = await person.form('/sign-in', { email, password: 'not that one, no', next: '/account' });
    assert.equal(wrong.status, 401);
    assert.match(wrong.text, /role="alert"/);
    assert.equal(wrong.headers['set-cookie'], undefined);
    const right = await person.form('/sign-in', { email: ` ${email.toUpperCase()} `, password, next: '/account' });
    assert.deepEqual([right.status, right.headers.location], [303, '/account']);
    const account = await person.get('/account');
    assert.match(account.text, new RegExp(email));
    const out = await person.form('/sign-out', { csrf_token: csrfOf(account) });
    assert.equal(out.status, 303, out.text);
    assert.equal((await person.get('/account')).headers.location, '/sign-in?next=/account');
  });

  test('Attack52: they are shown in no frame, and load nothing from elsewhere', async () => {
    const { headers } = await new Person(server).get('/sign-in');
    assert.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'.*base-uri 'none'/);
    assert.doesNotMatch(headers['content-security-policy'], /unsafe|http/);
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cache-control'], 'no-store');
  });

  test('Attack44: they lead nowhere but to paths of ours', async () => {
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', '\\/evil', 'javascript:alert(1)', '/a\r\nX: y', '/\tx', '']) {
      const answer = await new Person(server).form('/sign-in', { email, password, next });
      assert.deepEqual([answer.status, answer.headers.location], [303, '/account'], next);
    }
    const answer = await new Person(server).form('/sign-in', { email, password, next: '/oauth/authorize?x=1&y=%2F' });
    assert.equal(answer.headers.location, '/oauth/authorize?x=1&y=%2F');
  });

  test('Attack51: a form of another site signs nobody in or out', async () => {
    for (const origin of ['https://evil.example', 'null', null]) {
      const person = new Person(server, { origin });
      const answer = await person.form('/sign-in', { email, password });
      assert.equal(answer.status, 403, `${origin}`);
      assert.equal(person.cookies.size, 0);
    }
    const person = await signedIn();
    for (const token of ['', 'x', (await signedIn()).csrf]) {
      assert.equal((await person.form('/sign-out', { csrf_token: token })).status, 403);
    }
    assert.equal((await person.get('/account')).status, 200);
  });

  test('Attack108: what others have written is text', async () => {
    const person = await signedIn({ userAgent: '"><img src=x onerror=alert(1)>' });
    await server.admin('tenant', 'create', '--name', '<b>bold</b>');
    const account = await person.get('/account');
    assert.doesNotMatch(account.text, /<img|<b>/);
    assert.match(account.text, /&lt;img src=x/);
    const asked = await person.form('/sign-in', { email: '"><script>alert(1)</script>', password: 'x' });
    assert.doesNotMatch(asked.text, /<script/);
  });
});

describe('the password', () => {
  const ada = 'ada@example.com';
  test('is changed by who knows it, and every other session ends', async () => {
    const own = await demo({ config: plainConfig });
    const here = new Person(own);
    const there = new Person(own);
    for (const person of [here, there]) assert.equal((await person.signIn(own.console.email, own.console.password)).status, 200);
    const change = (current, wanted) => here.rest('PUT', '/auth/password', { current_password: current, new_password: wanted });
    assert.equal((await change('wrong password here', 'a new long password')).status, 401);
    for (const bad of ['short', 'aaaaaaaaaaaaaaa', 'Password1234', own.console.email]) {
      assert.equal((await change(own.console.password, bad)).status, 400, bad);
    }
    const before = here.cookieHeader;
    assert.equal((await change(own.console.password, 'a new long password')).status, 200);
    assert.notEqual(here.cookieHeader, before);
    assert.equal((await here.rest('GET', '/auth/me')).status, 200);
    assert.equal((await there.rest('GET', '/auth/me')).status, 401);
    assert.equal((await there.signIn(own.console.email, own.console.password)).status, 401);
    assert.equal((await there.signIn(own.console.email, 'a new long password')).status, 200);
  });

  test('Attack12: a wrong one and an unknown address are refused alike', async () => {
    const own = await demo({ config: plainConfig });
    const wrong = await new Person(own).signIn(own.console.email, 'not the password');
    const unknown = await new Person(own).signIn('nobody@example.com', 'not the password');
    const strange = await new Person(own).signIn('no address', 'x');
    const shape = ({ status, json }) => ({ status, json: { ...json, instance: 0, request_id: 0 } });
    assert.deepEqual(shape(wrong), shape(unknown));
    assert.deepEqual(shape(wrong), shape(strange));
    assert.equal(wrong.status, 401);
  });

  test('Attack109: ten tries are looked at, on whichever way they come, also when the last would be right', async () => {
    const own = await demo({ config: plainConfig });
    const tries = await Promise.all(Array.from({ length: 24 }, (_, i) => (i % 2
      ? new Person(own).signIn(own.console.email, `wrong ${i}`)
      : new Person(own).form('/sign-in', { email: own.console.email, password: `wrong ${i}` }))));
    const looked = tries.filter(({ status }) => status === 401).length;
    assert.ok(looked <= 10, `${looked} were looked at`);
    for (let i = 0; i < 12; ++i) await new Person(own).signIn(own.console.email, 'wrong');
    const late = await new Person(own).signIn(own.console.email, own.console.password);
    assert.equal(late.status, 429);
    assert.ok(Number(late.headers['retry-after']) > 0);
    assert.equal((await new Person(own).signIn(ada, 'x')).status, 401, 'another account is not locked');
    assert.equal((await rest(own, own.key, 'GET', '/notes')).status, 200, 'and keys go on');
  });

  test('Attack5: neither it nor the session is in the log or the audit log', async () => {
    const person = await signedIn();
    const rows = JSON.stringify(await server.admin('audit', 'tail', '--lines', '1000').catch((error) => error.message));
    for (const secret of [password, person.cookies.get(sessionName), person.csrf]) {
      assert.ok(!server.log.includes(secret) && !rows.includes(secret));
    }
  });
});
