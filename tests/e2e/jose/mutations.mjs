// What is done to tokens. Each mutation changes the token that is being made, before or after it is signed, and has a name; where
// we are stricter than npm jose on purpose, the name is in `stricter` with the faults that we give instead, and the reason.
export const now = 1_800_000_000;
export const skew = 60;
export const issuer = 'https://issuer.example';
export const audience = 'https://api.example';

// Of the header, before it is signed: (header, random, keys) → nothing.
const header = {
  'kid absent': (h) => delete h.kid,
  'kid unknown': (h) => { h.kid = 'unknown'; },
  'kid near': (h, { pick }) => { h.kid = pick([`${h.kid} `, `${h.kid}`.toUpperCase(), `${h.kid}`.slice(1), '']); },
  'kid of another key': (h, { pick }, keys) => { h.kid = pick(keys).kid; },
  'kid no string': (h, { pick }) => { h.kid = pick([1, null, true, [h.kid], {}]); },
  'kid long': (h) => { h.kid = 'k'.repeat(257); },
  'alg another': (h, { pick }, keys) => { h.alg = pick(keys).alg; },
  'alg none': (h, { pick }) => { h.alg = pick(['none', 'None', 'nOnE', '', 'HS1', 'ES256K', `${h.alg}`.toLowerCase()]); },
  'alg no string': (h, { pick }) => { h.alg = pick([1, null, [h.alg], {}]); },
  'alg absent': (h) => delete h.alg,
  'crit unknown': (h, { pick }) => { h.crit = pick([['x'], ['exp'], [], 'b64', [1], null, ['alg']]); },
  'crit b64': (h) => { h.crit = ['b64']; h.b64 = true; },
  b64: (h, { pick }) => { h.b64 = pick([true, false]); },
  zip: (h) => { h.zip = 'DEF'; },
  typ: (h, { pick }) => { h.typ = pick(['at+jwt', 'logout+jwt', '', 'JWS', 'application/x']); },
  'typ no string': (h, { pick }) => { h.typ = pick([1, null, ['JWT'], {}]); },
  'typ same': (h, { pick }) => { h.typ = pick(['JWT', 'jwt', 'application/jwt']); },
  'typ absent': (h) => delete h.typ,
  'foreign keys': (h, { pick }, keys) => {
    Object.assign(h, pick([{ jwk: keys[0].jwk }, { jku: 'http://127.0.0.1:1/' }, { x5u: 'http://127.0.0.1:1/' }, { x5c: ['MIIB'] }]));
  },
};

// Of the claims, before they are signed.
const claims = {
  'exp at an edge': (c, { pick }) => { c.exp = now + pick([-skew - 1, -skew, -skew + 1, -1, 0, 1]); },
  'exp absent': (c) => delete c.exp,
  'exp no number': (c, { pick }) => { c.exp = pick([`${now + 300}`, true, null, [], {}]); },
  'exp negative': (c, { pick }) => { c.exp = pick([-1, -1e300, -0.5]); },
  'exp huge': (c, { pick }) => { c.exp = pick([2 ** 53, 2 ** 63, 1e300]); },
  'exp with a fraction': (c, { pick }) => { c.exp = now - skew + pick([0.5, 1.5, -0.5]); },
  'nbf at an edge': (c, { pick }) => { c.nbf = now + pick([skew - 1, skew, skew + 1, 0, 1]); },
  'nbf with a fraction': (c, { pick }) => { c.nbf = now + skew + pick([0.5, -0.5]); },
  'nbf no number': (c, { pick }) => { c.nbf = pick([`${now}`, true, null, []]); },
  'nbf out of range': (c, { pick }) => { c.nbf = pick([-1, -1e300]); },
  'iat no number': (c, { pick }) => { c.iat = pick([`${now}`, true, null, []]); },
  'iat out of range': (c, { pick }) => { c.iat = pick([-1, now + skew + 1, 1e300]); },
  'iat absent': (c) => delete c.iat,
  'iss another': (c, { pick }) => { c.iss = pick([`${issuer}/`, issuer.slice(0, -1), issuer.toUpperCase(), '', 1, null, {}]); },
  'iss list': (c) => { c.iss = [issuer]; },
  'iss absent': (c) => delete c.iss,
  'aud another': (c, { pick }) => { c.aud = pick(['x', `${audience}/`, audience.slice(1), '', 1, null, {}, true]); },
  'aud list': (c, { pick }) => { c.aud = pick([[audience], ['x', audience], [], ['x'], [[audience]]]); },
  'aud list of more than strings': (c, { pick }) => { c.aud = pick([[1, audience], [audience, null], [audience, {}]]); },
  'aud absent': (c) => delete c.aud,
  'sub absent': (c) => delete c.sub,
  'sub no name': (c, { pick }) => { c.sub = pick(['', 1, null, [], true]); },
  'jti no string': (c, { pick }) => { c.jti = pick([1, null, {}]); },
  more: (c, { pick }) => { c.more = pick(['x', 'ü€😀', { deep: [[[]]] }, 1e20, '\u0000']); },
  large: (c) => { c.large = 'x'.repeat(8192); },
};

// Of the text of the header or of the claims, before it is signed.
const text = {
  'white space': (t, { pick }) => pick([` ${t}`, `${t}\n`, t.replaceAll(':', ' :\t'), t.replaceAll(',', ',\r\n')]),
  'member twice': (t, { pick }) => `{${pick(['"alg":"none"', '"kid":"x"', '"x":1,"x":2', '"exp":1', '"iss":"x"'])},${t.slice(1)}`,
  'no JSON': (t, { pick }) => pick([`${t}}`, t.slice(0, -1), `${t} x`, t.replaceAll('"', "'"), '', '[]', 'null', '"x"', '{,}']),
  'no number of JSON': (t, { pick }) => `{"x":${pick(['01', '+1', '.5', 'NaN', '0x1', '1.'])},${t.slice(1)}`,
  'number too large': (t) => `{"x":1e400,${t.slice(1)}`,
  'byte order mark': (t) => `\ufeff${t}`,
  'no UTF-8': (t, { pick }) => Buffer.concat([Buffer.from('{"x":"'), Buffer.from(pick([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80]])),
    Buffer.from(`",${t.slice(1)}`)]),
  'lone surrogate': (t) => `{"x":"\\ud800",${t.slice(1)}`,
};

// Of a part in base64url: of the header or the claims before they are signed, so that the signature is of what was sent, or of
// any part afterwards.
const form = {
  padding: (p, { pick }) => p + pick(['=', '==', '===']),
  'foreign letter': (p, { pick, below }) => {
    const at = below(p.length + 1);
    return p.slice(0, at) + pick(['+', '/', ' ', '\n', '\t', '?', '#', '%', 'é', '\u0000', '*']) + p.slice(at);
  },
  'bits left over': (p) => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return p.length % 4 === 0 ? p : p.slice(0, -1) + letters[letters.indexOf(p.at(-1)) | 1];
  },
  'letter too many': (p) => `${p}A`,
  'letter too few': (p) => p.slice(0, -1),
  'one more part': (p, { pick }) => pick([`${p}.`, `.${p}`, `${p}.x`, `${p}..x`]),
};

// Of the signature's bytes.
const signature = {
  'bit flipped': (s, { below }) => {
    const out = Buffer.from(s);
    if (out.length) out[below(out.length)] ^= 1 << below(8);
    return out;
  },
  'cut off': (s, { below }) => s.subarray(0, below(s.length)),
  extended: (s, { pick }) => pick([Buffer.concat([s, Buffer.alloc(1)]), Buffer.concat([Buffer.alloc(1), s]), Buffer.concat([s, s])]),
  empty: () => Buffer.alloc(0),
  zeros: (s) => Buffer.alloc(s.length),
  ones: (s) => Buffer.alloc(s.length, 255),
  'halves swapped': (s) => Buffer.concat([s.subarray(s.length / 2), s.subarray(0, s.length / 2)]),
  DER: (s) => {
    const half = s.length / 2;
    const integer = (n) => Buffer.concat([Buffer.from([2, n.length + 1, 0]), n]);
    const pair = Buffer.concat([integer(s.subarray(0, half)), integer(s.subarray(half))]);
    return Buffer.concat([Buffer.from([0x30, pair.length]), pair]);
  },
};

// Of the key set.
const keys = {
  'use enc': (k) => { k.use = 'enc'; },
  'use sig': (k) => { k.use = 'sig'; },
  'key_ops without verify': (k) => { k.key_ops = ['encrypt']; },
  'key_ops with verify': (k) => { k.key_ops = ['verify']; },
  'alg of the key absent': (k) => delete k.alg,
  'alg of the key another': (k, { pick }) => { k.alg = pick(['RS512', 'PS384', 'ES384', 'EdDSA', 'RSA-OAEP']); },
  'key without kid': (k) => delete k.kid,
  'point moved': (k) => { if (k.y) k.y = k.x; },
};

export const mutations = { header, claims, text, form, signature, keys };

// Where we refuse and npm jose does not. Nothing is ever accepted here that npm jose refuses.
export const stricter = {
  // Opaque strings of at most 256 bytes; npm jose takes another type for absent, and has no limit.
  'kid no string': ['malformed'],
  'kid long': ['malformed'],
  // RFC 7515 §4.1.11: we understand no extension, not even b64, whatever it says.
  'crit b64': ['unsupported'],
  b64: ['unsupported'],
  // Compression belongs to JWE.
  zip: ['unsupported'],
  // RFC 8725 §3.11: npm jose looks at typ only if it is told to, and then it must be there.
  typ: ['type'],
  'typ no string': ['malformed'],
  // Up to 2^53: a number beyond is not the same to every reader (RFC 8259 §6).
  'exp huge': ['malformed'],
  'nbf out of range': ['malformed'],
  // npm jose looks at iat only if a maximum age is asked for.
  'iat no number': ['malformed'],
  'iat out of range': ['malformed', 'not_yet'],
  // RFC 7519 §4.1.3: an array of strings.
  'aud list of more than strings': ['audience'],
  // RFC 7519 §4.1.2, §4.1.7: npm jose asks only that they are there.
  'sub no name': ['malformed', 'missing_claim'],
  'jti no string': ['malformed'],
  // 8 KB, before anything is split.
  large: ['malformed'],
  // What two readers may read differently: JSON.parse keeps the last of two members, Infinity for 1e400, and a half surrogate;
  // TextDecoder drops a byte order mark.
  'member twice': ['malformed'],
  'number too large': ['malformed'],
  'byte order mark': ['malformed'],
  'lone surrogate': ['malformed'],
  // One text for one token: base64url without padding, white space, other letters or bits left over (RFC 7515 §2).
  padding: ['malformed'],
  'foreign letter': ['malformed'],
  'bits left over': ['malformed'],
  'letter too few': ['malformed'],  // which leaves bits over as well
};
