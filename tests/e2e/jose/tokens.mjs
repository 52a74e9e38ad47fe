// Keys of every algorithm, and tokens made of any bytes: the signer signs whatever it is given, so that a token can be genuine
// and wrong at once.
import crypto from 'node:crypto';

export const algorithms = [
  'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'HS256', 'HS384', 'HS512',
];

export const base64url = (bytes) => Buffer.from(bytes).toString('base64url');

const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });

function pairOf(alg) {
  if (alg[0] === 'R' || alg[0] === 'P') return rsa;
  if (alg === 'EdDSA') return crypto.generateKeyPairSync('ed25519');
  return crypto.generateKeyPairSync('ec', { namedCurve: { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }[alg] });
}

// {alg, kid, jwk: what verifies, sign(text)}
export function makeKey(alg, kid) {
  const hash = `sha${alg.slice(2)}`;
  if (alg[0] === 'H') {
    const secret = crypto.randomBytes(64);
    const jwk = { kty: 'oct', k: base64url(secret), kid, alg };
    return { alg, kid, jwk, sign: (text) => crypto.createHmac(hash, secret).update(text).digest() };
  }
  const { publicKey, privateKey: key } = pairOf(alg);
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg };
  if (alg === 'EdDSA') return { alg, kid, jwk, sign: (text) => crypto.sign(null, Buffer.from(text), key) };
  const padding = alg[0] === 'P'
    ? { padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: crypto.constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
  const options = { key, dsaEncoding: 'ieee-p1363', ...padding };
  return { alg, kid, jwk, sign: (text) => crypto.sign(hash, Buffer.from(text), options) };
}

// A generator of numbers that a seed decides, so that a run can be had again (mulberry32).
export function randomOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  return { below, pick: (list) => list[below(list.length)] };
}
