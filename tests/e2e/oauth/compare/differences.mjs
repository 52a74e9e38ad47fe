// Where we answer otherwise than oidc-provider, and what says that we may, or must. Each is
// [ours, theirs, entries as 'table: name', of which all have the same reason, which stands above it].
const list = (...names) => JSON.stringify(names);

export const differences = [
  // RFC 9700 §2.1.2: no token comes out of the authorization endpoint; RFC 9126 and OpenID Connect are not offered in this set-up.
  [`200 ${list('code')}`, `200 ${list('code', 'code id_token', 'id_token', 'none')}`, ['metadata: response_types_supported']],
  [`200 ${list('query')}`, `200 ${list('form_post', 'fragment', 'query')}`, ['metadata: response_modes_supported']],
  [
    `200 ${list('authorization_code', 'client_credentials', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code', 'urn:ietf:params:oauth:grant-type:token-exchange')}`,
    `200 ${list('authorization_code', 'client_credentials', 'implicit', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code')}`,
    ['metadata: grant_types_supported'],  // RFC 8693 beside it
  ],
  [`200 ${list('data:read', 'data:write')}`, `200 ${list('data:read', 'data:write', 'openid')}`, ['metadata: scopes_supported']],

  // Fetch §3.2.5: without credentials, * is as good as the origin that asks.
  ['200 *', '200 https://app.example', ['metadata: a page of another origin', 'keys: a page of another origin']],
  // RFC 7591 §3: a client that is a page registers from where it is, as the MCP Inspector does.
  ['204 origin methods headers', '404', ['pages of other origins: a page may ask registration']],
  // RFC 6749 §3.1: a person is led to the authorization endpoint; no page reads it. Both say so.
  ['403', '404', ['pages of other origins: a page may read authorization']],
  // RFC 6749 §5.2 names no order of the checks: the grant_type is looked at before the client.
  ['400 WWW-Authenticate', '401 WWW-Authenticate', ['pages of other origins: WWW-Authenticate that a page may read']],
  ['400 invalid_request', '401 invalid_client Basic', ['client authentication: no grant_type and a wrong secret']],

  // RFC 9110 §15.5.6: what is there, but not for this method, is 405 and says which ones are. GET and POST of the token endpoint alone
  // would not do: RFC 6749 §3.2.
  ['405 problem', '404 text', [
    'metadata: POST', 'keys: POST', 'token requests: GET', 'token requests: PUT', 'token requests: DELETE', 'token requests: OPTIONS',
    'introspection: GET', 'revocation: GET', 'registration: GET', 'registration: PUT', 'authorize: PUT', 'authorize: DELETE',
    // RFC 6749 §3.1: GET is what has to be understood, POST may be. A form of another site would come without the person's cookie.
    'authorize: a form', 'authorize: a form that is refused', 'authorize: a body of another type',
  ]],
  ['405 empty', '404 empty', ['token requests: HEAD']],
  ['405 problem', '500 text', ['devices: GET']],

  // RFC 9700 §4.1.3: the address is compared as text, which wants one in the request; OpenID Connect Core §3.1.2.1 requires it too.
  ['400 page', '303 to the person', ['authorize: no redirect_uri', 'authorize: an empty redirect_uri']],
  // RFC 6749 §4.1.2.1: nobody is sent to an address that is in doubt, and one that comes twice is.
  ['400 page', '303 to the client invalid_request state', ['authorize: two redirect_uris', 'authorize: the same redirect_uri twice']],
  // RFC 6749 §4.1.2.1: an error comes in the query. The fragment is for response types that are not offered.
  ['303 to the client unsupported_response_type state', '303 to the client unsupported_response_type state in the fragment', ['authorize: response_type token']],
  ['303 to the client unsupported_response_type', '303 to the client unsupported_response_type in the fragment', ['authorize: a refusal without a state']],
  // The same: what is not offered is unsupported_response_type, whatever else is wrong with it.
  ['303 to the client unsupported_response_type state', '303 to the client invalid_request state in the fragment', ['authorize: response_type code id_token']],
  ['303 to the client unsupported_response_type state', '303 to the client invalid_request state', ['authorize: response_type none']],
  // OAuth 2.0 Multiple Response Type Encoding Practices §2.1: only what the metadata name. Attack 71.
  ['303 to the client invalid_request state', '303 to the person', ['authorize: response_mode fragment', 'authorize: response_mode form_post']],
  // RFC 6749 §4.1.2.1 has no error of its own for it.
  ['303 to the client invalid_request state', '303 to the client unsupported_response_mode state', ['authorize: an unknown response_mode']],
  // RFC 7636 §4.2: a SHA-256 in base64url has 43 letters, and nothing longer is ever verified.
  ['303 to the client invalid_request state', '303 to the person', ['authorize: a code_challenge that is too long']],

  // OpenID Connect Core §3.1.2.6: nobody is signed in at the one, and the other asks always.
  ['303 to the client interaction_required state', '303 to the client login_required state', ['authorize: prompt none']],
  // OpenID Connect Core §3.1.2.1 knows these parameters; to RFC 6749 §3.1 they are unrecognized, and ignored.
  ['303 to the client interaction_required state', '303 to the client invalid_request state', ['authorize: prompt none login']],
  ['303 to the person', '303 to the client invalid_request state', [
    'authorize: prompt select_account', 'authorize: an unknown prompt', 'authorize: nonce, display, ui_locales and login_hint',
    'authorize: max_age that is no number', 'authorize: an id_token_hint that is none',
  ]],
  ['303 to the person', '303 to the client registration_not_supported state', ['authorize: registration']],
  // RFC 6749 §3.3: a server may ignore the scope in part. Clients ask for openid and offline_access wherever they are.
  ['303 to the person', '303 to the client invalid_scope state', ['authorize: a scope with a letter that none has']],
  ['200 ok', '400 invalid_scope', ['token requests: a scope with a letter that none has', 'refreshing: an unknown scope']],
  ['200 "data:read"', '400 "invalid_scope"', ['refreshing: a scope that is granted and one that nobody knows']],
  // The same: none that is known is as good as none, where nobody is asked who could judge.
  ['400 invalid_scope', '200 ok', ['token requests: unknown scopes alone']],
  // RFC 6749 §3.1 and §3.2: no parameter comes twice.
  ['303 to the client invalid_request state', '303 to the person', ['authorize: an unknown parameter twice']],
  ['400 invalid_request', '200 ok', ['token requests: an unknown parameter twice']],
  // RFC 3986 §2.1: % is followed by two digits, or it is no URI, and by RFC 6749 appendix B no form.
  ['400 problem', '303 to the person', ['authorize: an escape that is none']],
  ['400 invalid_request', '200 ok', ['token requests: an escape that is none']],

  // RFC 6749 §5.2: a client that may not use the grant is unauthorized_client.
  ['400 unauthorized_client', '400 invalid_request', [
    'token requests: a grant_type that this client may not use', 'devices: a client that may not', 'devices: a grant that the client may not use',
  ]],
  // RFC 6749 §5.1: beside Cache-Control.
  ['200 no-cache', '200 -', ['token requests: Pragma of a token']],
  // RFC 6749 §4.1.3 wants a form; JSON is taken from scripts besides.
  ['200 ok', '400 invalid_request', ['token requests: JSON', 'devices: JSON']],
  ['200 inactive', '400 invalid_request', ['introspection: JSON']],
  // RFC 6749 §3.2 and §2.3.1: no parameter of this endpoint is in the URI.
  ['400 invalid_request', '200 ok', ['token requests: some of them in the query']],

  // RFC 6749 §5.2: who has not authenticated, or by a method that is not supported, is invalid_client. RFC 9110 §15.5.2 for the challenge.
  ['401 invalid_client Basic', '400 invalid_request', [
    'client authentication: Basic without a secret', 'client authentication: Basic without a colon', 'client authentication: Basic that is no base64',
    'client authentication: Basic and nothing', 'client authentication: Basic with an escape that is none', 'client authentication: another scheme',
    'client authentication: a secret in the body, and no client', 'client authentication: no client', 'devices: no client',
    'introspection: nobody', 'revocation: nobody',
    // RFC 7523 §3.2, too.
    'client authentication: an assertion of another type', 'client authentication: an assertion without a type',
  ]],
  // RFC 9110 §15.5.2: every 401 has a challenge, also for who did not use the header.
  ['401 invalid_client Basic', '401 invalid_client', [
    ...[
      'a wrong secret in the body', 'a client with a secret, without it', 'a client without a secret, with one', 'an unknown client',
      'an assertion for another server', 'an assertion without aud', 'an assertion that is over', 'an assertion without exp',
      'an assertion without jti', 'an assertion without sub', 'an assertion of another issuer', 'an assertion about another client',
      'an assertion of the future', 'an assertion with a broken signature', 'an assertion that nobody signed', 'a type without an assertion',
      'a client with a key, without an assertion', 'an assertion used twice',
    ].map((name) => `client authentication: ${name}`),
    'revocation: an unknown client', 'devices: an unknown client', 'devices: a secret that it has not',
  ]],
  // RFC 6749 §2.3: one way a request, also if the other is none that we know.
  ['400 invalid_request', '400 invalid_grant', ['client authentication: two Authorization headers']],
  // RFC 6749 §2.3.1: an empty secret is no secret, which is what a public client has.
  ['400 invalid_grant', '400 invalid_request', ['client authentication: a client without a secret, in Basic']],

  // RFC 7523 §3 as its revision (draft-ietf-oauth-rfc7523bis §4) has it: who is meant is this server, and nobody beside it.
  ['401 invalid_client Basic', '400 invalid_grant', ['client authentication: an assertion for several']],

  // RFC 7636 §4.6: one that does not fit the challenge is invalid_grant, and no other does.
  ['400 invalid_grant', '400 invalid_request', ['codes: a code_verifier that is too short', 'codes: a code_verifier with other letters']],
  // RFC 6749 §4.1.3 has no scope here; OAuth 2.1 §3.2.2.1 neither. It narrows what the client gets, and does not widen it.
  ['200 "data:read"', '200 "data:read data:write"', ['codes: a code with a scope']],
  ['400 "invalid_scope"', '200 "data:read"', ['codes: a code with a wider scope']],

  // RFC 8628 §3.2: the interval is said.
  [
    `200 ${list('device_code', 'expires_in', 'interval', 'user_code', 'verification_uri', 'verification_uri_complete')}`,
    `200 ${list('device_code', 'expires_in', 'user_code', 'verification_uri', 'verification_uri_complete')}`,
    ['devices: members of the answer'],
  ],
  // RFC 8628 §3.5: polled faster than the interval.
  ['400 slow_down', '400 authorization_pending', ['devices: asked again at once']],

  // RFC 7662 §2.2: these are optional.
  [
    `200 ${list('active', 'aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub', 'token_type')}`,
    `200 ${list('active', 'aud', 'client_id', 'exp', 'iat', 'iss', 'scope', 'token_type')}`,
    ['introspection: what is said of it'],
  ],
  [`200 ${list('active', 'client_id', 'exp', 'iat', 'scope', 'sub')}`, `200 ${list('active', 'client_id', 'exp', 'iat', 'iss', 'scope', 'sub')}`, ['introspection: what is said of a refresh token']],
  // RFC 7662 §2.2: a token that is not known here is not active, whatever it looks like.
  ['200 inactive', '400 unsupported_token_type', ['introspection: an unknown JWT']],
  // RFC 7662 §2.1: the endpoint wants authorization, against those who try tokens out.
  ['401 invalid_client Basic', '200 inactive', ['introspection: a client without a secret']],
  // RFC 7009 §2.2: the client ignores the content.
  ['200 ok', '200 empty', ['revocation: what is answered']],
  ['200 no-store', '200 -', ['revocation: Cache-Control']],
  // RFC 7009 §2.2: a token that is not the client's is to it one that is not valid, and nobody learns which exist (attack 70).
  ['200', '400', ['revocation: another client\'s token']],

  // RFC 7591 §2: what is not understood is ignored, and §3.2.1: told is what was registered. Nobody would be led to these addresses.
  [`201 ${list('Agent', null, null)}`, `201 ${list('Agent', 'https://app.example/', 'https://app.example/logo')}`, ['registration: a name and addresses']],
  // RFC 9700 §2.6 and RFC 8252 §8.3: an answer goes over TLS, or stays on the machine.
  ['400 invalid_redirect_uri', '201 ok', ['registration: a redirect_uri without TLS']],
  // RFC 7591 §3.2.1: a server may replace what a client wants, and says what it has.
  ['201 ok', '400 invalid_client_metadata', ['registration: an unknown grant']],
  // RFC 7591 §3.2.2: a client that could do nothing here.
  ['400 invalid_client_metadata', '201 ok', ['registration: an empty list of grants', 'registration: keys that are none']],
  // RFC 8259 §4: which of the two would count is not defined.
  ['400 invalid_client_metadata', '201 ok', ['registration: a member twice']],
  // RFC 7591 §3.2.2 names the errors of this endpoint; invalid_request is none of them.
  ['400 invalid_client_metadata', '400 invalid_request', ['registration: no JSON', 'registration: a list', 'registration: nothing', 'registration: a form', 'registration: another type']],
];
