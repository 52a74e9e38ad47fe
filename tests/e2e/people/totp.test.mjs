// One-time codes beside the password, and the recovery codes that stand in for them.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { Person, csrfOf } from '../harness/person.mjs';
import { demo, plainConfig } from '../harness/server.mjs';

const sessionName = '__Host-keystead';
const stepName = '__Host-keystead-step';

// What an app shows (RFC 6238), `ahead` steps from now.
function codeOf(secret, ahead = 0) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac('sha1', key).update(message).digest();
  return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
// One that is right at no time near.
const wrongCode = (secret) => ['000000', '111111', '222222', '333333']
  .find((code) => ![-2, -1, 0, 1, 2].some((ahead) => codeOf(secret, ahead) === code));

// An installation whose owner has turned them on.
async function turnedOn() {
  const server = await demo({ config: plainConfig });
  const { email, password } = server.console;
  const person = new Person(server);
  await person.signIn(email, password);
  const begun = await person.rest('POST', '/auth/totp');
  assert.equal(begun.status, 201, begun.text);
  const { secret, uri } = begun.json;
  const confirmed = await person.rest('POST', '/auth/totp/confirm', { code: codeOf(secret) });
  assert.equal(confirmed.status, 200, confirmed.text);
  person.csrf = undefined;
  const half = async () => {
    const other = new Person(server);
    const answer = await other.signIn(email, password);
    assert.equal(answer.status, 202, answer.text);
    return other;
  };
  const show = async (other, code) => {
    const answer = await other.rest('POST', '/auth/sign-in/code', { code }, { 'x-csrf-token': '' });
    other.csrf = answer.status === 200 ? answer.json.csrf_token : undefined;
    return answer;
  };
  return { server, email, password, person, secret, uri, codes: confirmed.json.recovery_codes, half, show };
}

const ada = await turnedOn();

describe('one-time codes', () => {
  test('are asked for after the password, and are good once', async () => {
    const { half, show, secret, server } = ada;
    const first = await half();
    assert.equal(first.cookies.has(sessionName), false);
    assert.equal((await first.rest('GET', '/auth/me')).status, 401);
    const code = codeOf(secret, 1);
    const shown = await show(first, code);
    assert.equal(shown.status, 200, shown.text);
    assert.equal(shown.json.signed_in_by, 'password+code');
    assert.deepEqual([first.cookies.has(sessionName), first.cookies.has(stepName)], [true, false]);
    assert.equal((await first.rest('GET', '/auth/me')).status, 200);
    const second = await half();
    const again = await show(second, code);
    assert.deepEqual([again.status, again.json.detail], [401, 'The code is wrong, or was used already.']);
    assert.equal((await show(second, codeOf(secret))).status, 401, 'nor one before it');
    const uncalled = await show(new Person(server), codeOf(secret, 1));
    assert.equal(uncalled.status, 401, 'without the password');
  });

  test('Attack107: the change renews the session and ends the others; its secrets are nowhere else', async () => {
    const own = await demo({ config: plainConfig });
    const [here, there] = [new Person(own), new Person(own)];
    for (const person of [here, there]) await person.signIn(own.console.email, own.console.password);
    const before = here.cookieHeader;
    const { secret, uri } = (await here.rest('POST', '/auth/totp')).json;
    assert.match(uri, new RegExp(`^otpauth://totp/e2e:.*\\?secret=${secret}&issuer=e2e$`));
    assert.equal((await here.rest('GET', '/auth/totp')).json.on, false);
    assert.equal((await here.rest('POST', '/auth/totp/confirm', { code: wrongCode(secret) })).status, 400);
    const { recovery_codes: codes } = (await here.rest('POST', '/auth/totp/confirm', { code: codeOf(secret) })).json;
    assert.equal(new Set(codes).size, 10);
    assert.notEqual(here.cookieHeader, before);
    here.csrf = undefined;
    assert.deepEqual((await here.rest('GET', '/auth/totp')).json, { on: true, recovery_codes_left: 10 });
    assert.equal((await there.rest('GET', '/auth/me')).status, 401);
    assert.equal((await here.rest('POST', '/auth/totp')).status, 409);
    const rows = JSON.stringify(await own.admin('audit', 'tail', '--lines', '1000').catch((error) => error.message));
    for (const hidden of [secret, ...codes]) assert.ok(!own.log.includes(hidden) && !rows.includes(hidden));

    assert.equal((await here.rest('DELETE', '/auth/totp')).status, 403, 'a fresh session does not suffice');
    assert.equal((await here.rest('DELETE', '/auth/totp', { password: 'not that one, no' })).status, 401);
    const kept = here.cookieHeader;
    assert.equal((await here.rest('DELETE', '/auth/totp', { code: codes[0] })).status, 200);
    assert.notEqual(here.cookieHeader, kept);
    assert.equal((await new Person(own).signIn(own.console.email, own.console.password)).status, 200);
  });

  test('a recovery code stands in for one, once', async () => {
    const { half, show, codes } = ada;
    const shown = await show(await half(), codes[0].toUpperCase().replaceAll('-', ' '));
    assert.equal(shown.status, 200, shown.text);
    const person = await half();
    assert.equal((await show(person, codes[0])).status, 401);
    assert.equal((await show(person, codes[1])).status, 200);
    assert.equal((await person.rest('GET', '/auth/totp')).json.recovery_codes_left, 8);
  });

  test('Attack73: a password that is replaced ends what the old one had begun', async () => {
    const own = await turnedOn();
    const thief = await own.half();
    const { link } = await own.server.admin('user', 'reset-password', '--email', own.email);
    const reset = await new Person(own.server).rest('POST', '/auth/reset/redeem', {
      token: link.split('/').at(-1), password: 'another long password',
    }, { 'x-csrf-token': '' });
    assert.equal(reset.status, 200, reset.text);
    assert.equal((await own.show(thief, own.codes[0])).status, 401);
  });

  test('Attack76: what stands between the two steps is good once, in that browser, for that step', async () => {
    const { half, show, codes } = ada;
    const answer = await new Person(ada.server).signIn(ada.email, ada.password);
    assert.match(answer.headers['set-cookie'][0], /^__Host-keystead-step=[\w-]+; Path=\/; Max-Age=300; Secure; HttpOnly; SameSite=Lax$/);
    const person = await half();
    const ticket = person.cookies.get(stepName);
    assert.ok(!answer.text.includes(ticket) && !(await person.get('/sign-in/code')).text.includes(ticket));
    assert.equal((await show(person, codes[2])).status, 200);
    const replay = new Person(ada.server);
    replay.cookies.set(stepName, ticket);
    assert.equal((await show(replay, codes[3])).status, 401);
    replay.cookies.set(stepName, ticket.replace(/^./, (letter) => (letter === 'B' ? 'C' : 'B')));
    assert.equal((await show(replay, codes[4])).status, 401);
    replay.cookies.clear();
    replay.cookies.set(sessionName, ticket);
    assert.equal((await replay.rest('GET', '/auth/me')).status, 401);
  });

  test('the pages ask for them, without a script', async () => {
    const { server, email, password, secret, codes } = ada;
    const person = new Person(server);
    const asked = await person.form('/sign-in', { email, password, next: '/account?x=1' });
    assert.deepEqual([asked.status, asked.headers.location], [303, '/sign-in/code?next=%2Faccount%3Fx%3D1']);
    assert.match((await person.get(asked.headers.location)).text, /name="next" value="\/account\?x=1"/);
    const wrong = await person.form('/sign-in/code', { code: wrongCode(secret), next: '//evil.example' });
    assert.equal(wrong.status, 401);
    assert.match(wrong.text, /role="alert"/);
    const right = await person.form('/sign-in/code', { code: codes[5], next: '//evil.example' });
    assert.deepEqual([right.status, right.headers.location], [303, '/account'], right.text);
    const account = await person.get('/account');
    assert.match(account.text, /One-time codes.*They are on/s);
    const off = await person.form('/account/totp/remove', { csrf_token: csrfOf(account), code: codes[6] });
    assert.equal(off.status, 303, off.text);
    const setup = await person.form('/account/totp/begin', { csrf_token: csrfOf(await person.get('/account')) });
    const fresh = setup.text.match(/<code>([A-Z2-7]+)<\/code>/)[1];
    const fields = { csrf_token: csrfOf(setup), code: wrongCode(fresh) };
    assert.equal((await person.form('/account/totp/confirm', fields)).status, 400);
    const on = await person.form('/account/totp/confirm', { ...fields, code: codeOf(fresh) });
    assert.equal(on.status, 200, on.text);
    assert.equal(on.text.match(/<li><code>/g).length, 10);
    for (const path of ['begin', 'confirm', 'remove']) {
      assert.equal((await person.form(`/account/totp/${path}`, { csrf_token: 'x', code: codes[7] })).status, 403, 'Attack106');
    }
  });

  test('Attack109: guesses of codes and of passwords are counted together', async () => {
    const own = await turnedOn();
    const { half, show, secret, codes, server, email, password } = own;
    const person = await half();
    for (let i = 0; i < 5; ++i) assert.equal((await new Person(server).signIn(email, `wrong ${i}`)).status, 401);
    const tries = [];
    for (let i = 0; i < 8; ++i) tries.push((await show(person, wrongCode(secret))).status);
    assert.ok(tries.filter((status) => status === 401).length <= 6, `${tries}`);
    assert.equal(tries.at(-1), 429);
    const late = await show(person, codes[0]);
    assert.equal(late.status, 429);
    assert.ok(Number(late.headers['retry-after']) > 0);
    assert.equal((await new Person(server).signIn(email, password)).status, 429);
    assert.equal((await own.person.rest('DELETE', '/auth/totp', { code: codes[0] })).status, 429);
  });
});
