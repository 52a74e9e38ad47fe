// What a person sees in an official MCP client when a key may not do something: the meaning, in the words of each contract.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { makeKey, product, rest } from '../harness/contract.mjs';

const info = { name: 'e2e', version: '1.0.0' };
const clients = {
  'version 1': [() => new Client(info), StreamableHTTPClientTransport],
  'version 2, legacy': [() => new ModernClient(info, { versionNegotiation: { mode: 'legacy' } }), ModernTransport],
  'version 2, modern': [() => new ModernClient(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } }), ModernTransport],
};

async function connect(name, server, headers) {
  const [make, Transport] = clients[name];
  const client = make();
  await client.connect(new Transport(new URL(server.mcp), { requestInit: { headers } }));
  return client;
}

// All that a client passes on of an error.
const words = (error) => `${error.message} ${JSON.stringify(error.data ?? '')} ${error.cause?.message ?? ''}`;

// Version 2 makes a sentence of its own of the challenge, and keeps ours beside it.
function assertScopeDenial(error, scope) {
  assert.equal(error.message, `Insufficient scope: required "${scope}"`);
  assert.equal(error.errorDescription, `This operation requires the ${scope} scope.`);
}

const narrowed = async (server, tools) => (await rest(server, server.key, 'POST', '/keys/narrow', { tools })).json.key;
const products = {
  nippy: {
    key: (server) => narrowed(server, ['roulettes_list_roulettes', 'roulettes_get_roulette']), header: 'X-API-Key',
    reads: ['roulettes_list_roulettes', {}], writes: ['roulettes_create_item', { name: 'x' }],
    says: /Key does not have access to this tool/,
  },
  navis: {
    key: async (server) => (await makeKey(server, server.tenant, { scopes: ['mcp:read'] })).key,
    reads: ['list_tasks', {}], writes: ['create_task', { title: 'x' }],
    says: /requires the mcp:write scope/, scope: 'mcp:write',
  },
  noukai: {
    key: (server) => narrowed(server, ['list_flows', 'get_flow']),
    reads: ['list_flows', {}], writes: ['create_flow', { slug: 'x', name: 'x' }],
    says: /This credential may not do this/,
  },
  nenjo: {
    key: async (server) => (await makeKey(server, server.tenant, { scopes: ['projects:read'] })).key,
    reads: ['projects_list', {}], writes: ['projects_create', { name: 'x', slug: 'x' }],
    says: /Permission denied.*projects:write/, scope: 'projects:write',
  },
};

for (const [name, { key: keyOf, header, reads, writes, says, scope }] of Object.entries(products)) {
  describe(name, async () => {
    const server = await product(name);
    const key = await keyOf(server);
    const headers = header ? { [header]: key } : { Authorization: `Bearer ${key}` };

    for (const version of Object.keys(clients)) {
      test(`${version}: a read-only key reads, does not see the write tool, and is told why it may not call it`, async () => {
        const client = await connect(version, server, headers);
        const [toRead, withThat] = reads;
        const { tools } = await client.listTools();
        assert.ok(tools.some((tool) => tool.name === toRead));
        assert.ok((await client.callTool({ name: toRead, arguments: withThat })).structuredContent.items.length > 0);
        const [toWrite, withThis] = writes;
        assert.ok(!tools.some((tool) => tool.name === toWrite));
        await assert.rejects(client.callTool({ name: toWrite, arguments: withThis }), (error) => {
          if (error.requiredScope) assertScopeDenial(error, scope);
          else assert.match(words(error), says);
          assert.ok(!words(error).includes(key));
          return true;
        });
        // The refusal is of one call; the client goes on.
        await client.callTool({ name: toRead, arguments: withThat });
        await client.close();
      });

      test(`${version}: a wrong key is told so`, async () => {
        const wrong = Object.fromEntries(Object.entries(headers).map(([field, value]) => [field, value.replace(/.{6}$/, 'abcdef')]));
        await assert.rejects(connect(version, server, wrong), (error) => {
          assert.match(words(error), /unauthorized|credential|token|401/i);
          return true;
        });
      });
    }
  });
}
