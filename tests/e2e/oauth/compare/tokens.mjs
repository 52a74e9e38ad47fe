// What becomes of tokens that a client has: introspection (RFC 7662) and revocation (RFC 7009).
import { basic, form } from './sides.mjs';
import { body, header } from './say.mjs';

const look = (side, fields, client = side.clients.machine) => side.post('introspection', fields, client && basic(client));
const end = (side, fields, client = side.clients.machine) => side.post('revocation', fields, client && basic(client));
const webTokens = async (side) => {
  const code = await side.code({ client_id: side.clients.web.id });
  return (await side.redeem(code, { client_id: undefined }, basic(side.clients.web))).json;
};

export const introspection = [
  { name: 'a token', ask: async (side) => look(side, { token: await side.ownToken() }), say: body(({ active }) => active) },
  { name: 'what is said of it', ask: async (side) => look(side, { token: await side.ownToken() }), say: body((json) => Object.keys(json).sort()) },
  { name: 'its type, scope and audience', ask: async (side) => look(side, { token: await side.ownToken() }), say: (answer, side) => JSON.stringify([answer.json.token_type, answer.json.scope, answer.json.aud === side.resource, answer.json.client_id === side.clients.machine.id]) },
  { name: 'Cache-Control', ask: async (side) => look(side, { token: await side.ownToken() }), say: header('cache-control', /no-store/) },
  { name: 'a token with the right hint', ask: async (side) => look(side, { token: await side.ownToken(), token_type_hint: 'access_token' }) },
  { name: 'a token with a wrong hint', ask: async (side) => look(side, { token: await side.ownToken(), token_type_hint: 'refresh_token' }) },
  { name: 'a token with an unknown hint', ask: async (side) => look(side, { token: await side.ownToken(), token_type_hint: 'moon' }) },
  { name: 'a refresh token', ask: async (side) => look(side, { token: (await webTokens(side)).refresh_token }, side.clients.web), say: body(({ active, token_type: type }) => [active, type]) },
  { name: 'what is said of a refresh token', ask: async (side) => look(side, { token: (await webTokens(side)).refresh_token }, side.clients.web), say: body((json) => Object.keys(json).sort()) },
  { name: 'an unknown token', ask: (side) => look(side, { token: 'unknown' }) },
  { name: 'an unknown JWT', ask: (side) => look(side, { token: side.assertion() }) },
  { name: 'members of what is not active', ask: (side) => look(side, { token: 'unknown' }), say: body((json) => json) },
  { name: 'another client\'s token', ask: async (side) => look(side, { token: (await side.tokens()).access_token }, side.clients.web) },
  { name: 'a token that was revoked', ask: async (side) => {
    const token = await side.ownToken();
    await end(side, { token });
    return look(side, { token });
  } },
  { name: 'no token', ask: (side) => look(side, { token: undefined }) },
  { name: 'an empty token', ask: (side) => look(side, { token: '' }) },
  { name: 'a token twice', ask: (side) => look(side, { token: ['a', 'b'] }) },
  { name: 'an unknown parameter', ask: (side) => look(side, { token: 'unknown', colour: 'blue' }) },
  { name: 'nobody', ask: (side) => look(side, { token: 'unknown' }, null) },
  { name: 'a wrong secret', ask: (side) => look(side, { token: 'unknown' }, { ...side.clients.machine, secret: 'wrong' }) },
  { name: 'a client without a secret', ask: (side) => look(side, { token: 'unknown', client_id: side.clients.app.id }, null) },
  { name: 'an assertion', ask: (side) => look(side, { token: 'unknown', ...side.proof() }, null) },
  { name: 'GET', ask: (side) => side.send('GET', 'introspection', { query: '?token=unknown', headers: basic(side.clients.machine) }) },
  { name: 'the token in the query', ask: (side) => side.send('POST', 'introspection', { query: '?token=unknown', headers: { 'content-type': form, ...basic(side.clients.machine) }, body: '' }) },
  { name: 'JSON', ask: (side) => side.send('POST', 'introspection', { headers: { 'content-type': 'application/json', ...basic(side.clients.machine) }, body: '{"token":"unknown"}' }) },
];

export const revocation = [
  { name: 'an access token', ask: async (side) => end(side, { token: await side.ownToken() }), say: (answer) => answer.status },
  { name: 'a refresh token', ask: async (side) => end(side, { token: (await side.tokens()).refresh_token, client_id: side.clients.app.id }, null), say: (answer) => answer.status },
  { name: 'what is answered', ask: (side) => end(side, { token: 'unknown' }) },
  { name: 'Cache-Control', ask: (side) => end(side, { token: 'unknown' }), say: header('cache-control', /no-store/) },
  { name: 'the same token again', ask: async (side) => {
    const token = await side.ownToken();
    await end(side, { token });
    return end(side, { token });
  }, say: (answer) => answer.status },
  { name: 'the refresh token afterwards', ask: async (side) => {
    const { refresh_token: token } = await side.tokens();
    await end(side, { token, client_id: side.clients.app.id }, null);
    return side.refresh(token);
  } },
  { name: 'the refresh token after its access token was revoked', ask: async (side) => {
    const { refresh_token: token, access_token: access } = await side.tokens();
    await end(side, { token: access, client_id: side.clients.app.id }, null);
    return side.refresh(token);
  } },
  { name: 'the access token after its refresh token was revoked', ask: async (side) => {
    const { refresh_token: token, access_token: access } = await webTokens(side);
    await end(side, { token }, side.clients.web);
    return look(side, { token: access }, side.clients.web);
  } },
  { name: 'another client\'s token', ask: async (side) => end(side, { token: (await side.tokens()).refresh_token }, side.clients.web), say: (answer) => answer.status },
  { name: 'another client\'s token, which lives on', ask: async (side) => {
    const { refresh_token: token } = await side.tokens();
    await end(side, { token }, side.clients.web);
    return side.refresh(token);
  } },
  { name: 'a wrong hint', ask: async (side) => end(side, { token: await side.ownToken(), token_type_hint: 'refresh_token' }), say: (answer) => answer.status },
  { name: 'an unknown hint', ask: async (side) => end(side, { token: await side.ownToken(), token_type_hint: 'moon' }), say: (answer) => answer.status },
  { name: 'no token', ask: (side) => end(side, {}) },
  { name: 'a token twice', ask: (side) => end(side, { token: ['a', 'b'] }) },
  { name: 'nobody', ask: (side) => end(side, { token: 'unknown' }, null) },
  { name: 'an unknown client', ask: (side) => end(side, { token: 'unknown', client_id: 'kc_unknown' }, null) },
  { name: 'a wrong secret', ask: (side) => end(side, { token: 'unknown' }, { ...side.clients.machine, secret: 'wrong' }) },
  { name: 'GET', ask: (side) => side.send('GET', 'revocation', { query: '?token=unknown', headers: basic(side.clients.machine) }) },
];
