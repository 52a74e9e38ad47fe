// Passkeys, made and shown by a real browser with an authenticator of its own.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { startBrowser } from '../harness/browser.mjs';
import { Person } from '../harness/person.mjs';
import { demo, plainConfig, temporaryFolder } from '../harness/server.mjs';

async function listening() {
  const other = http.createServer((_, response) => response.setHeader('content-type', 'text/html').end('<p>Another site</p>'));
  await once(other.listen(0, '127.0.0.1'), 'listening');
  return other;
}
async function freePort() {
  const other = await listening();
  const { port } = other.address();
  other.close();
  return port;
}

// Browsers make no passkeys for an address, so the service has a name.
const port = await freePort();
const url = `http://localhost:${port}`;
const config = plainConfig.replace('name: e2e', `name: e2e, url: "${url}"`);
const data = join(temporaryFolder(), 'data');
const start = (options) => demo({ config, data, args: ['--listen', `127.0.0.1:${port}`], ...options });
const server = await start();
const { email, password } = server.console;
const browser = await startBrowser();

// A page whose authenticator holds `credentials`, and what it is steered by.
async function open(credentials = []) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  for (const credential of credentials) await devtools.send('WebAuthn.addCredential', { authenticatorId, credential });
  const sessionCookie = async () => (await context.cookies()).find(({ name }) => name === '__Host-keystead')?.value;
  return {
    page, sessionCookie,
    credentials: async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    verifies: (isUserVerified) => devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  };
}
async function signInByPassword({ page }) {
  await page.goto(`${url}/sign-in`);
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('button.main');
  await page.waitForURL(`${url}/account`);
}
async function signInByPasskey({ page }) {
  await page.goto(`${url}/sign-in`);
  await page.click('#passkey-sign-in');
}
const person = () => new Person({ url: `http://127.0.0.1:${port}` }, { origin: url });
const sendAssertion = (body) => person().rest('POST', '/auth/sign-in/passkey', body, { 'x-csrf-token': '' });

// The device of the tests below.
const laptop = await open();

describe('a passkey', () => {
  test('is made on the account\'s page, and signs in without an address; Attack107: under another cookie', async () => {
    const elsewhere = person();
    await elsewhere.signIn(email, password);
    await signInByPassword(laptop);
    const before = await laptop.sessionCookie();
    await laptop.page.fill('#passkey-name', '<b>Laptop</b>');
    await Promise.all([laptop.page.waitForEvent('load'), laptop.page.click('text=Add a passkey')]);
    assert.equal(await laptop.page.inputValue('input[aria-label=Name]'), '<b>Laptop</b>');
    const after = await laptop.sessionCookie();
    assert.ok(after && after !== before);
    for (const cookie of [`__Host-keystead=${before}`, elsewhere.cookieHeader]) {
      const answer = await person().send('GET', '/api/v1/auth/me', { headers: { cookie } });
      assert.equal(answer.status, 401);
    }
    await laptop.page.click('text=Sign out');
    await laptop.page.waitForURL(`${url}/sign-in`);
    await signInByPasskey(laptop);
    await laptop.page.waitForURL(`${url}/account`);
    assert.match(await laptop.page.textContent('main'), new RegExp(email));
    assert.match(await laptop.page.textContent('main'), /used \d{4}-/);
    assert.notEqual(await laptop.sessionCookie(), after);
  });

  test('is shown once: its answer, a forged one, and one to another question are refused alike', async () => {
    const [sent] = await Promise.all([
      laptop.page.waitForRequest(`${url}/api/v1/auth/sign-in/passkey`), signInByPasskey(laptop),
    ]);
    await laptop.page.waitForURL(`${url}/account`);
    const answer = sent.postDataJSON();
    const refusals = [
      await sendAssertion(answer),
      await sendAssertion({ ...answer, signature: answer.authenticator_data }),
      await sendAssertion({ ...answer, credential: 'AAAA' }),
      await sendAssertion({ ...answer, user_handle: 'AAAA' }),
      await sendAssertion({ ...answer, user_handle: '' }),
      await sendAssertion({ ...answer, client_data: Buffer.from('{}').toString('base64url') }),
    ];
    for (const { status, json } of refusals) {
      assert.deepEqual([status, json.detail], [401, 'The passkey is not accepted.']);
    }
    assert.equal((await sendAssertion({ ...answer, more: '' })).status, 400);
    assert.equal((await sendAssertion({ ...answer, signature: 'a=' })).status, 400);
  });

  test('is of no use on the page of another site, and to no other site\'s page here', async () => {
    const other = await listening();
    const elsewhere = `http://localhost:${other.address().port}`;
    const { json: options } = await person().rest('POST', '/auth/sign-in/passkey/options', {}, { 'x-csrf-token': '' });
    const thief = await open(await laptop.credentials());
    await thief.page.goto(elsewhere);
    const answer = await thief.page.evaluate(async ({ challenge }) => {
      const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
        .replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
      const bytes = Uint8Array.from(atob(challenge.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
      const { rawId, response } = await navigator.credentials.get({ publicKey: { challenge: bytes, rpId: 'localhost' } });
      return {
        credential: text(rawId), user_handle: text(response.userHandle), client_data: text(response.clientDataJSON),
        authenticator_data: text(response.authenticatorData), signature: text(response.signature),
      };
    }, options);
    assert.match(Buffer.from(answer.client_data, 'base64url').toString(), new RegExp(elsewhere));
    assert.equal((await sendAssertion(answer)).status, 401);
    const foreign = new Person({ url: `http://127.0.0.1:${port}` }, { origin: elsewhere });
    assert.equal((await foreign.rest('POST', '/auth/sign-in/passkey', answer, { 'x-csrf-token': '' })).status, 403);
    other.close();
  });

  test('of a cloned authenticator is refused, and of a person who is not verified', async () => {
    const [credential] = await laptop.credentials();
    const clone = await open([{ ...credential, signCount: 0 }]);
    await signInByPasskey(clone);
    assert.equal(await clone.page.textContent('#passkey-alert:not([hidden])'), 'The passkey is not accepted.');
    assert.equal(await clone.sessionCookie(), undefined);
    await signInByPasskey(laptop);
    await laptop.page.waitForURL(`${url}/account`);
    await laptop.verifies(false);
    await signInByPasskey(laptop);
    await laptop.page.waitForSelector('#passkey-alert:not([hidden])');
    await laptop.verifies(true);
  });

  test('Attack111: is its owner\'s alone', async () => {
    const ada = person();
    await ada.signIn(email, password);
    const strange = '00000000-0000-4000-8000-000000000000';
    assert.equal((await ada.rest('PATCH', `/auth/passkeys/${strange}`, { name: 'x' })).status, 404);
    assert.equal((await ada.rest('DELETE', `/auth/passkeys/${strange}`)).status, 404);
    assert.equal((await ada.rest('DELETE', '/auth/passkeys/x')).status, 404);
    const byKey = await person().send('GET', '/api/v1/auth/passkeys', { headers: { authorization: `Bearer ${server.key}` } });
    assert.equal(byKey.status, 400);
  });

  test('is changed by who has just signed in, or shows the password again', async () => {
    await signInByPasskey(laptop);
    await laptop.page.waitForURL(`${url}/account`);
    await server.stop();
    const database = new DatabaseSync(join(data, 'keystead.db'));
    database.exec('UPDATE session SET created_at = created_at - 660000');
    database.close();
    await start({ file: server.config, config: undefined });
    const old = person();
    old.cookies.set('__Host-keystead', await laptop.sessionCookie());
    const [{ id }] = (await old.rest('GET', '/auth/passkeys')).json.items;
    const change = async (method, path, body) => (await old.rest(method, path, body)).status;
    assert.equal(await change('POST', '/auth/passkeys/options'), 403);
    assert.equal(await change('DELETE', `/auth/passkeys/${id}`), 403);
    assert.equal(await change('POST', '/auth/totp'), 403);
    assert.equal(await change('POST', '/auth/passkeys/options', { password: 'not that one, no' }), 401);
    assert.equal(await change('POST', '/auth/passkeys/options', { password }), 200);
    assert.equal(await change('PATCH', `/auth/passkeys/${id}`, { name: 'Desk' }), 200);
    await laptop.page.reload();
    await laptop.page.fill('form[action="/account/passkeys/remove"] input[name=password]', password);
    await Promise.all([laptop.page.waitForEvent('load'), laptop.page.click('text=Remove')]);
    assert.equal(await laptop.page.locator('input[aria-label=Name]').count(), 0);
    assert.equal((await old.rest('GET', '/auth/me')).status, 401, 'Attack107: the cookie is another one');
    await laptop.page.click('text=Sign out');
    await signInByPasskey(laptop);
    assert.equal(await laptop.page.textContent('#passkey-alert:not([hidden])'), 'The passkey is not accepted.');
  });
});
