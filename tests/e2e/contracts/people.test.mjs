// People of issuers: sessions as Clerk and Supabase make them, signed by npm jose, with the keys on a server of this machine, and
// Clerk's webhooks, signed by npm svix. Claims are those of the issuers' documentation.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { SignJWT, UnsecuredJWT, generateKeyPair } from 'jose';
import { Webhook } from 'svix';
import { request, rest } from '../harness/http.mjs';
import { startIssuer } from '../harness/issuer.mjs';
import { rpc } from '../harness/mcp.mjs';
import { neighbour, product, toolsOf } from '../harness/contract.mjs';

const seconds = () => Math.floor(Date.now() / 1000);

// A session of Clerk, version 2.
const clerkClaims = (issuer, subject, more = {}) => ({
  azp: 'https://app.example.com', exp: seconds() + 60, fva: [0, -1], iat: seconds(), iss: issuer.url, jti: randomBytes(10).toString('hex'),
  nbf: seconds() - 10, sid: 'sess_2abc', sts: 'active', sub: subject, v: 2, ...more,
});

// The servers end with the file, so they are started outside of its suites.
const webhookSecret = `whsec_${randomBytes(24).toString('base64')}`;
const clerk = await startIssuer();
await clerk.add('ins_1', 'RS256');
const nenjo = await product('nenjo', { env: { CLERK_ISSUER: clerk.url, CLERK_WEBHOOK_SECRET: webhookSecret } });
const sharedSecret = randomBytes(40).toString('base64');
const supabase = await startIssuer('/auth/v1');
await supabase.add('a', 'ES256');
const noukai = await product('noukai', { env: { SUPABASE_URL: supabase.base, SUPABASE_JWT_SECRET: sharedSecret } });

describe('J3 a session and the webhooks of Clerk', () => {
  const server = nenjo;
  const secret = webhookSecret;
  let stranger;
  const api = (token, method, path, body) => rest(server, token, method, path, body);
  const webhook = (type, data, { id = `msg_${randomUUID()}`, at = new Date(), key = secret, headers } = {}) => {
    const body = JSON.stringify({ data, object: 'event', type, timestamp: at.getTime() });
    return request(`${server.url}/api/v1/webhooks`, {
      method: 'POST',
      headers: headers ?? {
        'content-type': 'application/json', 'svix-id': id, 'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
        'svix-signature': new Webhook(key).sign(id, at, body),
      },
      body,
    });
  };
  const done = async (...args) => {
    const answer = await webhook(...args);
    assert.equal(answer.status, 200, answer.text);
  };
  const session = (subject, org, role = 'admin') =>
    clerk.sign(clerkClaims(clerk, subject, org ? { o: { id: org, rol: role, slg: 'acme' } } : {}), 'ins_1');
  const join = (subject, org, role = 'org:admin') => done('organizationMembership.created', {
    id: `orgmem_${randomUUID()}`, object: 'organization_membership', role,
    organization: { id: org, name: 'Acme', slug: 'acme' }, public_user_data: { user_id: subject, first_name: 'Ada' },
  });

  before(async () => {
    stranger = await neighbour(server, 'Stranger');
    await done('user.created', {
      id: 'user_ada', object: 'user', first_name: 'Ada', last_name: 'Lovelace', primary_email_address_id: 'idn_1',
      email_addresses: [{ id: 'idn_1', email_address: 'Ada@Example.com' }],
    });
    await done('organization.created', { id: 'org_acme', object: 'organization', name: 'Acme', slug: 'acme' });
    await join('user_ada', 'org_acme');
  });

  test('GET /auth/me says who it is', async () => {
    const { status, json } = await api(await session('user_ada', 'org_acme'), 'GET', '/auth/me');
    assert.equal(status, 200);
    assert.equal(json.subject, 'user_ada');
    assert.equal(json.issuer, clerk.url);
    assert.equal(json.email, 'ada@example.com');
    assert.equal(json.name, 'Ada Lovelace');
    assert.equal(json.role, 'admin');
  });

  test('/auth/verify and /webhooks need no session, everything else does', async () => {
    const open = await request(`${server.url}/api/v1/auth/verify`);
    assert.deepEqual([open.status, open.json], [200, { valid: false }]);
    const { json } = await api(await session('user_ada', 'org_acme'), 'POST', '/auth/verify');
    assert.deepEqual([json.valid, json.subject], [true, 'user_ada']);
    assert.equal((await api('no.such.token', 'GET', '/auth/verify')).status, 401);
    for (const path of ['/auth/me', '/projects', '/api-keys']) {
      assert.equal((await request(`${server.url}/api/v1${path}`)).status, 401, path);
    }
  });

  test('it reads and writes the data of its organisation, over REST and MCP alike', async () => {
    const token = await session('user_ada', 'org_acme');
    const made = await api(token, 'POST', '/projects', { name: 'Engine', slug: 'engine' });
    assert.equal(made.status, 201, made.text);
    const { json } = await rpc(server, token, 'tools/call', { name: 'projects_list', arguments: {} });
    assert.match(JSON.stringify(json.result), /Engine/);
    const elsewhere = await api(stranger.key, 'GET', `/projects/${made.json.id}`);
    assert.equal(elsewhere.status, 404);
  });

  test('keys are created, listed and revoked with it', async () => {
    const token = await session('user_ada', 'org_acme');
    const made = await api(token, 'POST', '/api-keys', { name: 'CI', scopes: ['projects:read'] });
    assert.equal(made.status, 201, made.text);
    const { items = undefined } = (await api(token, 'GET', '/api-keys')).json;
    const listed = (items ?? (await api(token, 'GET', '/api-keys')).json).find(({ id }) => id === made.json.id);
    assert.equal(listed.name, 'CI');
    const key = Object.values(made.json).find((value) => typeof value === 'string' && /^nen_[0-9a-f]{64}$/.test(value));
    assert.equal((await api(key, 'GET', '/projects')).status, 200);
    assert.equal((await api(token, 'DELETE', `/api-keys/${made.json.id}`)).status, 200);
    assert.equal((await api(key, 'GET', '/projects')).status, 401);
  });

  test("a member manages its own keys and nobody else's", async () => {
    await join('user_member', 'org_acme', 'org:member');
    const theirs = (await api(await session('user_ada', 'org_acme'), 'POST', '/api-keys', { name: 'of Ada' })).json.id;
    const member = await session('user_member', 'org_acme', 'member');
    const own = (await api(member, 'POST', '/api-keys', { name: 'own' })).json.id;
    assert.ok(own);
    assert.equal((await api(member, 'DELETE', `/api-keys/${theirs}`)).status, 404);
    assert.equal((await api(member, 'DELETE', `/api-keys/${own}`)).status, 200);
  });

  test('Attack38: who has no membership has no tenant, whatever the token says', async () => {
    for (const claims of [
      {}, { o: { id: 'org_acme', rol: 'admin' } }, { o: { id: stranger.tenant, rol: 'admin' } }, { org_id: 'org_acme' },
      { unsafe_metadata: { tenant: stranger.tenant } },
    ]) {
      const token = await clerk.sign(clerkClaims(clerk, 'user_nobody', claims), 'ins_1');
      assert.equal((await api(token, 'GET', '/auth/me')).status, 200);
      const answer = await api(token, 'GET', '/projects');
      assert.ok([400, 403].includes(answer.status), `${answer.status} ${answer.text}`);
    }
  });

  test('Attacks 15 to 30: what is not signed by the issuer, for here and now, is nobody', async () => {
    const claims = (more) => clerkClaims(clerk, 'user_ada', { o: { id: 'org_acme', rol: 'admin' }, ...more });
    const other = await generateKeyPair('RS256');
    const forged = new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', kid: 'ins_1', typ: 'JWT' }).sign(other.privateKey);
    const published = JSON.stringify(clerk.published[0]);
    const bad = {
      none: new UnsecuredJWT(claims()).encode(),
      'another key': await forged,
      'HS256 with the public key': await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'ins_1' }).sign(Buffer.from(published)),
      'unknown kid': await clerk.sign(claims(), 'ins_1', { kid: 'ins_2' }),
      'no kid is only for one key': 'a.b.c',
      expired: await clerk.sign(claims({ exp: seconds() - 120 }), 'ins_1'),
      'not yet': await clerk.sign(claims({ nbf: seconds() + 600 }), 'ins_1'),
      'no exp': await clerk.sign({ ...claims(), exp: undefined }, 'ins_1'),
      'no sub': await clerk.sign({ ...claims(), sub: undefined }, 'ins_1'),
      'another issuer': await clerk.sign(claims({ iss: `${clerk.url}/` }), 'ins_1'),
      'meant for another': await clerk.sign(claims({ aud: 'https://other.example' }), 'ins_1'),
      'an access token of ours': await clerk.sign(claims(), 'ins_1', { typ: 'at+jwt' }),
      crit: await clerk.sign(claims(), 'ins_1', { b64: true, crit: ['b64'] }),
    };
    for (const [what, token] of Object.entries(bad)) {
      const answer = await api(token, 'GET', '/auth/me');
      assert.equal(answer.status, 401, `${what}: ${answer.text}`);
    }
  });

  test('Attack23: unknown keys do not make it ask the issuer again and again', async () => {
    const before = clerk.fetches;
    for (let i = 0; i < 50; ++i) {
      await api(await clerk.sign(clerkClaims(clerk, 'user_ada'), 'ins_1', { kid: `ins_x${i}` }), 'GET', '/auth/me');
    }
    assert.ok(clerk.fetches - before <= 1, `${clerk.fetches - before} fetches`);
  });

  test('J4 a webhook that is not signed, or not now, is refused, and a replay does nothing', async () => {
    const data = { id: 'user_ada', object: 'user', deleted: true };
    assert.equal((await webhook('user.deleted', data, { headers: { 'content-type': 'application/json' } })).status, 401);
    assert.equal((await webhook('user.deleted', data, { key: `whsec_${randomBytes(24).toString('base64')}` })).status, 401);
    assert.equal((await webhook('user.deleted', data, { at: new Date(Date.now() - 10 * 60_000) })).status, 401);
    assert.equal((await webhook('user.deleted', data, { at: new Date(Date.now() + 10 * 60_000) })).status, 401);
    assert.equal((await api(await session('user_ada', 'org_acme'), 'GET', '/auth/me')).status, 200);
    await join('user_twice', 'org_acme');
    const out = { organization: { id: 'org_acme' }, public_user_data: { user_id: 'user_twice' }, role: 'org:admin' };
    await done('organizationMembership.deleted', out, { id: 'msg_once' });
    await join('user_twice', 'org_acme');
    await done('organizationMembership.deleted', out, { id: 'msg_once' });
    assert.equal((await api(await session('user_twice', 'org_acme'), 'GET', '/projects')).status, 200, 'the replay did nothing');
  });

  test('J4 who leaves the organisation is out of it with the keys of theirs, before the webhook is answered', async () => {
    await join('user_leaver', 'org_acme');
    const token = await session('user_leaver', 'org_acme');
    const key = Object.values((await api(token, 'POST', '/api-keys', { name: 'mine' })).json).find((value) => /^nen_/.test(value) && value.length === 68);
    assert.equal((await api(token, 'GET', '/projects')).status, 200);
    assert.equal((await api(key, 'GET', '/projects')).status, 200);
    await done('organizationMembership.deleted', {
      organization: { id: 'org_acme' }, public_user_data: { user_id: 'user_leaver' }, role: 'org:admin',
    });
    assert.notEqual((await api(token, 'GET', '/projects')).status, 200);
    assert.equal((await api(key, 'GET', '/projects')).status, 401);
  });

  test('J4 a user who is deleted is nobody, before the webhook is answered', async () => {
    await join('user_gone', 'org_acme');
    const token = await session('user_gone', 'org_acme');
    const key = Object.values((await api(token, 'POST', '/api-keys', { name: 'mine' })).json).find((value) => /^nen_/.test(value) && value.length === 68);
    assert.equal((await api(token, 'GET', '/auth/me')).status, 200);
    assert.equal((await toolsOf(server, key)).length > 0, true);
    await done('user.deleted', { id: 'user_gone', object: 'user', deleted: true });
    for (const credential of [token, key, await session('user_gone', 'org_acme')]) {
      assert.equal((await api(credential, 'GET', '/projects')).status, 401);
    }
    await join('user_gone', 'org_acme');
    assert.equal((await api(await session('user_gone', 'org_acme'), 'GET', '/auth/me')).status, 401, 'a late event brings nobody back');
  });

  test('an operator lets a user of the issuer in', async () => {
    const wanted = ['--email', 'op@example.com', '--tenant', server.tenant, '--role', 'admin', '--issuer', 'sign_in', '--subject', 'user_op'];
    assert.equal((await server.admin('user', 'create', ...wanted)).role, 'admin');
    const token = await session('user_op');
    assert.equal((await api(token, 'GET', '/projects')).status, 200);
    assert.equal((await api(token, 'GET', '/auth/me')).json.email, 'op@example.com');
  });

  test('every act is in the audit log', async () => {
    const verified = await server.admin('audit', 'verify');
    assert.ok(verified.ok ?? verified.valid ?? verified.records > 0);
  });
});

describe('K1 a session of Supabase', () => {
  const server = noukai;
  const secret = sharedSecret;
  const claims = (more = {}) => ({
    iss: supabase.url, sub: '3f1f2d6e-0000-4000-8000-000000000001', aud: 'authenticated', exp: seconds() + 3600, iat: seconds(),
    email: 'grace@example.com', phone: '', role: 'authenticated', aal: 'aal1', amr: [{ method: 'password', timestamp: seconds() }],
    session_id: randomUUID(), is_anonymous: false, user_metadata: { project_id: server.tenant },
    app_metadata: { provider: 'email', providers: ['email'], project_id: server.tenant, role: 'admin' }, ...more,
  });
  const shared = (more) => new SignJWT(claims(more)).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(Buffer.from(secret));
  const flows = (token) => rest(server, token, 'GET', '/flows');

  test('signed with a published key, and with the shared secret', async () => {
    for (const token of [await supabase.sign(claims(), 'a'), await shared()]) {
      const answer = await flows(token);
      assert.equal(answer.status, 200, answer.text);
      const me = await rest(server, token, 'GET', '/auth/me');
      assert.equal(me.json.subject, '3f1f2d6e-0000-4000-8000-000000000001');
      assert.equal(me.json.role, 'admin');
    }
  });

  test('Attack38: user_metadata leads nowhere', async () => {
    const answer = await flows(await shared({ sub: randomUUID(), app_metadata: { provider: 'email' } }));
    assert.ok([400, 403].includes(answer.status), `${answer.status} ${answer.text}`);
  });

  test('Attack27 and Attack16: another audience, and another secret, are nobody', async () => {
    assert.equal((await flows(await shared({ aud: 'anon' }))).status, 401);
    const other = new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(randomBytes(40));
    assert.equal((await flows(await other)).status, 401);
    const confused = new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'a' }).sign(Buffer.from(JSON.stringify(supabase.published[0])));
    assert.equal((await flows(await confused)).status, 401);
  });

  test('is exchanged for an access token of the same person, which ends no later', async () => {
    const session = await supabase.sign(claims({ exp: seconds() + 600 }), 'a');
    const answer = await request(`${server.url}/oauth/token`, {
      method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', client_id: 'web',
        subject_token: session, subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      }).toString(),
    });
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.json.expires_in <= 600);
    assert.equal((await flows(answer.json.access_token)).status, 200);
    const me = await rest(server, answer.json.access_token, 'GET', '/auth/me');
    assert.equal(me.json.subject, '3f1f2d6e-0000-4000-8000-000000000001');
  });

  test('Attack22: a key that the issuer has published since is found', async () => {
    await supabase.add('b', 'RS256');
    await new Promise((resolve) => setTimeout(resolve, 12_500));
    assert.equal((await flows(await supabase.sign(claims(), 'b'))).status, 200);
  });
});
