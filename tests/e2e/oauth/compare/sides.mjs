// Two authorization servers that are set up alike, and one way to ask both: npm oidc-provider, unmodified, and ours.
import assert from 'node:assert/strict';
import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import http from 'node:http';
import { after } from 'node:test';
import Provider, { errors } from 'oidc-provider';
import { request } from '../../harness/http.mjs';
import { Person, csrfOf } from '../../harness/person.mjs';
import { demo } from '../../harness/server.mjs';
import { oauthConfig, register } from '../flow.mjs';

export const callback = 'https://app.example/cb';
export const verifier = 'a'.repeat(43);
export const challenge = createHash('sha256').update(verifier).digest('base64url');
export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const kScopes = ['data:read', 'data:write'];
const forPeople = ['authorization_code', 'refresh_token'];
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'client', alg: 'ES256', use: 'sig' }] };

export const basic = ({ id, secret }) => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` });
export const form = 'application/x-www-form-urlencoded';

// Parameters of which one that is undefined is left out and a list comes several times.
export function encode(parameters) {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) for (const each of [value ?? []].flat()) pairs.append(name, each);
  return pairs.toString();
}

class Side {
  // `paths` by the names of the metadata; `clients` as both sides have them.
  constructor({ name, url, metadata, clients }) {
    Object.assign(this, { name, url, metadata, clients });
    this.resource = `${url}/mcp`;
  }

  // The path or URL of an endpoint.
  at(place) {
    return this.metadata[place] ?? this.metadata[`${place}_endpoint`] ?? this.url + place;
  }
  send(method, place, { headers = {}, body, query = '' } = {}) {
    const length = body === undefined ? [] : ['content-length', String(Buffer.byteLength(body))];
    const list = Array.isArray(headers) ? headers.flat() : Object.entries(headers).flat();
    return request(this.at(place) + query, { method, headers: ['host', new URL(this.url).host, ...list, ...length], body });
  }
  post(place, fields, headers = {}) {
    const body = typeof fields === 'string' ? fields : encode(fields);
    return this.send('POST', place, { headers: { 'content-type': form, ...headers }, body });
  }

  // The query of a good request of the public client, changed.
  asked(changes = {}) {
    return {
      client_id: this.clients.app.id, redirect_uri: callback, response_type: 'code', state: 'st&te', code_challenge: challenge,
      code_challenge_method: 'S256', scope: 'data:read data:write', resource: this.resource, ...changes,
    };
  }
  authorize(changes) {
    return this.send('GET', 'authorization', { query: `?${encode(this.asked(changes))}` });
  }

  // Of a person who says yes.
  async code(changes) {
    const location = new URL(await this.approve(`?${encode(this.asked(changes))}`));
    assert.ok(location.searchParams.get('code'), `${this.name}: ${location}`);
    return location.searchParams.get('code');
  }
  token(fields, headers) {
    return this.post('token', fields, headers);
  }
  redeem(code, fields = {}, headers = {}) {
    const good = { grant_type: 'authorization_code', code, client_id: this.clients.app.id, redirect_uri: callback, code_verifier: verifier };
    return this.token({ ...good, ...fields }, headers);
  }
  async tokens(changes) {
    const answer = await this.redeem(await this.code(changes));
    assert.equal(answer.status, 200, `${this.name}: ${answer.text}`);
    return answer.json;
  }
  refresh(token, fields = {}, headers = {}) {
    return this.token({ grant_type: 'refresh_token', refresh_token: token, client_id: this.clients.app.id, ...fields }, headers);
  }
  // Of the client that acts for itself.
  async ownToken() {
    const answer = await this.token({ grant_type: 'client_credentials', scope: 'data:read', resource: this.resource }, basic(this.clients.machine));
    assert.equal(answer.status, 200, `${this.name}: ${answer.text}`);
    return answer.json.access_token;
  }
  async device(fields = {}) {
    const answer = await this.post('device_authorization', { client_id: this.clients.app.id, scope: 'data:read', resource: this.resource, ...fields });
    assert.equal(answer.status, 200, `${this.name}: ${answer.text}`);
    return answer.json;
  }
  poll(code, fields = {}, headers = {}) {
    return this.token({ grant_type: deviceGrant, device_code: code, client_id: this.clients.app.id, ...fields }, headers);
  }

  // A client's proof by its key; what is undefined in `claims` is left out.
  assertion(claims = {}, header = {}) {
    const now = Math.floor(Date.now() / 1000);
    const id = this.clients.signed.id;
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'ES256', kid: 'client', ...header })}.${part({ iss: id, sub: id, aud: this.metadata.issuer, iat: now, exp: now + 60, jti: randomUUID(), ...claims })}`;
    return `${text}.${createSign('sha256').update(text).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' }, 'base64url')}`;
  }
  proof(assertion) {
    return { client_id: undefined, client_assertion_type: assertionType, client_assertion: assertion ?? this.assertion() };
  }
}

const metadataOf = async (url) => (await request(`${url}/.well-known/oauth-authorization-server`)).json;

export async function startOurs() {
  const limits = 'rate_limits: { address: 100000/1m }\n';
  const server = await demo({ config: oauthConfig(', retry_window: 1s') + limits });
  const registered = async (metadata) => {
    const answer = await register(server, metadata);
    assert.equal(answer.status, 201, answer.text);
    return { id: answer.json.client_id, secret: answer.json.client_secret };
  };
  const of = (method, more = {}) => ({ redirect_uris: [callback], token_endpoint_auth_method: method, grant_types: forPeople, ...more });
  const clients = {
    app: await registered(of('none', { grant_types: [...forPeople, deviceGrant] })),
    rival: await registered(of('none', { grant_types: [...forPeople, deviceGrant] })),
    plain: await registered(of('none')),
    native: await registered(of('none', { redirect_uris: ['http://127.0.0.1/cb', 'http://localhost/cb', 'com.example.app:/cb'], application_type: 'native' })),
    web: await registered(of('client_secret_basic')),
    body: await registered(of('client_secret_post')),
    signed: await registered(of('private_key_jwt', { jwks })),
    machine: await server.admin('client', 'create', '--name', 'Machine', '--tenant', server.tenant),
  };
  const side = new Side({ name: 'Keystead', url: server.url, metadata: await metadataOf(server.url), clients });
  const person = new Person(server);
  assert.equal((await person.signIn(server.console.email, server.console.password)).status, 200);
  side.approve = async (query) => {
    const began = await person.get(`/oauth/authorize${query}`);
    const page = await person.get(began.headers.location);
    if (page.status === 303) return page.headers.location; // a yes is remembered
    const tenant = page.text.match(/name="tenant" value="([^"]+)"/)?.[1];
    const fields = { csrf_token: csrfOf(page), decision: 'approve', ...(tenant && { tenant }) };
    return (await person.form(began.headers.location, fields)).headers.location;
  };
  return side;
}

// Whoever comes is Ada, and says yes.
function approving(provider) {
  return async (incoming, outgoing) => {
    const { params } = await provider.interactionDetails(incoming, outgoing);
    const grant = new provider.Grant({ accountId: 'ada', clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    for (const resource of [params.resource].flat()) grant.addResourceScope(resource, params.scope);
    const result = { login: { accountId: 'ada' }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(incoming, outgoing, result, { mergeWithLastSubmission: true });
  };
}

const keyOf = (type, options, alg) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: alg });

export async function startTheirs() {
  const server = http.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${server.address().port}`;
  const of = (id, method, more = {}) => ({ client_id: id, redirect_uris: [callback], token_endpoint_auth_method: method, grant_types: forPeople, id_token_signed_response_alg: 'ES256', ...more });
  const withSecret = (id, method, more) => of(id, method, { client_secret: `secret-of-${id}-0123456789abcdef0123456789`, ...more });
  const list = {
    app: of('app', 'none', { grant_types: [...forPeople, deviceGrant] }),
    rival: of('rival', 'none', { grant_types: [...forPeople, deviceGrant] }),
    plain: of('plain', 'none'),
    native: of('native', 'none', { redirect_uris: ['http://127.0.0.1/cb', 'http://localhost/cb', 'com.example.app:/cb'], application_type: 'native' }),
    web: withSecret('web', 'client_secret_basic'),
    body: withSecret('body', 'client_secret_post'),
    signed: of('signed', 'private_key_jwt', { jwks }),
    machine: withSecret('machine', 'client_secret_basic', { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }),
  };
  const resource = `${url}/mcp`;
  const provider = new Provider(url, {
    clients: Object.values(list),
    jwks: { keys: [keyOf('ec', { namedCurve: 'P-256' }, 'ES256'), keyOf('rsa', { modulusLength: 2048 }, 'RS256')] },
    scopes: kScopes,
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      introspection: { enabled: true, allowedPolicy: (_, client, token) => client.clientAuthMethod !== 'none' && client.clientId === token.clientId },
      revocation: { enabled: true },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, indicator) => {
          if (indicator !== resource) throw new errors.InvalidTarget();
          return { scope: kScopes.join(' '), audience: resource, accessTokenFormat: 'opaque' };
        },
      },
    },
  });
  const approve = approving(provider);
  const answer = provider.callback();
  server.on('request', (incoming, outgoing) => (incoming.url.startsWith('/interaction/') ? approve : answer)(incoming, outgoing));
  const metadata = (await request(`${url}/.well-known/openid-configuration`)).json;
  const clients = Object.fromEntries(Object.entries(list).map(([name, { client_id: id, client_secret: secret }]) => [name, { id, secret }]));
  const side = new Side({ name: 'oidc-provider', url, metadata, clients });
  side.approve = async (query) => {
    const person = new Person({ url }, { origin: undefined });
    let location = `${metadata.authorization_endpoint}${query}`;
    for (let i = 0; i < 6 && (location.startsWith(url) || location.startsWith('/')); ++i) {
      location = (await person.get(location.replace(url, ''))).headers.location;
    }
    return location;
  };
  return side;
}
