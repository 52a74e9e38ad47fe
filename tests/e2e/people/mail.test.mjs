// Invitations, members, and forgotten passwords, with the mails that go out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { logged } from '../harness/contract.mjs';
import { rest } from '../harness/http.mjs';
import { mailConfig, mailbox } from '../harness/mailbox.mjs';
import { Person, csrfOf } from '../harness/person.mjs';
import { demo, plainConfig, serve } from '../harness/server.mjs';

const mails = await mailbox();
const server = await demo({ config: plainConfig + mailConfig, env: mails.env });
const good = 'a horse that staples';

async function owner() {
  const person = new Person(server);
  assert.equal((await person.signIn(server.console.email, server.console.password)).status, 200);
  return person;
}

async function invited(email, role = 'member', by) {
  const answer = await (by ?? await owner()).rest('POST', '/members/invitations', { email, role });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.json.mailed, true);
  assert.equal(answer.json.link, undefined, 'it is in the mail and nowhere else');
  return mails.next();
}

const redeem = (person, token, name = 'Ada', password = good) =>
  person.send('POST', '/api/v1/auth/invitations/redeem', {
    headers: { 'content-type': 'application/json', ...(person.csrf && { 'x-csrf-token': person.csrf }) },
    body: JSON.stringify({ token, name, password }),
  });

async function joined(email, role, by) {
  const { value } = await invited(email, role, by);
  const person = new Person(server);
  const answer = await redeem(person, value);
  assert.equal(answer.status, 200, answer.text);
  return Object.assign(person, { id: answer.json.user_id });
}

const askForReset = (email) => rest(server, undefined, 'POST', '/auth/reset', { email });

describe('an invitation', () => {
  test('comes by mail, and makes a user with the role', async () => {
    const mail = await invited('ada@example.com', 'admin');
    assert.equal(mail.secure, true);
    assert.deepEqual([mail.from, mail.to], ['keys@example.com', ['ada@example.com']]);
    assert.match(mail.source, /^Subject: Your invitation to e2e\r$/m);
    assert.match(mail.text, /join "Demo" on e2e \(admin\)/);
    assert.equal(mail.link, `${server.url}/invitation/${mail.value}`);
    assert.match(mail.value, /^[\w-]{43}$/);

    const person = new Person(server);
    for (const times of [1, 2]) {
      const page = await person.get(mail.path);
      assert.equal(page.status, 200, `to look at it ${times} times uses nothing up`);
      assert.match(page.text, /Demo/);
      assert.equal(page.headers['referrer-policy'], 'same-origin');
    }
    const short = await person.form(mail.path, { name: 'Ada', password: 'short' });
    assert.equal(short.status, 400);
    assert.match(short.text, /role="alert".*value="Ada"/s);
    const accepted = await person.form(mail.path, { name: 'Ada', password: good });
    assert.deepEqual([accepted.status, accepted.headers.location], [303, '/account'], accepted.text);
    const me = await person.rest('GET', '/auth/me');
    assert.deepEqual([me.json.email, me.json.name, me.json.role], ['ada@example.com', 'Ada', 'admin']);
    assert.equal((await new Person(server).signIn('ada@example.com', good)).status, 200);

    const again = await new Person(server).form(mail.path, { name: 'Eve', password: good });
    assert.equal(again.status, 404, 'a link works once');
    assert.equal((await new Person(server).get(mail.path)).status, 404);
    assert.ok(!server.log.includes(mail.value), 'no log has it');
  });

  test('gives the role and no more', async () => {
    const reader = await joined('reader@example.com', 'read-only');
    assert.equal((await reader.rest('GET', '/notes')).status, 200);
    assert.equal((await reader.rest('POST', '/notes', { title: 'x' })).status, 403);
    assert.equal((await reader.rest('GET', '/members')).status, 403);
    const member = await joined('member@example.com', 'member');
    assert.equal((await member.rest('POST', '/notes', { title: 'x' })).status, 201);
    for (const [method, path, body] of [
      ['GET', '/members'], ['GET', '/members/invitations'], ['POST', '/members/invitations', { email: 'a@example.com', role: 'member' }],
      ['PATCH', `/members/${member.id}`, { role: 'owner' }], ['DELETE', `/members/${reader.id}`],
    ]) assert.equal((await member.rest(method, path, body)).status, 403, `${method} ${path}`);
  });

  test('takes who has an account in when that person is signed in, and nobody by the link alone', async () => {
    const grace = await joined('grace@example.com', 'member');
    const second = await server.admin('tenant', 'create', '--name', 'Second');
    const { link } = await server.admin('user', 'invite', '--email', 'grace@example.com', '--tenant', second.id, '--role', 'admin');
    const value = link.split('/').at(-1);
    assert.equal((await redeem(new Person(server), value)).status, 409);
    const stranger = await new Person(server).get(`/invitation/${value}`);
    assert.match(stranger.text, new RegExp(`href="/sign-in\\?next=/invitation/${value}"`));

    const path = `/invitation/${value}`;
    const page = await grace.get(path);
    assert.equal((await grace.form(path, {})).status, 403, 'Attack106: without the token of the session');
    const before = grace.cookieHeader;
    const accepted = await grace.form(path, { csrf_token: csrfOf(page) });
    assert.equal(accepted.status, 303, accepted.text);
    assert.notEqual(grace.cookieHeader, before, 'Attack107: her rights have changed');
    assert.equal((await grace.rest('GET', '/auth/me')).json.role, 'admin');
    assert.equal((await grace.rest('GET', '/auth/session')).json.tenant, second.id);
  });

  test('is listed until it is used or withdrawn', async () => {
    const boss = await owner();
    const { value } = await invited('late+one@example.com', 'member', boss);
    const { items } = (await boss.rest('GET', '/members/invitations')).json;
    const listed = items.find(({ email }) => email === 'late+one@example.com');
    assert.equal(listed.role, 'member');
    assert.equal((await boss.rest('DELETE', `/members/invitations/${encodeURIComponent('late+one@example.com')}`)).status, 200);
    assert.equal((await boss.rest('DELETE', '/members/invitations/late+one@example.com')).status, 404);
    assert.equal((await redeem(new Person(server), value)).status, 404);
  });

  test('Attack112: neither a name nor an address begins a header or a line', async () => {
    const boss = await owner();
    for (const email of ['a@example.com\r\nBcc: eve@example.com', 'a@example.com, eve@example.com', '"a b"@example.com', '<a@example.com>', 'ä@example.com']) {
      assert.equal((await boss.rest('POST', '/members/invitations', { email, role: 'member' })).status, 400, email);
    }
    const name = 'Evil" or https://evil.example/ =?UTF-8?Q?=0ABcc:_eve@example.com?=';
    const { id } = await server.admin('tenant', 'create', '--name', name);
    const { link } = await server.admin('user', 'invite', '--email', 'mallory@example.com', '--tenant', id, '--role', 'owner');
    const mallory = new Person(server);
    assert.equal((await redeem(mallory, link.split('/').at(-1), '<b>M</b>\r\nX: y')).status, 200);
    const mail = await invited('victim@example.com', 'member', mallory);
    assert.deepEqual(mail.to, ['victim@example.com']);
    assert.deepEqual(mail.headers.map((line) => line.split(':')[0]), [
      'From', 'To', 'Subject', 'Date', 'Message-ID', 'Auto-Submitted', 'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding',
    ]);
    assert.equal(mail.text.match(/https?:\/\//g).length, 1, 'one link, which is ours');
    assert.ok(mail.link.startsWith(server.url));
    const page = await new Person(server).get(mail.path);
    assert.doesNotMatch(page.text, /<b>/);
  });

  test('for an address that the mail server does not know is said in the log, without its link', async () => {
    const answer = await (await owner()).rest('POST', '/members/invitations', { email: 'nobody@example.com', role: 'member' });
    assert.equal(answer.status, 201);
    await logged(server, 'no such user');
    const line = server.log.split('\n').find((each) => each.includes('no such user'));
    assert.equal(JSON.parse(line).event, 'mail.not_sent');
    assert.ok(!line.includes('/invitation/'));
  });
});

describe('members', () => {
  test('are changed and removed, and what they had dies at once', async () => {
    const boss = await owner();
    const worker = await joined('worker@example.com', 'member', boss);
    const key = (await worker.rest('POST', '/keys', { name: 'mine' })).json.key;
    assert.equal((await rest(server, key, 'GET', '/notes')).status, 200);
    const listed = (await boss.rest('GET', '/members')).json.items.find(({ user_id: id }) => id === worker.id);
    assert.deepEqual([listed.email, listed.role], ['worker@example.com', 'member']);

    const changed = await boss.rest('PATCH', `/members/${worker.id}`, { role: 'read-only' });
    assert.equal(changed.json.role, 'read-only', changed.text);
    assert.equal((await worker.rest('POST', '/notes', { title: 'x' })).status, 403);
    assert.equal((await boss.rest('DELETE', `/members/${worker.id}`)).status, 200);
    assert.equal((await worker.rest('GET', '/notes')).status, 400, 'signed in, and in no tenant');
    assert.equal((await rest(server, key, 'GET', '/notes')).status, 401);
    assert.equal((await boss.rest('DELETE', `/members/${worker.id}`)).status, 404);
  });

  test('an admin makes no owners and touches none; the last owner stays', async () => {
    const boss = await owner();
    const bossId = (await boss.rest('GET', '/auth/me')).json.user_id;
    const admin = await joined('admin@example.com', 'admin', boss);
    for (const [method, path, body] of [
      ['POST', '/members/invitations', { email: 'x@example.com', role: 'owner' }], ['PATCH', `/members/${admin.id}`, { role: 'owner' }],
      ['PATCH', `/members/${bossId}`, { role: 'member' }], ['DELETE', `/members/${bossId}`],
    ]) assert.equal((await admin.rest(method, path, body)).status, 403, `${method} ${path}`);
    await invited('y@example.com', 'admin', admin);
    assert.equal((await boss.rest('DELETE', `/members/${bossId}`)).status, 409);
    assert.equal((await boss.rest('PATCH', `/members/${bossId}`, { role: 'admin' })).status, 409);
    for (const role of ['', 'Owner', 'root', null, 1]) {
      assert.equal((await boss.rest('PATCH', `/members/${admin.id}`, { role })).status, 400, `${role}`);
    }
  });

  test('keys manage none, whatever they may do', async () => {
    const answer = await rest(server, server.key, 'GET', '/members');
    assert.equal(answer.status, 403, answer.text);
    assert.equal((await rest(server, server.key, 'POST', '/members/invitations', { email: 'k@example.com', role: 'member' })).status, 403);
    assert.equal((await rest(server, undefined, 'GET', '/members')).status, 401);
  });

  test('Attack111: those of another tenant are not there', async () => {
    const boss = await owner();
    const { id } = await server.admin('tenant', 'create', '--name', 'Foreign');
    const foreigner = await server.admin('user', 'create', '--email', 'foreign@example.com', '--tenant', id);
    const pending = await server.admin('user', 'invite', '--email', 'pending@example.com', '--tenant', id);
    for (const [method, path, body] of [
      ['PATCH', `/members/${foreigner.id}`, { role: 'owner' }], ['DELETE', `/members/${foreigner.id}`],
      ['DELETE', '/members/invitations/pending@example.com'], ['DELETE', '/members/nonsense'],
    ]) assert.equal((await boss.rest(method, path, body)).status, 404, `${method} ${path}`);
    for (const path of ['/members', '/members/invitations']) {
      assert.doesNotMatch((await boss.rest('GET', path)).text, /foreign@|pending@/);
    }
    assert.equal((await new Person(server).get(new URL(pending.link).pathname)).status, 200, 'it is still there');
  });
});

describe('a forgotten password', () => {
  test('is replaced by a link, which ends all sessions and begins none', async () => {
    const before = await joined('forgetful@example.com', 'member');
    const person = new Person(server);
    assert.match((await person.get('/sign-in')).text, /href="\/reset"/);
    assert.equal((await person.form('/reset', { email: 'Forgetful@example.com' })).status, 200);
    const mail = await mails.next();
    assert.deepEqual(mail.to, ['forgetful@example.com']);
    assert.match((await person.get(mail.path)).text, /forgetful@example\.com/);
    assert.equal((await person.form(mail.path, { password: 'forgetful@example.com' })).status, 400);
    assert.equal((await person.form(mail.path, { password: 'another horse that staples' })).headers.location, '/sign-in');
    assert.equal(person.cookies.size, 0);
    assert.equal((await before.rest('GET', '/auth/me')).status, 401, 'who was signed in is out');
    assert.equal((await person.form(mail.path, { password: good })).status, 404, 'it works once');
    assert.equal((await new Person(server).signIn('forgetful@example.com', good)).status, 401);
    assert.equal((await new Person(server).signIn('forgetful@example.com', 'another horse that staples')).status, 200);
    assert.ok(!server.log.includes(mail.value));
  });

  test('is asked for with the same answer, whoever there is', async () => {
    const answers = [];
    for (const email of [server.console.email, 'stranger@example.com', 'no address']) {
      const { status, text, headers } = await askForReset(email);
      answers.push([status, text, Object.keys(headers).sort()]);
    }
    assert.equal(answers[0][0], 202);
    assert.deepEqual(answers[1], answers[0]);
    assert.deepEqual(answers[2], answers[0]);
    assert.deepEqual((await mails.next()).to, [server.console.email]);
    assert.equal(mails.count, 0);
  });

  test('Attack73: a link of one purpose is none of another', async () => {
    const { value: invitation } = await invited('purpose@example.com');
    await askForReset(server.console.email);
    const { value: reset } = await mails.next();
    const set = (token) => rest(server, undefined, 'POST', '/auth/reset/redeem', { token, password: good });
    assert.equal((await set(invitation)).status, 404);
    assert.equal((await new Person(server).get(`/reset/${invitation}`)).status, 404);
    assert.equal((await redeem(new Person(server), reset)).status, 404);
    for (const token of ['', 'x', 'A'.repeat(43), `${invitation}=`]) assert.equal((await set(token)).status, 404, token);
    assert.equal((await redeem(new Person(server), invitation)).status, 200, 'and none of that used it up');
  });

  test('Attack109: asking for links and trying passwords share one counter', async () => {
    const target = 'target@example.com';
    for (let i = 0; i < 10; ++i) {
      const answer = i % 2 === 0 ? await askForReset(target) : await new Person(server).signIn(target, 'not this one either');
      assert.notEqual(answer.status, 429, answer.text);
    }
    const asked = await askForReset(target);
    assert.equal(asked.status, 429);
    assert.ok(Number(asked.headers['retry-after']) > 0);
    assert.equal((await new Person(server).signIn(target, good)).status, 429);
    assert.equal((await new Person(server).form('/reset', { email: target })).status, 429);
  });

  test('Attack51: a form of another site asks for nothing and sets nothing', async () => {
    const person = new Person(server, { origin: 'https://evil.example' });
    assert.equal((await person.form('/reset', { email: server.console.email })).status, 403);
    const { path } = await invited('cross@example.com');
    assert.equal((await person.form(path, { name: 'Eve', password: good })).status, 403);
    person.origin = undefined;
    assert.equal((await person.form(path, { name: 'Eve', password: good })).status, 403);
  });
});

describe('where no mail is sent', () => {
  test('who invites passes the link on, and the log does not have it', async () => {
    const plain = await serve({});
    const { id } = await plain.admin('tenant', 'create', '--name', 'Harbor');
    const { link } = await plain.admin('user', 'invite', '--email', 'first@example.com', '--tenant', id, '--role', 'owner');
    const first = new Person(plain);
    assert.equal((await redeem(first, link.split('/').at(-1))).status, 200);
    const answer = await first.rest('POST', '/members/invitations', { email: 'next@example.com', role: 'admin' });
    assert.equal(answer.json.mailed, false);
    assert.ok(answer.json.link.startsWith(`${plain.url}/invitation/`), answer.text);
    await logged(plain, 'mail.not_sent');
    assert.ok(!plain.log.includes(answer.json.link.split('/').at(-1)));
    assert.doesNotMatch((await first.get('/sign-in')).text, /href="\/reset"/);

    const reset = await plain.admin('user', 'reset-password', '--email', 'first@example.com');
    assert.equal((await rest(plain, undefined, 'POST', '/auth/reset/redeem', {
      token: reset.link.split('/').at(-1), password: 'another horse that staples',
    })).status, 200);
    const listed = await plain.admin('user', 'list', '--tenant', id);
    assert.deepEqual(listed.map(({ email, role }) => [email, role]), [['first@example.com', 'owner']]);
    assert.equal((await first.rest('GET', '/auth/me')).status, 401);
  });

  test('a demo writes the link to its log', async () => {
    const plain = await demo({ config: plainConfig });
    const { status } = await rest(plain, undefined, 'POST', '/auth/reset', { email: plain.console.email });
    assert.equal(status, 202);
    await logged(plain, '/reset/');
    const line = JSON.parse(plain.log.split('\n').find((each) => each.includes('/reset/')));
    assert.equal(line.event, 'mail.not_sent');
    assert.equal((await new Person(plain).get(new URL(line.link).pathname)).status, 200);
  });
});
