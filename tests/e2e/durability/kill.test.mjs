// Attack93: what was acknowledged is there after kill -9, whenever that comes. KEYSTEAD_KILLS says how often; tools/kills runs a
// thousand.
import assert from 'node:assert/strict';
import http from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { rest } from '../harness/http.mjs';
import { keystead } from '../harness/keystead.mjs';
import { serve } from '../harness/server.mjs';

const rounds = Number(process.env.KEYSTEAD_KILLS ?? 100);

// The admin socket, as the command line uses it. Resolves to the result, or to nothing if the server did not acknowledge.
function administer(server, command, args) {
  return new Promise((resolve) => {
    const body = JSON.stringify({ command, arguments: args });
    const headers = { host: 'local', 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const request = http.request({ socketPath: join(server.data, 'admin.sock'), method: 'POST', path: '/', headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('error', () => resolve());
      answer.on('end', () => resolve(answer.statusCode === 200 && answer.complete ? JSON.parse(text).result : undefined));
    });
    request.on('error', () => resolve());
    request.end(body);
  });
}

async function byCommand(...args) {
  const { status, stdout } = await keystead(args);
  return status === 0 ? JSON.parse(stdout) : undefined;
}

// Starts on what the killed server left.
const again = (server) => serve({ data: server.data, file: server.config });

// Ends the server at any moment, and resolves when it and all writers have ended.
async function kill(server, writers) {
  await sleep(50 + Math.random() * 250);
  server.signal('SIGKILL');
  server.killed = true;
  await Promise.all([server.ended, ...writers]);
}

const sample = (map, count) => [...map.keys()].slice(-count).concat([...map.keys()].filter(() => Math.random() < count / map.size));

test(`Attack93: acknowledged keys and revocations survive kill -9, ${rounds} times`, { timeout: rounds * 20_000 }, async () => {
  let server = await serve();
  const { tenant } = await server.tenant('Durable');
  const alive = new Map();
  const dead = new Map();
  const status = async (key) => (await rest(server, key, 'GET', '/notes?limit=1')).status;
  const check = async (count) => {
    for (const key of sample(alive, count)) assert.equal(await status(key), 200, `key ${alive.get(key)} was acknowledged`);
    for (const key of sample(dead, count)) assert.equal(await status(key), 401, `the revocation of ${dead.get(key)} was acknowledged`);
  };

  for (let round = 0; round < rounds; ++round) {
    const { where } = server;
    // A writer ends with the first answer that does not come. A revocation that was not acknowledged may have happened.
    const write = async (create, revoke) => {
      for (;;) {
        const made = await create();
        if (!made) return;
        alive.set(made.key, made.id);
        if (Math.random() < 0.5) continue;
        alive.delete(made.key);
        if (!(await revoke(made.id))) return;
        dead.set(made.key, made.id);
      }
    };
    const throughSocket = () => write(
      () => administer(server, 'key.create', { tenant, name: 'k' }),
      (id) => administer(server, 'key.revoke', { id }));
    // Once the server is gone a command opens the database itself, so no further one is begun then.
    const command = (...args) => (server.killed ? undefined : byCommand(...args, '--json', ...where));
    const throughCommand = () => write(
      () => command('key', 'create', '--tenant', tenant, '--name', 'k'),
      (id) => command('key', 'revoke', id));
    await kill(server, [throughSocket(), throughSocket(), ...(round % 5 === 0 ? [throughCommand()] : [])]);
    server = await again(server);
    await check(20);
  }
  await check(500);
  assert.ok(alive.size > 0 && dead.size > 0);
  console.log(`${rounds} kills; ${alive.size} keys and ${dead.size} revocations acknowledged, all found`);
});

test('Attack93: acknowledged rows survive kill -9', async () => {
  let server = await serve();
  const { key } = await server.tenant('Rows');
  const kept = [];
  for (let round = 0; round < 5; ++round) {
    const write = async () => {
      for (;;) {
        const made = await rest(server, key, 'POST', '/notes', { title: `round ${round}` }).catch(() => undefined);
        if (made?.status !== 201) return;
        kept.push(made.json);
      }
    };
    await kill(server, [write(), write(), write(), write()]);
    server = await again(server);
    for (const row of kept.slice(-50)) assert.deepEqual((await rest(server, key, 'GET', `/notes/${row.id}`)).json, row);
  }
  assert.ok(kept.length > 0);
});
