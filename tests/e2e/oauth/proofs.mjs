// Proofs of possession (RFC 9449), made by hand: every member is the test's to choose.
import { createHash, randomUUID } from 'node:crypto';
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { request } from '../harness/http.mjs';

export async function newKey(alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { alg, privateKey, jwk, privateJwk: await exportJWK(privateKey), thumbprint: await calculateJwkThumbprint(jwk) };
}

export const hashOf = (token) => createHash('sha256').update(token).digest('base64url');

// For one request; a claim that is undefined is left out.
export function proof(key, { method, url, token }, claims = {}, header = {}) {
  const all = { jti: randomUUID(), htm: method, htu: url, iat: Math.floor(Date.now() / 1000), ...(token && { ath: hashOf(token) }), ...claims };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(given).setProtectedHeader({ alg: key.alg, typ: 'dpop+jwt', jwk: key.jwk, ...header }).sign(key.privateKey);
}

const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });

// tools/list with a token and any proof, or none.
export const listTools = (server, token, dpop, headers = {}) => request(server.mcp, {
  method: 'POST',
  headers: [
    ['host', new URL(server.mcp).host], ['content-type', 'application/json'], ['accept', 'application/json, text/event-stream'], ['mcp-protocol-version', '2025-11-25'],
    ['content-length', `${Buffer.byteLength(list)}`],
    ...Object.entries({ authorization: `DPoP ${token}`, ...headers }), ...[dpop ?? []].flat().map((each) => ['dpop', each]),
  ],
  body: list,
});
export const toListTools = (server, token) => ({ method: 'POST', url: server.mcp, token });
