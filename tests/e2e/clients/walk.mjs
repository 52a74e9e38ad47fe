// What a person does with a client, in the order that an agent would: list, create, get, change, find, delete.
import assert from 'node:assert/strict';

// Arguments that a tool's schema accepts, for its required properties and no others.
export function sampleArguments({ properties = {}, required = [] }, suffix) {
  return Object.fromEntries(required.map((name) => [name, sampleValue(properties[name], suffix)]));
}

function sampleValue(schema, suffix) {
  if (schema.enum) return schema.enum[0];
  if (schema.format === 'date') return '2026-11-22';
  if (schema.format === 'date-time') return '2026-11-22T16:50:00Z';
  return { string: `sample ${suffix}`, integer: 7, number: 1.5, boolean: true }[schema.type];
}

// `client` has listTools() → tools and callTool(name, arguments) → structured result.
export async function walk(client) {
  const tools = new Map((await client.listTools()).map((tool) => [tool.name, tool]));
  const collections = [...tools.keys()].filter((name) => name.endsWith('_create')).map((name) => name.slice(0, -7));
  assert.deepEqual(collections.sort(), ['contacts', 'notes', 'tasks']);
  assert.ok(tools.has('whoami'));

  for (const collection of collections) {
    for (const verb of ['list', 'get', 'create', 'update', 'delete']) {
      const tool = tools.get(`${collection}_${verb}`);
      assert.equal(tool?.annotations?.readOnlyHint, verb === 'list' || verb === 'get', tool?.name);
      if (verb === 'delete') assert.equal(tool.annotations.destructiveHint, true);
      assert.equal(tool.inputSchema.type, 'object');
    }
    await walkCollection(client, collection, tools.get(`${collection}_create`).inputSchema);
  }
}

async function walkCollection(client, collection, createSchema) {
  const sent = sampleArguments(createSchema, `one ${Math.random()}`);
  const row = await client.callTool(`${collection}_create`, sent);
  assert.ok(row.id);
  for (const [name, value] of Object.entries(sent)) assert.deepEqual(row[name], value);
  assert.deepEqual(await client.callTool(`${collection}_get`, { id: row.id }), row);

  const [name] = Object.keys(sent);
  const changed = await client.callTool(`${collection}_update`, { id: row.id, [name]: `changed ${row.id}` });
  assert.equal(changed[name], `changed ${row.id}`);
  const { items } = await client.callTool(`${collection}_list`, { sort: '-created_at', limit: 1 });
  assert.deepEqual(items, [changed]);

  await client.callTool(`${collection}_delete`, { id: row.id });
  await assert.rejects(client.callTool(`${collection}_get`, { id: row.id }), /not found|no such|does not exist|there is no/i);
}
