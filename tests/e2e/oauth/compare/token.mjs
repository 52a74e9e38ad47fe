// The token endpoint: how a client proves who it is, and what becomes of every grant.
import { assertionType, basic, callback, deviceGrant, encode, form, verifier } from './sides.mjs';
import { body, header } from './say.mjs';

const own = (side, more = {}) => ({ grant_type: 'client_credentials', scope: 'data:read', resource: side.resource, ...more });
const mine = (name, fields, differs) => ({ name, ask: (side) => side.token(own(side, typeof fields === 'function' ? fields(side) : fields), basic(side.clients.machine)), differs });
const proven = (name, ask, differs) => ({ name, ask, differs });
const header64 = (text) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const typed = (type) => (side) => side.send('POST', 'token', { headers: { ...(type && { 'content-type': type }), ...basic(side.clients.machine) }, body: encode(own(side)) });

export const requests = [
  mine('client_credentials', {}),
  { name: 'no grant_type', ask: (side) => side.token({ scope: 'data:read' }, basic(side.clients.machine)) },
  mine('an empty grant_type', { grant_type: '' }),
  mine('an unknown grant_type', { grant_type: 'magic' }),
  mine('grant_type password', { grant_type: 'password', username: 'ada', password: 'x' }),
  mine('grant_type implicit', { grant_type: 'implicit' }),
  mine('a grant_type in capitals', { grant_type: 'CLIENT_CREDENTIALS' }),
  mine('a grant_type twice', { grant_type: ['client_credentials', 'client_credentials'] }),
  mine('a grant_type that this client may not use', { grant_type: 'refresh_token', refresh_token: 'x' }),
  mine('a scope twice', { scope: ['data:read', 'data:read'] }),
  mine('an unknown parameter', { colour: 'blue' }),
  mine('an unknown parameter twice', { colour: ['blue', 'red'] }),
  mine('no scope', { scope: undefined }),
  mine('an empty scope', { scope: '' }),
  mine('unknown scopes alone', { scope: 'moon' }),
  mine('one known scope and one unknown', { scope: 'data:read moon' }),
  mine('a scope with a letter that none has', { scope: 'data:read "x"' }),
  mine('no resource', { resource: undefined }),
  mine('a resource of another server', { resource: 'https://elsewhere.example/mcp' }),
  mine('a resource that is no URI', { resource: 'mcp' }),
  mine('a resource with a fragment', (side) => ({ resource: `${side.resource}#x` })),
  mine('a resource twice', (side) => ({ resource: [side.resource, side.resource] })),
  mine('a second resource of another server', (side) => ({ resource: [side.resource, 'https://elsewhere.example/mcp'] })),
  { ...mine('members of the answer', {}), say: body((json) => Object.keys(json).sort()) },
  { ...mine('type of the token', {}), say: body(({ token_type: type, expires_in: life, scope }) => [type, typeof life, scope]) },
  { ...mine('Cache-Control of a token', {}), say: header('cache-control', /no-store/) },
  { ...mine('Pragma of a token', {}), say: header('pragma') },
  { ...mine('Content-Type of a token', {}), say: header('content-type', /[\w/]+/) },
  { ...mine('Cache-Control of a refusal', { grant_type: 'magic' }), say: header('cache-control', /no-store/) },
  { ...mine('Content-Type of a refusal', { grant_type: 'magic' }), say: header('content-type', /[\w/]+/) },
  { name: 'no body', ask: (side) => side.send('POST', 'token', { headers: basic(side.clients.machine), body: '' }) },
  { name: 'a body without a type', ask: typed() },
  { name: 'a body of type text/plain', ask: typed('text/plain') },
  { name: 'a form with a charset', ask: typed(`${form}; charset=utf-8`) },
  { name: 'a form in capitals', ask: typed(form.toUpperCase()) },
  { name: 'a form in parts', ask: (side) => side.send('POST', 'token', { headers: { 'content-type': 'multipart/form-data; boundary=b', ...basic(side.clients.machine) }, body: '--b\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nclient_credentials\r\n--b--\r\n' }) },
  { name: 'JSON', ask: (side) => side.send('POST', 'token', { headers: { 'content-type': 'application/json', ...basic(side.clients.machine) }, body: JSON.stringify(own(side)) }) },
  { name: 'an escape that is none', ask: (side) => side.token(`${encode(own(side))}&x=%zz`, basic(side.clients.machine)) },
  { name: 'parameters in the query', ask: (side) => side.send('POST', 'token', { headers: { 'content-type': form, ...basic(side.clients.machine) }, body: '', query: `?${encode(own(side))}` }) },
  { name: 'some of them in the query', ask: (side) => side.send('POST', 'token', { headers: { 'content-type': form, ...basic(side.clients.machine) }, body: encode(own(side)), query: '?scope=data:write' }) },
  ...['GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'].map((method) => ({ name: method, ask: (side) => side.send(method, 'token', { query: method === 'GET' ? `?${encode(own(side))}` : '' }) })),
];

const ofWeb = (side, more = {}) => ({ grant_type: 'refresh_token', refresh_token: 'unknown', ...more });

// The grant is as good as unknown: whoever is let through is told invalid_grant.
export const authentication = [
  proven('Basic', (side) => side.token(ofWeb(side), basic(side.clients.web))),
  proven('Basic with a wrong secret', (side) => side.token(ofWeb(side), basic({ ...side.clients.web, secret: 'wrong' }))),
  proven('Basic without a secret', (side) => side.token(ofWeb(side), basic({ ...side.clients.web, secret: '' }))),
  proven('Basic of an unknown client', (side) => side.token(ofWeb(side), header64('kc_unknown:x'))),
  proven('Basic without a colon', (side) => side.token(ofWeb(side), header64(side.clients.web.id))),
  proven('Basic that is no base64', (side) => side.token(ofWeb(side), { authorization: 'Basic !!!' })),
  proven('Basic and nothing', (side) => side.token(ofWeb(side), { authorization: 'Basic' })),
  proven('Basic in small letters', (side) => side.token(ofWeb(side), { authorization: basic(side.clients.web).authorization.replace('Basic', 'basic') })),
  proven('Basic with an escape of the form', (side) => side.token(ofWeb(side), header64(`${side.clients.web.id.replace(/^./, (c) => `%${c.charCodeAt(0).toString(16)}`)}:${side.clients.web.secret}`))),
  proven('Basic with an escape that is none', (side) => side.token(ofWeb(side), header64(`${side.clients.web.id}:%zz`))),
  proven('another scheme', (side) => side.token(ofWeb(side), { authorization: 'Bearer x' })),
  proven('two Authorization headers', (side) => side.send('POST', 'token', { headers: [['content-type', form], ['authorization', basic(side.clients.web).authorization], ['authorization', 'Bearer x']], body: encode(ofWeb(side)) })),
  proven('Basic and the same client_id in the body', (side) => side.token(ofWeb(side, { client_id: side.clients.web.id }), basic(side.clients.web))),
  proven('Basic and another client_id in the body', (side) => side.token(ofWeb(side, { client_id: side.clients.app.id }), basic(side.clients.web))),
  proven('Basic and the secret in the body', (side) => side.token(ofWeb(side, { client_id: side.clients.web.id, client_secret: side.clients.web.secret }), basic(side.clients.web))),
  proven('the secret in the body', (side) => side.token(ofWeb(side, { client_id: side.clients.body.id, client_secret: side.clients.body.secret }))),
  proven('a wrong secret in the body', (side) => side.token(ofWeb(side, { client_id: side.clients.body.id, client_secret: 'wrong' }))),
  proven('a secret in the body, and no client', (side) => side.token(ofWeb(side, { client_secret: side.clients.body.secret }))),
  proven('a secret in the body of a client that registered Basic', (side) => side.token(ofWeb(side, { client_id: side.clients.web.id, client_secret: side.clients.web.secret }))),
  proven('Basic of a client that registered the body', (side) => side.token(ofWeb(side), basic(side.clients.body))),
  proven('a client with a secret, without it', (side) => side.token(ofWeb(side, { client_id: side.clients.web.id }))),
  proven('a client without a secret', (side) => side.token(ofWeb(side, { client_id: side.clients.app.id }))),
  proven('a client without a secret, with one', (side) => side.token(ofWeb(side, { client_id: side.clients.app.id, client_secret: 'x' }))),
  proven('a client without a secret, in Basic', (side) => side.token(ofWeb(side), basic({ ...side.clients.app, secret: '' }))),
  proven('no client', (side) => side.token(ofWeb(side))),
  proven('an unknown client', (side) => side.token(ofWeb(side, { client_id: 'kc_unknown' }))),
  proven('a client_id twice', (side) => side.token(ofWeb(side, { client_id: [side.clients.app.id, side.clients.app.id] }))),
  proven('no grant_type and a wrong secret', (side) => side.token({ scope: 'x' }, basic({ ...side.clients.web, secret: 'wrong' }))),
  proven('an assertion', (side) => side.token(ofWeb(side, side.proof()))),
  proven('an assertion and the client_id', (side) => side.token(ofWeb(side, { ...side.proof(), client_id: side.clients.signed.id }))),
  proven('an assertion and another client_id', (side) => side.token(ofWeb(side, { ...side.proof(), client_id: side.clients.web.id }))),
  proven('an assertion and a secret', (side) => side.token(ofWeb(side, { ...side.proof(), client_secret: 'x' }))),
  proven('an assertion and Basic', (side) => side.token(ofWeb(side, side.proof()), basic(side.clients.web))),
  proven('an assertion for the token endpoint', (side) => side.token(ofWeb(side, side.proof(side.assertion({ aud: side.at('token') }))))),
  proven('an assertion for several', (side) => side.token(ofWeb(side, side.proof(side.assertion({ aud: [side.metadata.issuer, 'https://other.example'] }))))),
  proven('an assertion for another server', (side) => side.token(ofWeb(side, side.proof(side.assertion({ aud: 'https://other.example' }))))),
  proven('an assertion without aud', (side) => side.token(ofWeb(side, side.proof(side.assertion({ aud: undefined }))))),
  proven('an assertion that is over', (side) => side.token(ofWeb(side, side.proof(side.assertion({ iat: 1, exp: 100 }))))),
  proven('an assertion without exp', (side) => side.token(ofWeb(side, side.proof(side.assertion({ exp: undefined }))))),
  proven('an assertion without jti', (side) => side.token(ofWeb(side, side.proof(side.assertion({ jti: undefined }))))),
  proven('an assertion without sub', (side) => side.token(ofWeb(side, side.proof(side.assertion({ sub: undefined }))))),
  proven('an assertion of another issuer', (side) => side.token(ofWeb(side, side.proof(side.assertion({ iss: 'other' }))))),
  proven('an assertion about another client', (side) => side.token(ofWeb(side, side.proof(side.assertion({ sub: side.clients.web.id }))))),
  proven('an assertion of the future', (side) => side.token(ofWeb(side, side.proof(side.assertion({ nbf: 4_000_000_000 }))))),
  proven('an assertion with a broken signature', (side) => side.token(ofWeb(side, side.proof(`${side.assertion().slice(0, -6)}AAAAAA`)))),
  proven('an assertion that nobody signed', (side) => side.token(ofWeb(side, side.proof(side.assertion({}, { alg: 'none' }))))),
  proven('an assertion of another type', (side) => side.token(ofWeb(side, { ...side.proof(), client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' }))),
  proven('an assertion without a type', (side) => side.token(ofWeb(side, { ...side.proof(), client_assertion_type: undefined }))),
  proven('a type without an assertion', (side) => side.token(ofWeb(side, { client_id: side.clients.signed.id, client_assertion_type: assertionType }))),
  proven('a client with a key, without an assertion', (side) => side.token(ofWeb(side, { client_id: side.clients.signed.id }))),
  proven('an assertion used twice', async (side) => {
    const proof = side.proof();
    await side.token(ofWeb(side, proof));
    return side.token(ofWeb(side, proof));
  }),
];

// Of a client that was never given more: to another a yes of before is worth what it was worth then.
const narrowCode = (side) => side.code({ client_id: side.clients.rival.id, scope: 'data:read' });
const narrowToken = async (side) => (await side.redeem(await narrowCode(side), { client_id: side.clients.rival.id })).json.refresh_token;

export const codes = [
  { name: 'a code', ask: async (side) => side.redeem(await side.code()) },
  { name: 'members of the answer', ask: async (side) => side.redeem(await side.code()), say: body((json) => Object.keys(json).sort()) },
  { name: 'no code', ask: (side) => side.redeem(undefined) },
  { name: 'an unknown code', ask: (side) => side.redeem('unknown') },
  { name: 'no code_verifier', ask: async (side) => side.redeem(await side.code(), { code_verifier: undefined }) },
  { name: 'another code_verifier', ask: async (side) => side.redeem(await side.code(), { code_verifier: 'b'.repeat(43) }) },
  { name: 'a code_verifier that is too short', ask: async (side) => side.redeem(await side.code(), { code_verifier: 'a'.repeat(42) }) },
  { name: 'a code_verifier with other letters', ask: async (side) => side.redeem(await side.code(), { code_verifier: `${'a'.repeat(42)}!` }) },
  { name: 'a code_verifier twice', ask: async (side) => side.redeem(await side.code(), { code_verifier: [verifier, verifier] }) },
  { name: 'another redirect_uri', ask: async (side) => side.redeem(await side.code(), { redirect_uri: `${callback}2` }) },
  { name: 'no redirect_uri', ask: async (side) => side.redeem(await side.code(), { redirect_uri: undefined }) },
  { name: 'another client', ask: async (side) => side.redeem(await side.code(), { client_id: side.clients.rival.id }) },
  { name: 'its client, after another has tried', ask: async (side) => {
    const code = await side.code();
    await side.redeem(code, { client_id: side.clients.rival.id });
    return side.redeem(code);
  } },
  { name: 'its client, after a wrong code_verifier', ask: async (side) => {
    const code = await side.code();
    await side.redeem(code, { code_verifier: 'b'.repeat(43) });
    return side.redeem(code);
  } },
  { name: 'a code for the second time', ask: async (side) => {
    const code = await side.code();
    await side.redeem(code);
    return side.redeem(code);
  } },
  { name: 'the refresh token after the code came again', ask: async (side) => {
    const code = await side.code();
    const { refresh_token: token } = (await side.redeem(code)).json;
    await side.redeem(code);
    return side.refresh(token);
  } },
  { name: 'a code for another resource', ask: async (side) => side.redeem(await side.code(), { resource: 'https://elsewhere.example/mcp' }) },
  { name: 'a code for the same resource', ask: async (side) => side.redeem(await side.code(), { resource: side.resource }) },
  { name: 'a code with a scope', ask: async (side) => side.redeem(await side.code(), { scope: 'data:read' }), say: body(({ scope }) => scope) },
  { name: 'a code with a wider scope', ask: async (side) => side.redeem(await narrowCode(side), { client_id: side.clients.rival.id, scope: 'data:read data:write' }), say: body(({ error, scope }) => error ?? scope) },
];

export const refreshing = [
  { name: 'a refresh token', ask: async (side) => side.refresh((await side.tokens()).refresh_token) },
  { name: 'members of the answer', ask: async (side) => side.refresh((await side.tokens()).refresh_token), say: body((json) => Object.keys(json).sort()) },
  { name: 'a scope that is granted and one that nobody knows', ask: async (side) => side.refresh(await narrowToken(side), { client_id: side.clients.rival.id, scope: 'data:read offline_access' }), say: body(({ error, scope }) => error ?? scope) },
  { name: 'a narrower scope', ask: async (side) => side.refresh((await side.tokens()).refresh_token, { scope: 'data:read' }), say: body(({ scope }) => scope) },
  { name: 'a wider scope', ask: async (side) => side.refresh(await narrowToken(side), { client_id: side.clients.rival.id, scope: 'data:read data:write' }) },
  { name: 'an unknown scope', ask: async (side) => side.refresh(await narrowToken(side), { client_id: side.clients.rival.id, scope: 'moon' }) },
  { name: 'the scope after a narrower one', ask: async (side) => {
    const { json } = await side.refresh((await side.tokens()).refresh_token, { scope: 'data:read' });
    return side.refresh(json.refresh_token);
  }, say: body(({ scope }) => scope) },
  { name: 'no refresh_token', ask: (side) => side.refresh(undefined) },
  { name: 'an unknown refresh token', ask: (side) => side.refresh('unknown') },
  { name: 'an access token', ask: async (side) => side.refresh((await side.tokens()).access_token) },
  { name: 'another client', ask: async (side) => side.refresh((await side.tokens()).refresh_token, { client_id: side.clients.rival.id }) },
  { name: 'its client, after another has tried', ask: async (side) => {
    const { refresh_token: token } = await side.tokens();
    await side.refresh(token, { client_id: side.clients.rival.id });
    return side.refresh(token);
  } },
  { name: 'a refresh token for another resource', ask: async (side) => side.refresh((await side.tokens()).refresh_token, { resource: 'https://elsewhere.example/mcp' }) },
  { name: 'a refresh token for the same resource', ask: async (side) => side.refresh((await side.tokens()).refresh_token, { resource: side.resource }) },
  { name: 'one that was used, and its successor too', ask: async (side) => {
    const { refresh_token: first } = await side.tokens();
    await side.refresh((await side.refresh(first)).json.refresh_token);
    return side.refresh(first);
  } },
  { name: 'the last one after the first came again', ask: async (side) => {
    const { refresh_token: first } = await side.tokens();
    const second = (await side.refresh(first)).json.refresh_token;
    const third = (await side.refresh(second)).json.refresh_token;
    await side.refresh(first);
    return side.refresh(third);
  } },
];

export const devices = [
  { name: 'a device', ask: (side) => side.post('device_authorization', { client_id: side.clients.app.id, scope: 'data:read', resource: side.resource }) },
  { name: 'members of the answer', ask: (side) => side.post('device_authorization', { client_id: side.clients.app.id, scope: 'data:read', resource: side.resource }), say: body((json) => Object.keys(json).sort()) },
  { name: 'Cache-Control of its codes', ask: (side) => side.post('device_authorization', { client_id: side.clients.app.id, scope: 'data:read' }), say: header('cache-control', /no-store/) },
  ...[
    ['no client', { client_id: undefined }], ['an unknown client', { client_id: 'kc_unknown' }], ['no scope', { scope: undefined }],
    ['a scope twice', { scope: ['data:read', 'data:read'] }], ['an unknown parameter', { colour: 'blue' }], ['unknown scopes alone', { scope: 'moon' }],
    ['a resource of another server', { resource: 'https://elsewhere.example/mcp' }], ['a resource that is no URI', { resource: 'mcp' }],
    ['a secret that it has not', { client_secret: 'x' }],
  ].map(([name, changes]) => ({ name, ask: (side) => side.post('device_authorization', { client_id: side.clients.app.id, scope: 'data:read', ...changes }) })),
  { name: 'a second resource of another server', ask: (side) => side.post('device_authorization', { client_id: side.clients.app.id, scope: 'data:read', resource: [side.resource, 'https://elsewhere.example/mcp'] }) },
  { name: 'a client that may not', ask: (side) => side.post('device_authorization', { client_id: side.clients.plain.id, scope: 'data:read' }) },
  { name: 'two clients', ask: (side) => side.post('device_authorization', { client_id: [side.clients.app.id, side.clients.rival.id], scope: 'data:read' }) },
  { name: 'JSON', ask: (side) => side.send('POST', 'device_authorization', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ client_id: side.clients.app.id }) }) },
  { name: 'GET', ask: (side) => side.send('GET', 'device_authorization', { query: `?client_id=${side.clients.app.id}` }) },
  { name: 'a code that waits', ask: async (side) => side.poll((await side.device()).device_code) },
  { name: 'a code that waits, of another client', ask: async (side) => side.poll((await side.device()).device_code, { client_id: side.clients.rival.id }) },
  { name: 'a code that waits, for another resource', ask: async (side) => side.poll((await side.device()).device_code, { resource: 'https://elsewhere.example/mcp' }) },
  { name: 'asked again at once', ask: async (side) => {
    const { device_code: code } = await side.device();
    await side.poll(code);
    return side.poll(code);
  } },
  { name: 'an unknown device code', ask: (side) => side.poll('unknown') },
  { name: 'no device code', ask: (side) => side.poll(undefined) },
  { name: 'the code for people', ask: async (side) => side.poll((await side.device()).user_code) },
  { name: 'a device code as an authorization code', ask: async (side) => side.redeem((await side.device()).device_code) },
  { name: 'a grant that the client may not use', ask: (side) => side.token({ grant_type: deviceGrant, device_code: 'x', client_id: side.clients.plain.id }) },
];
