// Signing in at an OpenID Provider, with a real one and a real browser.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startBrowser } from '../harness/browser.mjs';
import { signInThere, startProvider } from '../harness/oidc_provider.mjs';
import { Person } from '../harness/person.mjs';
import { demo, plainConfig } from '../harness/server.mjs';

const house = await startProvider();
const server = await demo({
  config: `${plainConfig}
sign_in:
  providers:
    house: { title: House, issuer: "\${HOUSE}", client_id: keystead, client_secret: "\${HOUSE_SECRET}" }
    away: { title: Away, issuer: "http://localhost:1", client_id: keystead }
`,
  env: { HOUSE: house.issuer, HOUSE_SECRET: 'a secret: with + and %' },
});
const callback = `${server.url}/sign-in/callback/house`;
await house.serve([{
  client_id: 'keystead', client_secret: 'a secret: with + and %', redirect_uris: [callback],
  backchannel_logout_uri: `${server.url}/sign-in/backchannel/house`,
}]);
const browser = await startBrowser();

// A browser of its own, at the page that the button leads to.
async function atTheProvider() {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${server.url}/sign-in?next=/account%3Ffrom=there`);
  await page.getByRole('link', { name: 'Sign in with House' }).click();
  return page;
}
const sessionOf = (page) => page.evaluate(async () => (await fetch('/api/v1/auth/session')).json());

// The same without a browser: where it would be sent back to.
async function answerFor(person, name, next = '') {
  const there = new Person({ url: house.issuer });
  person.there = there;
  let { location } = (await person.get(`/sign-in/with/house${next}`)).headers;
  while (!location.startsWith(callback)) {
    const { pathname, search } = new URL(location, house.issuer);
    let answer = await there.get(pathname + search);
    if (answer.status === 200) {
      const [, prompt] = answer.text.match(/name="prompt" value="(\w+)"/);
      answer = await there.form(pathname, { prompt, login: name, password: 'any' });
    }
    ({ location } = answer.headers);
  }
  return location.slice(server.url.length);
}
async function signedIn(name) {
  const person = new Person(server);
  const answer = await person.get(await answerFor(person, name));
  assert.equal(answer.status, 303, answer.text);
  return person;
}
const userOf = async (person) => (await person.rest('GET', '/auth/session')).json.user_id;

describe('a sign-in at a provider', () => {
  test('is a session of a user who belongs nowhere yet, and leads to where the person wanted to go', async () => {
    const page = await atTheProvider();
    await signInThere(page, 'ada');
    await page.waitForURL(`${server.url}/account?from=there`);
    assert.match(await page.textContent('main'), /ada@example\.com[^]*do not belong to any/);
    const session = await sessionOf(page);
    assert.equal(session.signed_in_by, `oidc:${house.issuer}`);
    assert.equal(session.tenant, null);
    assert.equal(await userOf(await signedIn('ada')), session.user_id, 'the same user the next time');
    assert.notEqual(await userOf(await signedIn('bob')), session.user_id);
  });

  test('reaches what the user belongs to', async () => {
    const { tenant } = server;
    await server.admin(
      'user', 'create', '--email', 'carol@example.com', '--tenant', tenant, '--role', 'member', '--issuer', 'house', '--subject', 'carol',
    );
    const carol = await signedIn('carol');
    assert.equal((await carol.rest('GET', '/auth/session')).json.tenant, tenant);
    assert.equal((await carol.rest('POST', '/notes', { title: 'Lighthouse' })).status, 201);
  });

  test('Attack44: leads to no other site', async () => {
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example']) {
      const person = new Person(server);
      const answer = await person.get(await answerFor(person, 'ada', `?next=${encodeURIComponent(next)}`));
      assert.equal(answer.headers.location, '/account', next);
    }
  });

  test('that is cancelled there says so', async () => {
    const page = await atTheProvider();
    await page.getByRole('link', { name: 'Cancel' }).click();
    assert.equal(await page.getByRole('alert').textContent(), 'The sign-in with House was cancelled.');
  });

  test('is not possible while the provider is away', async () => {
    const answer = await new Person(server).get('/sign-in/with/away');
    assert.equal(answer.status, 503);
    assert.match(answer.text, /Away cannot be reached/);
    assert.equal((await new Person(server).get('/sign-in/with/nobody')).status, 404);
  });

  test('Attack51: of one browser is not finished in another', async () => {
    const mallory = new Person(server);
    const answer = await answerFor(mallory, 'mallory');
    const victim = new Person(server);
    assert.equal((await victim.get(answer)).status, 401);
    await victim.get('/sign-in/with/house');
    assert.equal((await victim.get(answer)).status, 401);
    assert.deepEqual([...victim.cookies.keys()], ['__Host-keystead-oidc']);
    const kept = mallory.cookies.get('__Host-keystead-oidc');
    assert.equal((await mallory.get(answer)).status, 303, 'whoever began it may finish it');
    mallory.cookies.set('__Host-keystead-oidc', kept);
    assert.equal((await mallory.get(answer)).status, 401, 'once');
  });

  test('Attack73: is finished at its own provider only', async () => {
    const person = new Person(server);
    const elsewhere = (await answerFor(person, 'ada')).replace('/house', '/away');
    const answer = await person.get(elsewhere);
    assert.equal(answer.status, 401);
    assert.match(answer.text, /begun in another browser/);
  });

  test('Attack107: has a session of its own, whatever the browser had before', async () => {
    const person = new Person(server);
    person.cookies.set('__Host-keystead', 'A'.repeat(43));
    await person.get(await answerFor(person, 'ada'));
    assert.notEqual(person.cookies.get('__Host-keystead'), 'A'.repeat(43));
  });

  test('Attack39: ends with the one at the provider, if that says so', async () => {
    const eve = await signedIn('eve');
    const again = await signedIn('eve');
    const other = await signedIn('frank');
    const page = await eve.there.get('/session/end');
    const [, xsrf] = page.text.match(/name="xsrf" value="([^"]+)"/);
    await eve.there.form('/session/end/confirm', { xsrf, logout: 'yes' });
    assert.equal((await eve.rest('GET', '/auth/me')).status, 401);
    assert.equal((await again.rest('GET', '/auth/me')).status, 401);
    assert.equal((await other.rest('GET', '/auth/me')).status, 200);
    const forged = await other.form('/sign-in/backchannel/house', { logout_token: 'a.b.c' });
    assert.equal(forged.status, 400);
  });

  test('tells nothing that an answer said', async () => {
    const person = new Person(server);
    const { headers } = await person.get('/sign-in/with/house');
    const state = new URL(headers.location).searchParams.get('state');
    const marks = 'error=%3Cb%3Emark&error_description=%3Cb%3Emark';
    const iss = encodeURIComponent(house.issuer);
    const answer = await person.get(`/sign-in/callback/house?${marks}&state=${state}&iss=${iss}`);
    assert.equal(answer.status, 401);
    assert.match(answer.text, /did not succeed/);
    assert.doesNotMatch(answer.text + server.log, new RegExp(`mark|${state}`));
  });
});

describe('a link', () => {
  const { email, password } = server.console;

  test('Attack38: is not made by an equal address', async () => {
    const local = new Person(server);
    await local.signIn(email, password);
    const [name] = email.split('@');
    assert.equal(email, `${name}@example.com`);
    assert.notEqual(await userOf(await signedIn(name)), await userOf(local));
  });

  test('is made by who is signed in, and from then on both ways lead to one user', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${server.url}/sign-in`);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('row', { name: 'House' }).getByRole('button', { name: 'Link' }).click();
    await signInThere(page, 'dora');
    await page.waitForURL(`${server.url}/account`);
    assert.equal(await page.getByRole('row', { name: 'House' }).textContent(), 'Houselinked');
    assert.equal(await userOf(await signedIn('dora')), (await sessionOf(page)).user_id);
  });

  test('Attack51: is not begun by another site', async () => {
    const person = new Person(server);
    await person.signIn(email, password);
    for (const fields of [{}, { csrf_token: 'A'.repeat(43) }]) {
      assert.equal((await person.form('/account/link/house', fields)).status, 403);
    }
    assert.equal((await person.get('/account/link/house')).status, 405);
  });
});
