// Somebody else's sign-in: a server of this machine that publishes its keys, and signs as npm jose does.
import http from 'node:http';
import { after } from 'node:test';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';

// {url, keys, fetches, add(kid, alg), sign(claims, kid)}. What else it answers is in `endpoints`, a function of the form that came by method
// and path: its JSON.
export async function startIssuer(path = '') {
  const issuer = { keys: {}, published: [], fetches: 0, isDown: false, endpoints: {} };
  const server = http.createServer(async (incoming, outgoing) => {
    const endpoint = issuer.endpoints[`${incoming.method} ${incoming.url}`];
    if (endpoint) {
      const form = new URLSearchParams(Buffer.concat(await incoming.toArray()).toString());
      return outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await endpoint(form)));
    }
    if (issuer.isDown || incoming.url !== `${path}/.well-known/jwks.json`) return outgoing.writeHead(404).end();
    ++issuer.fetches;
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: issuer.published }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close().closeAllConnections());
  issuer.base = `http://127.0.0.1:${server.address().port}`;
  issuer.url = issuer.base + path;
  issuer.add = async (kid, alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    issuer.keys[kid] = { privateKey, publicKey, alg };
    issuer.published.push({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' });
  };
  issuer.sign = (claims, kid, header = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: issuer.keys[kid].alg, kid, typ: 'JWT', ...header }).sign(issuer.keys[kid].privateKey);
  return issuer;
}
