// Documents that anybody may read, registration, and what a page of another origin may do.
import { callback, form } from './sides.mjs';
import { body, header } from './say.mjs';

const member = (name, read = (json) => json[name]) => ({
  name, ask: (side) => side.send('GET', '/.well-known/openid-configuration'), say: body((json) => [read(json)].flat().sort()),
});

export const metadata = [
  member('issuer', ({ issuer }) => typeof issuer),
  ...['response_types_supported', 'response_modes_supported', 'grant_types_supported', 'code_challenge_methods_supported', 'scopes_supported',
    'token_endpoint_auth_methods_supported', 'authorization_response_iss_parameter_supported', 'subject_types_supported'].map((name) => member(name)),
  member('endpoints', (json) => Object.keys(json).filter((name) => /_endpoint$|_uri$/.test(name))),
  { name: 'Content-Type', ask: (side) => side.send('GET', '/.well-known/openid-configuration'), say: header('content-type', /[\w/]+/) },
  { name: 'a page of another origin', ask: (side) => side.send('GET', '/.well-known/openid-configuration', { headers: { origin: 'https://app.example' } }), say: header('access-control-allow-origin') },
  { name: 'what a cache may give to a page', ask: (side) => side.send('GET', '/.well-known/openid-configuration'), say: header('vary', /Origin/i) },
  { name: 'POST', ask: (side) => side.send('POST', '/.well-known/openid-configuration', { headers: { 'content-type': form }, body: '' }) },
  { name: 'HEAD', ask: (side) => side.send('HEAD', '/.well-known/openid-configuration'), say: (answer) => answer.status },
];

export const keys = [
  { name: 'the keys', ask: (side) => side.send('GET', 'jwks_uri'), say: body(({ keys: [key] }) => Object.keys(key).sort()) },
  { name: 'a key', ask: (side) => side.send('GET', 'jwks_uri'), say: body(({ keys: [{ kty, alg, use, crv }] }) => [kty, alg, use, crv]) },
  { name: 'Content-Type', ask: (side) => side.send('GET', 'jwks_uri'), say: header('content-type', /[\w/+-]+/) },
  { name: 'a page of another origin', ask: (side) => side.send('GET', 'jwks_uri', { headers: { origin: 'https://app.example' } }), say: header('access-control-allow-origin') },
  { name: 'what a cache may give to a page', ask: (side) => side.send('GET', 'jwks_uri'), say: header('vary', /Origin/i) },
  { name: 'POST', ask: (side) => side.send('POST', 'jwks_uri', { headers: { 'content-type': form }, body: '' }) },
];

const preflight = (place, method = 'POST') => (side) => side.send('OPTIONS', place, { headers: { origin: 'https://app.example', 'access-control-request-method': method, 'access-control-request-headers': 'content-type,authorization' } });
const allowed = (answer) => {
  const of = (name) => (answer.headers[`access-control-allow-${name}`] ? name : '');
  return [answer.status, of('origin'), of('methods'), of('headers'), of('credentials')].filter(Boolean).join(' ');
};

export const origins = [
  ...['token', 'revocation', 'introspection', 'registration', 'device_authorization'].map((place) => ({ name: `a page may ask ${place}`, ask: preflight(place), say: allowed })),
  ...['/.well-known/openid-configuration', 'jwks_uri', 'authorization'].map((place) => ({ name: `a page may read ${place}`, ask: preflight(place, 'GET'), say: allowed })),
  { name: 'a refusal that a page may read', ask: (side) => side.post('token', { grant_type: 'magic' }, { origin: 'https://app.example' }), say: (answer) => `${answer.status} ${Boolean(answer.headers['access-control-allow-origin'])}` },
  { name: 'WWW-Authenticate that a page may read', ask: (side) => side.post('token', { grant_type: 'magic', client_id: 'x' }, { origin: 'https://app.example' }), say: header('access-control-expose-headers', /WWW-Authenticate/i) },
];

const good = { redirect_uris: [callback], token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] };
const registered = (name, changes, say) => ({
  name, say, ask: (side) => side.send('POST', 'registration', { headers: { 'content-type': 'application/json' }, body: typeof changes === 'string' ? changes : JSON.stringify({ ...good, ...changes }) }),
});
const jwk = { kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' };

export const registration = [
  registered('a client', {}),
  registered('what is returned', {}, body(({ redirect_uris: uris, token_endpoint_auth_method: method, grant_types: grants, response_types: types, client_secret: secret }) => [uris, method, grants, types, secret])),
  registered('Cache-Control', {}, header('cache-control', /no-store/)),
  registered('a client with a secret', { token_endpoint_auth_method: 'client_secret_post' }, body(({ client_secret: secret, client_secret_expires_at: end }) => [typeof secret, end])),
  registered('no method', { token_endpoint_auth_method: undefined }, body(({ token_endpoint_auth_method: method }) => method)),
  registered('no grant_types', { grant_types: undefined }, body(({ grant_types: grants }) => grants)),
  registered('no response_types', { response_types: undefined }, body(({ response_types: types }) => types)),
  registered('a name and addresses', { client_name: 'Agent', client_uri: 'https://app.example/', logo_uri: 'https://app.example/logo' }, body(({ client_name: name, client_uri: uri, logo_uri: logo }) => [name, uri, logo])),
  registered('contacts and software', { contacts: ['a@app.example'], software_id: 's', software_version: '1' }),
  registered('a member that nobody knows', { colour: 'blue' }, body(({ colour }) => colour)),
  registered('no redirect_uris', { redirect_uris: undefined }),
  registered('an empty list of redirect_uris', { redirect_uris: [] }),
  registered('redirect_uris that are no list', { redirect_uris: callback }),
  registered('a redirect_uri that is no text', { redirect_uris: [1] }),
  registered('a redirect_uri with a fragment', { redirect_uris: [`${callback}#x`] }),
  registered('a redirect_uri that is relative', { redirect_uris: ['/cb'] }),
  registered('a redirect_uri that is a script', { redirect_uris: ['javascript:alert(1)'] }),
  registered('a redirect_uri without TLS', { redirect_uris: ['http://app.example/cb'] }),
  registered('a redirect_uri on loopback, of a web client', { redirect_uris: ['http://127.0.0.1/cb'] }),
  registered('a redirect_uri on loopback, of a native one', { redirect_uris: ['http://127.0.0.1/cb'], application_type: 'native' }),
  registered('the same redirect_uri twice', { redirect_uris: [callback, callback] }),
  registered('an unknown method', { token_endpoint_auth_method: 'magic' }),
  registered('an unknown grant', { grant_types: ['authorization_code', 'magic'] }),
  registered('the implicit grant', { grant_types: ['implicit'], response_types: ['token'] }),
  registered('grants that are no list', { grant_types: 'authorization_code' }),
  registered('response_type token', { response_types: ['token'] }),
  registered('an empty list of grants', { grant_types: [] }),
  registered('refresh_token alone', { grant_types: ['refresh_token'], response_types: [] }),
  registered('a key without the keys', { token_endpoint_auth_method: 'private_key_jwt' }),
  registered('a key', { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } }, body(({ jwks }) => jwks?.keys?.length)),
  registered('keys that are none', { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } }),
  registered('keys and their address', { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] }, jwks_uri: 'https://app.example/jwks' }),
  registered('keys with their private half', { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ ...jwk, d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' }] } }),
  registered('a name that is no text', { client_name: 1 }),
  registered('an address that is a script', { client_uri: 'javascript:alert(1)' }),
  registered('an id of its own', { client_id: 'mine', client_secret: 'mine' }, body(({ client_id: id }) => id === 'mine')),
  registered('no JSON', '{'),
  registered('a list', '[]'),
  registered('nothing', ''),
  registered('a member twice', `{"redirect_uris":["${callback}"],"redirect_uris":["https://evil.example/cb"]}`),
  { name: 'a form', ask: (side) => side.post('registration', { redirect_uris: callback }) },
  { name: 'another type', ask: (side) => side.send('POST', 'registration', { headers: { 'content-type': 'text/plain' }, body: JSON.stringify(good) }) },
  { name: 'GET', ask: (side) => side.send('GET', 'registration') },
  { name: 'PUT', ask: (side) => side.send('PUT', 'registration', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(good) }) },
];
