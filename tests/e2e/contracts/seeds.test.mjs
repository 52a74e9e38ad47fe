// What the products' pages print, pasted: each curl with nothing changed but host, key and the names in <> and {}; each answer as the
// page shows it, byte for byte where it is JSON.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { call, makeKey, neighbour, product, request, rest, rpc, toolsOf } from '../harness/contract.mjs';
import { raw } from '../harness/http.mjs';

const run = promisify(execFile);

// Pastes a command into a shell. Resolves to {status, text, json}.
async function paste(command) {
  const { stdout } = await run('bash', ['-c', `${command} -s -w '\\n%{http_code}'`]);
  const end = stdout.lastIndexOf('\n');
  const text = stdout.slice(0, end);
  return { status: Number(stdout.slice(end + 1)), text, get json() { return JSON.parse(text); } };
}

describe('Nippy: authentication', async () => {
  const server = await product('nippy');

  test('POST /mcp with X-API-Key, as the page writes it', async () => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}';
    const head = `POST /mcp HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nContent-Length: ${body.length}\r\n`;
    const { responses } = await raw(server.url, `${head}X-API-Key: ${server.key}\r\nContent-Type: application/json\r\n\r\n${body}`);
    assert.equal(responses[0].status, 200);
    assert.ok(JSON.parse(responses[0].body).result.tools.length > 20);
  });

  test('a key has full read and write access to the data of its business', async () => {
    for (const { name } of await toolsOf(server, server.key)) {
      assert.notEqual((await call(server, server.key, name)).status, 403, name);
    }
  });

  test('the table of errors: 401 where X-API-Key is missing, invalid or malformed', async () => {
    for (const header of ['', "-H 'X-API-Key: npk_your_api_key_here'", "-H 'X-API-Key: npk'", "-H 'XAPIKey: npk_x'"]) {
      const answer = await paste(`curl ${server.mcp} ${header} -H "Content-Type: application/json" -d '{}'`);
      assert.equal(answer.status, 401);
      assert.equal(answer.json.detail, 'Unauthorized');
    }
  });

  test('the table of errors: 403 and 400', async () => {
    const forbidden = await call(server, server.key, 'supply_delete_withdrawal', { id: 'x' });
    assert.equal(forbidden.status, 403);
    assert.equal(forbidden.json.error, 'forbidden');
    const { key } = await server.admin('key', 'create', '--kind', 'platform', '--name', 'platform');
    const unbound = await request(server.mcp, {
      method: 'POST', headers: { 'x-api-key': key, 'content-type': 'application/json' }, body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
    });
    assert.equal(unbound.status, 400);
    assert.equal(unbound.json.detail, 'ValueError: MCP tools require tenant-bound auth (npk_* key or OAuth Bearer)');
  });

  test('the documentation index is at /llms.txt', async () => assert.equal((await paste(`curl ${server.url}/llms.txt`)).status, 200));
});

describe('Navis Ops: authentication and API keys', async () => {
  const server = await product('navis');
  const example = `curl https://<your-supabase-project>.supabase.co/functions/v1/mcp-server-v2 \\
  -H "Authorization: Bearer nops_your_token_here" \\
  -H "Content-Type: application/json" \\
  -d '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}'`;
  const filled = (key) => example.replace('https://<your-supabase-project>.supabase.co', server.url).replace('nops_your_token_here', key);

  test('the complete example lists the tools', async () => {
    const answer = await paste(filled(server.key));
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.id, 1);
    assert.ok(answer.json.result.tools.length > 20);
  });

  test('with the placeholder instead of a key it is the 401 of the page', async () => {
    const answer = await paste(filled('nops_your_token_here'));
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.json, JSON.parse(`{
      "error": "unauthorized",
      "message": "Missing or invalid authorization token."
    }`));
  });

  test('a read-only token that calls a write tool gets the 403 of the page', async () => {
    const { key } = await makeKey(server, server.tenant, { scopes: ['mcp:read'] });
    const params = '{"name":"create_note","arguments":{"title":"x"}}';
    const answer = await paste(filled(key).replace('tools/list', 'tools/call').replace('"params":{}', `"params":${params}`));
    assert.equal(answer.status, 403);
    assert.deepEqual(answer.json, JSON.parse(`{
      "error": "forbidden",
      "message": "This operation requires the mcp:write scope."
    }`));
  });

  test('keys do not expire by default, and stay active until they are revoked; then the next request is 401', async () => {
    const made = await rest(server, server.key, 'POST', '/keys', { name: 'CI pipeline', scopes: ['mcp:write'] });
    assert.equal(made.json.expires_at, null);
    assert.equal((await paste(filled(made.json.key))).status, 200);
    await rest(server, server.key, 'POST', `/keys/${made.json.id}/revoke`);
    assert.equal((await paste(filled(made.json.key))).status, 401);
  });

  test('the documentation index is at /llms.txt', async () => assert.equal((await paste(`curl ${server.url}/llms.txt`)).status, 200));
});

describe('Noukai: authentication', async () => {
  const server = await product('noukai');
  const example = `curl -X POST https://api.noukai.xyz/api/v1/seq/{org}/{project}/{flow}/execute \\
  -H "Authorization: Bearer nk_live_Ab12CdEf_your32charsecrethere1234567890ab" \\
  -H "Content-Type: application/json" \\
  -d '{"message": "...", "parameters": {}}'`;

  test('the flow of the example is not found until flows can be executed', async () => {
    const tenants = await server.admin('tenant', 'list');
    const project = tenants.find(({ id }) => id === server.tenant);
    const { slug } = tenants.find(({ id }) => id === project.parent);
    const answer = await paste(example.replace('https://api.noukai.xyz', server.url).replace('{org}', slug)
      .replace('{project}', project.slug).replace('{flow}', 'classify-intent')
      .replace('nk_live_Ab12CdEf_your32charsecrethere1234567890ab', server.key));
    assert.equal(answer.status, 404, answer.text);
  });

  test('the parts of a key have the lengths of the table', () => {
    const [prefix, environment, id, secret, ...rest] = server.key.split('_');
    assert.deepEqual([prefix, environment, id.length, secret.length, rest.length], ['nk', 'live', 8, 32, 0]);
  });
});

describe('Nenjo: API overview', async () => {
  const server = await product('nenjo');
  const ask = (header, body) => paste(
    `curl -X POST ${server.mcp} -H "${header}" -H "Content-Type: application/json" -d '${JSON.stringify(body)}'`);
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

  test('the version endpoint is public', async () => {
    const answer = await paste(`curl ${server.url}/api/v1/version`);
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.keys(answer.json), ['version', 'api']);
    assert.equal(answer.json.api, 'v1');
  });

  test('keys can be passed in two ways', async () => {
    for (const header of [`Authorization: Bearer ${server.key}`, `X-API-Key: ${server.key}`]) {
      const answer = await ask(header, list);
      assert.equal(answer.status, 200, answer.text);
      assert.ok(answer.json.result.tools.length > 40);
    }
  });

  test('a REST error is the JSON body of the page', async () => {
    const answer = await paste(`curl ${server.url}/api/v1/projects`);
    assert.equal(answer.status, 401);
    assert.deepEqual(Object.keys(answer.json), ['error']);
  });

  test('an MCP error is the JSON body of the page', async () => {
    const answer = await ask(`X-API-Key: ${server.key}`, { jsonrpc: '2.0', id: 1, method: 'unknown_method' });
    assert.deepEqual(answer.json, JSON.parse(`{
      "jsonrpc": "2.0",
      "id": 1,
      "error": {
        "code": -32601,
        "message": "Method not found: unknown_method"
      }
    }`));
  });

  test('both interfaces share one database', async () => {
    const { key } = await neighbour(server, 'Shared');
    await rpc(server, key, 'tools/call', { name: 'models_create', arguments: { name: 'tiny', provider: 'p' } });
    assert.equal((await rest(server, key, 'GET', '/models')).json.items[0].name, 'tiny');
  });
});
