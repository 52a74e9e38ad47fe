// What a stranger's request becomes before a person has said anything, and what the person then sees.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { Person, csrfOf } from '../harness/person.mjs';
import { demo } from '../harness/server.mjs';
import { answerOf, authorizePath, consent, decide, oauthConfig, published, registered } from './flow.mjs';

const server = await demo({ config: oauthConfig() });
const client = await registered(server);

async function signedIn() {
  const person = new Person(server);
  assert.equal((await person.signIn(server.console.email, server.console.password)).status, 200);
  return person;
}
const ada = await signedIn();

describe('a request that cannot be answered to its client', () => {
  const bad = {
    'no client': { client_id: undefined },
    'an unknown client': { client_id: 'kc_unknown' },
    'no redirect_uri': { redirect_uri: undefined },
    'another host': { redirect_uri: 'https://evil.example/cb' },
    'a longer path': { redirect_uri: 'https://app.example/cb/x' },
    'another case': { redirect_uri: 'https://app.example/CB' },
    'a user name': { redirect_uri: 'https://app.example@evil.example/cb' },
    'a port': { redirect_uri: 'https://app.example:444/cb' },
    'an escape': { redirect_uri: 'https://app.example/c%62' },
    'a fragment': { redirect_uri: 'https://app.example/cb#x' },
    'a script': { redirect_uri: 'javascript:alert(1)' },
    'two of them': { redirect_uri: ['https://app.example/cb', 'https://evil.example/cb'] },
    'two clients': { client_id: [client, 'kc_other'] },
  };
  for (const [name, changes] of Object.entries(bad)) {
    test(`Attack40 Attack44: ${name} is told to the person, and nobody is sent anywhere`, async () => {
      const answer = await ada.get(authorizePath(client, changes));
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.headers.location, undefined);
      assert.equal(answer.headers.refresh, undefined);
      assert.match(answer.headers['content-type'], /^text\/html/);
      assert.doesNotMatch(answer.text, /evil|javascript/);
    });
  }

  test('Attack41: the port is free on loopback, and nothing else is', async () => {
    const native = await registered(server, ['http://127.0.0.1/cb', 'http://localhost/cb']);
    for (const [uri, status] of [
      ['http://127.0.0.1:41234/cb', 303], ['http://localhost:5/cb', 303],
      ['http://[::1]:5/cb', 400], ['http://127.0.0.1:5/cb2', 400], ['http://127.0.0.1:5/cb?x=1', 400], ['http://127.0.0.2/cb', 400], ['https://127.0.0.1/cb', 400],
    ]) {
      assert.equal((await ada.get(authorizePath(native, { redirect_uri: uri }))).status, status, uri);
    }
  });
});

describe('a request that is refused to its client', () => {
  const refused = [
    ['Attack49: no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['Attack49: a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['Attack49: a challenge without its method', { code_challenge_method: undefined }, 'invalid_request'],
    ['Attack71: a token in the answer', { response_type: 'token' }, 'unsupported_response_type'],
    ['Attack71: code and token', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['Attack71: an answer by form', { response_mode: 'form_post' }, 'invalid_request'],
    ['Attack71: an answer by signed form', { response_mode: 'form_post.jwt' }, 'invalid_request'],
    ['Attack68: a request object', { request: 'e30.e30.' }, 'request_not_supported'],
    ['Attack68: the address of one', { request_uri: 'http://169.254.169.254/' }, 'request_uri_not_supported'],
    ['another server\'s resource', { resource: 'https://elsewhere.example/mcp' }, 'invalid_target'],
    ['no question to the person', { prompt: 'none' }, 'interaction_required'],
  ];
  for (const [name, changes, error] of refused) {
    test(`Attack50: ${name} is answered with ${error}, its state and who says so`, async () => {
      const answer = answerOf(await ada.get(authorizePath(client, changes)));
      assert.equal(answer.at, 'https://app.example/cb');
      assert.equal(answer.error, error);
      assert.equal(answer.state, 'st&te');
      assert.equal(answer.iss, server.url);
      assert.equal(answer.code, undefined);
    });
  }
});

describe('the consent page', () => {
  test('is shown after the sign-in, which leads back to it', async () => {
    const person = new Person(server);
    const began = await person.get(authorizePath(client));
    const sent = await person.get(began.headers.location);
    assert.equal(sent.status, 303);
    assert.equal(sent.headers.location, `/sign-in?next=${began.headers.location}`);
    const back = await person.form('/sign-in', { ...server.console, next: began.headers.location });
    assert.equal(back.headers.location, began.headers.location);
    assert.match((await person.get(back.headers.location)).text, /Approve/);
  });

  test('says who asks, as whom, where the answer goes, and what for in words', async () => {
    const { page } = await consent(ada, authorizePath(client, { scope: 'data:write openid' }));
    assert.equal(page.status, 200);
    for (const shown of ['Harbor Agent', server.console.email, 'app.example', 'Read and write', 'nobody has checked', 'Approve', 'Deny']) {
      assert.ok(page.text.includes(shown), `${shown}:\n${page.text}`);
    }
    assert.doesNotMatch(page.text, /openid|<script|role="alert"/);
  });

  test('Attack67: warns of a program on the person\'s own device', async () => {
    const native = await registered(server, 'http://localhost/cb');
    const { page } = await consent(ada, authorizePath(native, { redirect_uri: 'http://localhost:4711/cb' }));
    assert.match(page.text, /role="alert">[^<]*program on your own device/);
    assert.match(page.text, /localhost:4711/);
  });

  test('Attack108: a client\'s name is text, whatever it holds', async () => {
    const name = '</strong><script src=//evil.example></script><img src=x onerror=alert(1)>"\'';
    const hostile = await registered(server, 'https://app.example/cb', { client_name: name });
    const { page } = await consent(ada, authorizePath(hostile));
    assert.doesNotMatch(page.text, /<script|<img/);
    assert.match(page.text, /&lt;script/);
  });

  test('Attack52: may be framed by nobody, and sends its form nowhere but to us and on to the client', async () => {
    const { page } = await consent(ada, authorizePath(client));
    const policy = page.headers['content-security-policy'];
    assert.match(policy, /frame-ancestors 'none'/);
    assert.match(policy, /form-action 'self' https:(;|$)/);
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(page.headers['x-frame-options'], 'DENY');
    assert.equal(page.headers['cache-control'], 'no-store');
  });

  test('Attack51: is answered only from its own session, with its token, from our origin', async () => {
    const at = await consent(ada, authorizePath(client));
    const other = await signedIn();
    const token = csrfOf(at.page);
    const tries = [
      ['no token', ada, { decision: 'approve' }],
      ['another token', ada, { decision: 'approve', csrf_token: 'A'.repeat(43) }],
      ['another session\'s token', other, { decision: 'approve', csrf_token: token }],
      ['nobody', new Person(server), { decision: 'approve', csrf_token: token }],
    ];
    for (const [name, person, fields] of tries) assert.equal((await person.form(at.path, fields)).status, 403, name);
    const evil = Object.assign(new Person(server, { origin: 'https://evil.example' }), { cookies: ada.cookies });
    assert.equal((await evil.form(at.path, { decision: 'approve', csrf_token: token })).status, 403);
    const silent = Object.assign(new Person(server, { origin: '' }), { cookies: ada.cookies });
    assert.equal((await silent.form(at.path, { decision: 'approve', csrf_token: token })).status, 403);
    assert.ok(answerOf(await decide(ada, at, 'approve')).code, 'and none of them decided it');
  });
});

describe('a decision', () => {
  test('to approve gives the client a code, its state and who says so', async () => {
    const answer = answerOf(await decide(ada, await consent(ada, authorizePath(client)), 'approve'));
    assert.equal(answer.at, 'https://app.example/cb');
    assert.match(answer.code, /^[\w-]{43}$/);
    assert.equal(answer.state, 'st&te');
    assert.equal(answer.iss, server.url);
  });

  test('to deny is told to the client', async () => {
    const answer = answerOf(await decide(ada, await consent(ada, authorizePath(client)), 'deny'));
    assert.equal(answer.error, 'access_denied');
    assert.equal(answer.iss, server.url);
    assert.equal(answer.code, undefined);
  });

  test('is made once', async () => {
    const at = await consent(ada, authorizePath(client));
    assert.ok(answerOf(await decide(ada, at, 'approve')).code);
    for (const decision of ['approve', 'deny']) assert.equal((await decide(ada, at, decision)).status, 404);
    assert.equal((await ada.get(at.path)).status, 404);
  });

  test('Attack53: is about what was asked, whatever comes with it', async () => {
    const at = await consent(ada, authorizePath(client, { scope: 'data:read' }));
    const swapped = { redirect_uri: 'https://evil.example/cb', client_id: 'kc_other', scope: 'data:write', state: 'other', resource: 'https://evil.example' };
    const answer = answerOf(await decide(ada, at, 'approve', swapped));
    assert.equal(answer.at, 'https://app.example/cb');
    assert.equal(answer.state, 'st&te');
  });

  test('an application with a scheme of its own is sent back to it', async () => {
    const cursor = await registered(server, 'cursor://anysphere.cursor-mcp/oauth/callback');
    const at = await consent(ada, authorizePath(cursor, { redirect_uri: 'cursor://anysphere.cursor-mcp/oauth/callback' }));
    assert.match(at.page.headers['content-security-policy'], /form-action 'self' cursor:(;|$)/);
    const { location } = (await decide(ada, at, 'approve')).headers;
    assert.ok(location.startsWith('cursor://anysphere.cursor-mcp/oauth/callback?code='), location);
  });
});

describe('a client that publishes a document about itself', () => {
  test('is shown with the host that vouches for it', async () => {
    const { id } = await published({ unknown: { member: 1 } });
    const { page } = await consent(ada, authorizePath(id));
    assert.match(page.text, /Published Agent/);
    assert.ok(page.text.includes(`application of <strong>${new URL(id).host}</strong>`), page.text);
  });

  test('Attack66: is fetched from nowhere inside, and every failure looks the same', async () => {
    const { id, host } = await published();
    let asked = 0;
    host.on('request', () => ++asked);
    const port = new URL(id).port;
    const texts = new Set();
    for (const url of [
      `https://127.0.0.1:${port}/client.json`, `http://localhost:${port}/client.json`, `https://localhost:${port}/client.json`, 'https://127.0.0.1:1/x',
      `https://[::1]:${port}/client.json`, 'https://[::ffff:127.0.0.1]/x', 'https://2130706433/x', 'https://0x7f.1/x', 'https://10.0.0.1/x', 'https://169.254.169.254/latest', 'https://0.0.0.0/x',
      'http://app.example/client.json', 'https://user@app.example/x', 'https://app.example', 'https://app.example/a/../x', 'https://app.example/x#y',
    ]) {
      const answer = await ada.get(authorizePath(url));
      assert.equal(answer.status, 400, url);
      texts.add(answer.text.match(/role="alert">([^<]*)/)[1]);
    }
    assert.deepEqual([...texts], ['The client cannot be read from its client_id.']);
    assert.equal(asked, 0);
  });

  test('Attack67: speaks for its own address only', async () => {
    const other = await published();
    for (const change of [{ client_id: other.id }, { client_id: undefined }, { client_secret: 'x' }, { redirect_uris: [] }, { redirect_uris: ['https://other.example/cb'] }, { token_endpoint_auth_method: 'client_secret_post' }]) {
      const { id } = await published(change);
      assert.equal((await ada.get(authorizePath(id))).status, 400, JSON.stringify(change));
    }
  });
});

test('Attack5: neither a code nor the name of a request is in the log', async () => {
  const at = await consent(ada, authorizePath(client, { state: 'canary-state' }));
  const { code } = answerOf(await decide(ada, at, 'approve'));
  assert.ok(!server.log.includes(code) && !server.log.includes(at.path) && !server.log.includes('canary-state'));
});

test('connected apps are for the person to see', async () => {
  assert.equal((await request(`${server.url}/api/v1/connections`)).status, 401);
  const listed = await ada.rest('GET', '/connections');
  assert.equal(listed.status, 200, listed.text);
  assert.deepEqual(listed.json.items, [], 'no code was redeemed');
  assert.equal((await ada.rest('DELETE', '/connections/00000000-0000-4000-8000-000000000000')).status, 404);
  assert.match((await ada.get('/account/connections')).text, /No application acts for you/);
});
