// Tokens of an issuer, whose keys a server of this process publishes on loopback.
import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';

const kKid = 'bench-1';
const kSubjects = 64;
const kLifetime = 3600;

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// {url, audience, jwks, pem, write(name, count, claims), close()}. `pem` is the file of the public key; write() makes a file
// with tokens that no other file has.
export async function startIssuer(folder) {
  const own = join(folder, 'issuer');
  mkdirSync(own);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = join(own, 'key.pem');
  writeFileSync(pem, publicKey.export({ type: 'spki', format: 'pem' }));
  const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: kKid, alg: 'ES256', use: 'sig' }] });
  const server = http.createServer((request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(jwks));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const audience = 'https://bench.example';
  const head = base64url({ alg: 'ES256', typ: 'JWT', kid: kKid });

  const sign = (claims) => {
    const text = `${head}.${base64url(claims)}`;
    return `${text}.${createSign('sha256').update(text).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' }, 'base64url')}`;
  };
  const write = (name, count, claims) => {
    const now = Math.floor(Date.now() / 1000);
    const tokens = Array.from({ length: count }, (_, i) => sign({
      iss: url, sub: `user-${i % kSubjects}`, aud: audience, iat: now, exp: now + kLifetime, jti: randomUUID(), ...claims,
    }));
    const file = join(own, name);
    writeFileSync(file, tokens.map((token) => `${token}\n`).join(''));
    return { used: file, all: tokens };
  };
  return { url, audience, jwks: `${url}/jwks`, pem, write, close: () => server.close().closeAllConnections() };
}
