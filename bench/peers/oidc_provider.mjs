// oidc-provider as somebody would run it who wants it fast: everything in memory, no framework around it.
//   node oidc_provider.mjs CLIENTS SCOPE RESOURCE FORMAT
// Says where it listens and what its clients and their secrets are, as one line of JSON. Its tokens are for RESOURCE; FORMAT is jwt,
// signed with ES256, or opaque, because it introspects no JWT.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const kLifetime = 3600;

const [count, scope, resource, format] = process.argv.slice(2);
const clients = Array.from({ length: Number(count) }, (_, i) => ({
  client_id: `client-${i}`,
  client_secret: randomBytes(32).toString('base64url'),
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  token_endpoint_auth_method: 'client_secret_basic',
  id_token_signed_response_alg: 'ES256',
}));

// Its own adapter forgets all but the last 1,000 tokens.
const stored = new Map();
class Everything {
  constructor(model) {
    this.model = model;
  }
  find(id) {
    return stored.get(`${this.model}:${id}`);
  }
  upsert(id, payload) {
    stored.set(`${this.model}:${id}`, payload);
  }
  destroy(id) {
    stored.delete(`${this.model}:${id}`);
  }
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const server = createServer();
server.keepAliveTimeout = 300_000;
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(url, {
  adapter: Everything,
  clients,
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'bench' }] },
  scopes: [scope],
  ttl: { ClientCredentials: kLifetime },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      getResourceServerInfo: () => ({ scope, audience: resource, accessTokenFormat: format, jwt: { sign: { alg: 'ES256' } } }),
    },
  },
});
server.on('request', provider.callback());
const credentials = clients.map(({ client_id: id, client_secret: secret }) => ({ id, secret }));
console.log(JSON.stringify({ url, clients: credentials }));
