// The official conformance suite for authorization servers, with a person who signs in and approves.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Person } from '../harness/person.mjs';
import { demo, temporaryFolder } from '../harness/server.mjs';
import { consent, decide, oauthConfig } from './flow.mjs';

const conformance = fileURLToPath(new URL('../node_modules/.bin/conformance', import.meta.url));
const server = await demo({ config: oauthConfig() });

async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

function checksIn(folder) {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('checks.json')) : [];
  return files.flatMap((name) => JSON.parse(readFileSync(join(folder, name))));
}

test('the metadata is good, and a code is asked for, approved and redeemed as the suite does it', async () => {
  const port = await freePort();
  const { id } = await server.admin('client', 'create', '--name', 'Conformance', '--auth', 'none', '--redirect-uri', `http://127.0.0.1:${port}/callback`);
  const folder = temporaryFolder();
  const suite = spawn(conformance, ['authorization', '--url', server.url, '--client-id', id, '--resource', server.mcp, '-p', `${port}`, '-o', folder]);
  let text = '';
  const ended = new Promise((resolve) => suite.on('close', resolve));
  const address = new Promise((resolve) => {
    const look = (chunk) => {
      text += chunk;
      const url = text.match(/http:\/\/\S+\/oauth\/authorize\?\S+/);
      if (url) resolve(new URL(url[0]));
    };
    suite.stdout.on('data', look);
    suite.stderr.on('data', look);
  });
  const url = await Promise.race([address, ended.then(() => assert.fail(text))]);
  const person = new Person(server);
  await person.signIn(server.console.email, server.console.password);
  const decided = await decide(person, await consent(person, url.pathname + url.search), 'approve');
  await fetch(decided.headers.location);
  assert.equal(await ended, 0, text);
  const checks = checksIn(folder);
  assert.equal(checks.length, 3, text);
  assert.deepEqual(checks.filter(({ status }) => status !== 'SUCCESS'), [], text);
});
