// Clients that an operator enters.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keysteadRefuses } from '../harness/keystead.mjs';
import { Person } from '../harness/person.mjs';
import { demo } from '../harness/server.mjs';
import { answerOf, authorizePath, consent, decide, oauthConfig } from './flow.mjs';

const server = await demo({ config: oauthConfig(', registration: false') });
const create = (...args) => server.admin('client', 'create', ...args);
const ids = async () => (await server.admin('client', 'list')).map(({ id }) => id);

test('one that acts for people has a secret, shown once, unless it cannot keep one', async () => {
  const web = await create('--name', 'Web', '--redirect-uri', 'https://app.example/cb', '--redirect-uri', 'https://app.example/cb2');
  assert.match(web.id, /^kc_/);
  assert.match(web.secret, /^[\w-]{43}$/);
  assert.deepEqual(web.redirect_uris, ['https://app.example/cb', 'https://app.example/cb2']);
  assert.deepEqual(web.grant_types, ['authorization_code', 'refresh_token']);
  const native = await create('--name', 'Native', '--redirect-uri', 'http://localhost/cb', '--auth', 'none');
  assert.equal(native.secret, undefined);
  const listed = await server.admin('client', 'list');
  assert.ok(!JSON.stringify(listed).includes(web.secret));
  assert.equal(listed.find(({ id }) => id === native.id).auth, 'none');
});

test('one that acts by itself does so in its tenant', async () => {
  const machine = await create('--name', 'Nightly', '--tenant', server.tenant);
  assert.equal(machine.tenant, server.tenant);
  assert.deepEqual(machine.grant_types, ['client_credentials']);
  assert.ok(machine.secret);
});

test('what fits nowhere is refused with one line', async () => {
  for (const args of [
    ['--name', 'Idle'],
    ['--name', 'Public machine', '--tenant', server.tenant, '--auth', 'none'],
    ['--name', 'Script', '--redirect-uri', 'javascript:alert(1)'],
    ['--name', 'Plain', '--redirect-uri', 'http://app.example/cb'],
    ['--name', 'Elsewhere', '--tenant', '00000000-0000-4000-8000-000000000000'],
  ]) {
    await keysteadRefuses(['client', 'create', ...args, ...server.where]);
  }
  await keysteadRefuses(['client', 'delete', 'kc_unknown', ...server.where]);
});

test('a person is told that the operator has entered it, and a deleted one is unknown at once', async () => {
  const person = new Person(server);
  await person.signIn(server.console.email, server.console.password);
  const { id } = await create('--name', 'Known', '--redirect-uri', 'https://app.example/cb', '--auth', 'none');
  const at = await consent(person, authorizePath(id));
  assert.match(at.page.text, /the operator has entered it/);
  assert.ok(answerOf(await decide(person, at, 'approve')).code);
  const open = await consent(person, authorizePath(id));
  await server.admin('client', 'delete', id);
  assert.ok(!(await ids()).includes(id));
  assert.equal((await person.get(authorizePath(id))).status, 400);
  assert.equal((await decide(person, open, 'approve')).status, 404);
});
