// MCP without an SDK: one JSON-RPC message in one POST.
import assert from 'node:assert/strict';
import { bearer, request } from './http.mjs';

let lastId = 0;

// Posts a body as it is (text or JSON). Resolves as request() does.
export function post(server, key, body, headers = {}) {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return request(server.mcp, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'content-length': Buffer.byteLength(text),
      ...(key && bearer(key)),
      ...headers,
    },
    body: text,
  });
}

// One request of the legacy era. Resolves as request() does.
export function rpc(server, key, method, params = {}, headers = {}) {
  const message = { jsonrpc: '2.0', id: ++lastId, method, params };
  return post(server, key, message, { 'mcp-protocol-version': '2025-11-25', ...headers });
}

// One request of 2026-07-28.
export function modernRpc(server, key, method, params = {}, headers = {}) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const named = params.name ? { 'mcp-name': params.name } : {};
  return post(server, key, { jsonrpc: '2.0', id: ++lastId, method, params: { _meta, ...params } }, {
    'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...named, ...headers,
  });
}

// Calls a tool that must succeed and gives its structured result.
export async function callTool(server, key, name, args = {}) {
  const answer = await rpc(server, key, 'tools/call', { name, arguments: args });
  assert.equal(answer.status, 200, answer.text);
  const { result, error } = answer.json;
  assert.ok(result && !result.isError, answer.text ?? error);
  return result.structuredContent;
}

export async function toolNames(server, key) {
  const answer = await rpc(server, key, 'tools/list');
  assert.equal(answer.status, 200, answer.text);
  return answer.json.result.tools.map((tool) => tool.name);
}
