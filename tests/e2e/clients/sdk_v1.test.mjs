// The official TypeScript SDK, version 1: what most clients in the field are built on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { demo } from '../harness/server.mjs';
import { walk } from './walk.mjs';

const server = await demo();

async function connect(key) {
  const client = new Client({ name: 'e2e', version: '1.0.0' });
  const headers = { Authorization: `Bearer ${key}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(server.mcp), { requestInit: { headers } }));
  return client;
}

test('lists and calls the tools of the demo tenant', async () => {
  const client = await connect(server.key);
  assert.ok(client.getServerVersion().version);
  await client.ping();
  await walk({
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args) => {
      const result = await client.callTool({ name, arguments: args });
      if (result.isError) throw new Error(result.content[0].text);
      assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
      return result.structuredContent;
    },
  });
  await client.close();
});

test('an argument that is wrong comes back with its path', async () => {
  const client = await connect(server.key);
  const result = await client.callTool({ name: 'tasks_create', arguments: { title: 7 } });
  assert.equal(result.isError, true);
  assert.match(result.content[0].text, /title/);
  await client.close();
});

test('a wrong key fails with words that a person understands, and without the key', async () => {
  const wrong = `${server.key.slice(0, -6)}abcdef`;
  await assert.rejects(connect(wrong), (error) => {
    assert.match(error.message, /401|unauthorized|credential/i);
    assert.ok(!error.message.includes(wrong));
    return true;
  });
});
