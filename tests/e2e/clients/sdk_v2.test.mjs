// The official TypeScript SDK, version 2, in both eras: sessions by initialize, and the stateless protocol of 2026-07-28.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { demo } from '../harness/server.mjs';
import { walk } from './walk.mjs';

const server = await demo();

async function connect(mode, key) {
  const client = new Client({ name: 'e2e', version: '1.0.0' }, { versionNegotiation: { mode } });
  const headers = { Authorization: `Bearer ${key}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(server.mcp), { requestInit: { headers } }));
  return client;
}

for (const [name, mode] of [['legacy', 'legacy'], ['auto', 'auto'], ['modern', { pin: '2026-07-28' }]]) {
  test(`${name}: lists and calls the tools of the demo tenant`, async () => {
    const client = await connect(mode, server.key);
    await walk({
      listTools: async () => (await client.listTools()).tools,
      callTool: async (tool, args) => {
        const result = await client.callTool({ name: tool, arguments: args });
        if (result.isError) throw new Error(result.content[0].text);
        return result.structuredContent;
      },
    });
    await client.close();
  });

  test(`${name}: a wrong key fails with words that a person understands, and without the key`, async () => {
    const wrong = `${server.key.slice(0, -6)}abcdef`;
    await assert.rejects(connect(mode, wrong), (error) => {
      const text = `${error.message} ${error.cause?.message ?? ''}`;
      assert.match(text, /401|unauthorized|credential/i);
      assert.ok(!text.includes(wrong));
      return true;
    });
  });
}

test('auto settles on the stateless protocol', async () => {
  const client = await connect('auto', server.key);
  assert.equal(client.getProtocolEra(), 'modern');
  await client.close();
});
