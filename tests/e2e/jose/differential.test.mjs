// Our verifier against npm jose: 10,000 tokens, good ones and such that are wrong in one way or in two. What one accepts the
// other must accept, but for the places that mutations.mjs lists, where we are stricter. A run is always the same
// one, unless JOSE_SEED is a number or "random".
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import { test } from 'node:test';
import * as jose from 'jose';
import { audience, issuer, mutations, now, skew, stricter } from './mutations.mjs';
import { algorithms, base64url, makeKey, randomOf } from './tokens.mjs';

const count = 10_000;
const binary = process.env.KEYSTEAD_JOSE_CHECK;
const wanted = process.env.JOSE_SEED ?? '20261124';
const seed = wanted === 'random' ? crypto.randomInt(2 ** 31) : Number(wanted);
const random = randomOf(seed);

const ring = algorithms.flatMap((alg) => [makeKey(alg, `${alg}-one`), makeKey(alg, `${alg}-two`)]);
const isSecret = (key) => key.alg[0] === 'H';

// The keys that a case is judged with: the signer's own alone, or with others of its kind; secret and public ones are never mixed.
function keysAround(signer) {
  if (random.below(3) === 0) return [signer];
  const others = ring.filter((key) => isSecret(key) === isSecret(signer) && key !== signer && random.below(3) === 0);
  return [signer, ...others].sort(() => random.below(3) - 1);
}

const goodHeader = (signer) => ({ alg: signer.alg, kid: signer.kid, typ: 'JWT' });
const goodClaims = () => ({ iss: issuer, sub: 'user_1', aud: audience, iat: now, exp: now + 300 });

// {token, keys: JWKs, algs, done: names of the mutations}
function makeCase() {
  const signer = random.pick(ring);
  const keys = keysAround(signer).map((key) => ({ ...key.jwk }));
  const algs = random.below(3) === 0 ? algorithms : [signer.alg];
  const header = goodHeader(signer);
  const claims = goodClaims();
  const wanted = random.pick([0, 1, 1, 1, 1, 1, 2, 2]);
  const chosen = Array.from({ length: wanted }, () => {
    const kind = random.pick(Object.keys(mutations));
    return [kind, random.pick(Object.keys(mutations[kind]))];
  });
  const apply = (kind, value) => chosen.filter((each) => each[0] === kind)
    .reduce((before, [, name]) => (kind === 'text' && typeof before !== 'string' ? before : mutations[kind][name](before, random)), value);
  const changeOne = (kind, parts) => {
    const at = random.below(parts.length);
    return parts.map((part, i) => (i === at ? apply(kind, part) : part));
  };

  for (const [kind, name] of chosen) {
    if (kind === 'header') mutations.header[name](header, random, ring);
    if (kind === 'claims') mutations.claims[name](claims, random);
    if (kind === 'keys') mutations.keys[name](random.pick(keys), random);
  }
  const isBeforeSigning = random.below(2) === 0;
  let parts = changeOne('text', [JSON.stringify(header), JSON.stringify(claims)]).map(base64url);
  if (isBeforeSigning) parts = changeOne('form', parts);
  parts.push(base64url(apply('signature', signer.sign(parts.join('.')))));
  if (!isBeforeSigning) parts = changeOne('form', parts);
  return { token: parts.join('.'), keys, algs, done: chosen.map(([, name]) => name) };
}

// npm jose has no sets of secrets: they are found here by the rule that it has for others.
async function findSecret(keys, header) {
  const fitting = keys.filter((key) => (typeof header.kid !== 'string' || key.kid === header.kid)
    && (key.alg === undefined || key.alg === header.alg) && (key.use ?? 'sig') === 'sig'
    && (!key.key_ops || key.key_ops.includes('verify')) && header.alg[0] === 'H');
  if (fitting.length !== 1) throw new Error('not one key');
  return jose.importJWK(fitting[0], header.alg);
}

async function judgeByJose({ token, keys, algs }) {
  const find = keys[0].kty === 'oct' ? (header) => findSecret(keys, header) : jose.createLocalJWKSet({ keys });
  const options = {
    algorithms: algs, issuer, audience, currentDate: new Date(now * 1000), clockTolerance: skew, requiredClaims: ['sub', 'exp'],
  };
  try {
    await jose.jwtVerify(token, find, options);
    return 'ok';
  } catch (error) {
    return error.code ?? error.message;
  }
}

// The answers to all cases, in their order.
async function judgeByUs(cases) {
  const child = spawn(binary, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = cases.map(({ token, keys, algs }) => JSON.stringify({ jwks: { keys }, algs, iss: issuer, aud: audience, now, skew, token }));
  child.stdin.end(`${lines.join('\n')}\n`);
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) output += chunk;
  return output.trimEnd().split('\n');
}

// Whether the disagreement is one that is listed.
const isListed = (ours, theirs, done) => theirs === 'ok' && done.some((name) => stricter[name]?.includes(ours));

test(`npm jose and we agree about ${count} tokens (JOSE_SEED=${seed})`, { skip: !binary && 'KEYSTEAD_JOSE_CHECK names no binary' }, async (t) => {
  const cases = Array.from({ length: count }, makeCase);
  const ours = await judgeByUs(cases);
  assert.equal(ours.length, count);
  const tally = { 'both accept': 0, 'both refuse': 0, 'we are stricter': 0 };
  const places = {};
  const unlisted = [];
  for (const [i, each] of cases.entries()) {
    const theirs = await judgeByJose(each);
    if ((ours[i] === 'ok') === (theirs === 'ok')) {
      tally[theirs === 'ok' ? 'both accept' : 'both refuse'] += 1;
    } else if (isListed(ours[i], theirs, each.done)) {
      tally['we are stricter'] += 1;
      const place = each.done.find((name) => stricter[name]?.includes(ours[i]));
      places[place] = (places[place] ?? 0) + 1;
    } else {
      unlisted.push({ ours: ours[i], theirs, ...each });
    }
  }
  t.diagnostic(JSON.stringify(tally));
  t.diagnostic(JSON.stringify(places));
  assert.deepEqual(unlisted.slice(0, 5), [], `${unlisted.length} disagreements`);
  assert.ok(tally['both accept'] > count / 8, 'too few good tokens to say anything');
});

test('tokens that npm jose signs are accepted', { skip: !binary && 'KEYSTEAD_JOSE_CHECK names no binary' }, async () => {
  const cases = await Promise.all(algorithms.map(async (alg) => {
    const signed = new jose.SignJWT(goodClaims()).setProtectedHeader({ alg, kid: 'theirs', typ: 'JWT' });
    if (alg[0] === 'H') {
      const secret = crypto.randomBytes(64);
      return { token: await signed.sign(secret), keys: [{ kty: 'oct', k: base64url(secret), kid: 'theirs' }], algs: [alg] };
    }
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
    return { token: await signed.sign(privateKey), keys: [{ ...await jose.exportJWK(publicKey), kid: 'theirs' }], algs: [alg] };
  }));
  assert.deepEqual(await judgeByUs(cases), algorithms.map(() => 'ok'));
});
