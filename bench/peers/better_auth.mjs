// better-auth with its api-key plugin on SQLite, as somebody would put it behind HTTP who wants it fast: WAL, no wait for the
// disk, the plugin's rate limit off, no framework around it.
//   node better_auth.mjs DATABASE KEYS FILE
// Creates KEYS keys through the plugin and writes them to FILE, one a line; then says where it listens, as one line of JSON.
// Whoever sends a good key as X-API-Key gets 200 and what the plugin says about it, everybody else 401.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';

const kDay = 24 * 60 * 60;

const [path, keys, file] = process.argv.slice(2);
const database = new DatabaseSync(path);
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');

const options = {
  database,
  secret: randomBytes(32).toString('hex'),
  baseURL: 'http://127.0.0.1',
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { disabled: true },  // it logs each refused key, which is what bench.mjs tries first
  plugins: [apiKey({ rateLimit: { enabled: false } })],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();
const auth = betterAuth(options);

// What a key of Keystead's has here too: an owner, a life of 90 days, one permission.
const { internalAdapter } = await auth.$context;
const owner = await internalAdapter.createUser({ name: 'bench', email: 'bench@example.com', emailVerified: true });
const created = [];
for (let i = 0; i < Number(keys); ++i) {
  const body = { userId: owner.id, name: 'bench', expiresIn: 90 * kDay, permissions: { data: ['read'] } };
  created.push((await auth.api.createApiKey({ body })).key);
}
writeFileSync(file, created.map((key) => `${key}\n`).join(''));

const server = createServer(async (request, response) => {
  const result = await auth.api.verifyApiKey({ body: { key: request.headers['x-api-key'] ?? '' } });
  const text = JSON.stringify(result);
  response.writeHead(result.valid ? 200 : 401, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
});
server.keepAliveTimeout = 300_000;
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })));
