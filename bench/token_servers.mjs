// Authorization servers, each with the same number of clients that act for themselves and one scope. Beside what every server has
// they say {clients: [{id, secret}], scope, tokenUrl, introspectionUrl, keysUrl}.
import { execFile, execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startKeystead, startNodePeer, startPeer } from './servers.mjs';

const kLifetime = 3600;

const at = (server, paths) => Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, server.url + path]));

// Its clients are entered by the operator, in one tenant of the folder.
export async function startKeysteadOAuth(binary, seeded, count) {
  const server = await startKeystead(binary, seeded, { oauth: true });
  const admin = async (...args) => {
    const { stdout } = await promisify(execFile)(binary, [...args, '--json', '--config', server.config, '--data', seeded.data]);
    return JSON.parse(stdout);
  };
  const [{ id: tenant }] = await admin('tenant', 'list');
  const clients = [];
  for (let i = 0; i < count; ++i) {
    const { id, secret } = await admin('client', 'create', '--name', `client ${i}`, '--tenant', tenant);
    clients.push({ id, secret });
  }
  const paths = { tokenUrl: '/oauth/token', introspectionUrl: '/oauth/introspect', keysUrl: '/.well-known/jwks.json' };
  return { ...server, ...at(server, paths), clients, scope: seeded.scope };
}

// `format` of its access tokens: jwt or opaque.
export async function startOidcProvider(folder, count, format) {
  const scope = 'data:read';
  const args = [count, scope, 'https://bench.example/mcp', format];
  const server = await startNodePeer('oidc-provider', 'oidc_provider.mjs', args, join(folder, `oidc-provider-${format}.log`));
  return { ...server, ...at(server, { tokenUrl: '/token', introspectionUrl: '/token/introspection', keysUrl: '/jwks' }), scope };
}

const glewlwydConfig = ({ port, none, database }) => `
port = ${port}
bind_address = "127.0.0.1"
external_url = "http://127.0.0.1:${port}"
login_url = "login.html"
api_prefix = "api"
allow_origin = "*"
log_mode = "console"
log_level = "ERROR"
cookie_domain = "127.0.0.1"
cookie_secure = 0
cookie_same_site = "empty"
session_expiration = ${kLifetime}
session_key = "GLEWLWYD2_SESSION_ID"
max_post_size = 1048576
admin_scope = "g_admin"
profile_scope = "g_profile"
user_module_path = "/usr/lib/glewlwyd/user"
user_middleware_module_path = "${none}"
client_module_path = "/usr/lib/glewlwyd/client"
user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
plugin_module_path = "/usr/lib/glewlwyd/plugin"
use_secure_connection = false
secure_connection_key_file = ""
secure_connection_pem_file = ""
secure_connection_ca_file = ""
hash_algorithm = "SHA256"
database = { type = "sqlite3"; path = "${database}"; };
`;

// Its OpenID Connect plugin with nothing switched on but this grant and introspection.
function glewlwydPlugin(issuer) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const off = ['code', 'token', 'password', 'device', 'refresh'].map((type) => [`auth-type-${type}-enabled`, false]);
  return {
    iss: issuer, 'jwt-type': 'ecdsa', 'jwt-key-size': '256',
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert: publicKey.export({ type: 'spki', format: 'pem' }),
    'access-token-duration': kLifetime, 'refresh-token-duration': kLifetime, 'code-duration': 600, 'refresh-token-rolling': false,
    'allow-non-oidc': true, ...Object.fromEntries(off), 'auth-type-id-token-enabled': true, 'auth-type-client-enabled': true,
    'introspection-revocation-allowed': true, 'introspection-revocation-auth-scope': [],
    'introspection-revocation-allow-target-client': true, 'subject-type': 'public', 'jwks-show': true,
    scope: [], 'additional-parameters': [], claims: [],
  };
}

// Everything in SQLite, as Debian's package sets it up: JWTs too, which it looks up to see whether they were revoked.
export async function startGlewlwyd(folder, count) {
  const own = join(folder, 'glewlwyd');
  const none = join(own, 'no-modules');
  mkdirSync(none, { recursive: true });
  const port = await freePort();
  const database = join(own, 'glewlwyd.db');
  execFileSync('sqlite3', [database], { input: readFileSync('/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3') });
  const file = join(own, 'glewlwyd.conf');
  writeFileSync(file, glewlwydConfig({ port, none, database }));
  const server = await startPeer('glewlwyd', 'glewlwyd', [`--config-file=${file}`], port);
  const api = `${server.url}/api`;
  let cookie = '';
  const admin = async (path, body) => {
    const headers = { 'content-type': 'application/json', cookie };
    const answer = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`glewlwyd: ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  // The administrator of a new database.
  const session = await admin('/auth/', { username: 'admin', password: 'password' });
  [cookie] = session.headers.get('set-cookie').split(';');
  const scope = 'data:read';
  await admin('/mod/plugin/', { module: 'oidc', name: 'oidc', display_name: 'oidc', parameters: glewlwydPlugin(`${api}/oidc`) });
  await admin('/scope/', { name: scope, display_name: 'Read', description: 'Read', password_required: false, scheme: {}, scheme_required: {} });
  const clients = [];
  for (let i = 0; i < count; ++i) {
    const client = { id: `client-${i}`, secret: randomBytes(32).toString('base64url') };
    await admin('/client/?source=database', {
      client_id: client.id, password: client.secret, name: client.id, confidential: true, enabled: true, scope: [scope],
      authorization_type: ['client_credentials'], redirect_uri: [], token_endpoint_auth_method: ['client_secret_basic'],
    });
    clients.push(client);
  }
  const paths = { tokenUrl: '/api/oidc/token', introspectionUrl: '/api/oidc/introspect', keysUrl: '/api/oidc/jwks' };
  return { ...server, ...at(server, paths), clients, scope };
}
