// What the server says of itself: /llms.txt, the pages that it lists, and the OpenAPI document, which is held to its word.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { bearer, request } from '../harness/http.mjs';
import { demo } from '../harness/server.mjs';

const example = (name) => fileURLToPath(new URL(`../../../examples/${name}.yaml`, import.meta.url));
const links = (markdown) => [...markdown.matchAll(/\]\((https?:[^)]+)\)/g)].map(([, url]) => url);

// A check of values by a schema of the document.
function checker(document) {
  const ajv = addFormats(new Ajv2020({ strict: false }));
  ajv.addSchema(document, 'openapi');
  return (pointer, value) => {
    const escaped = pointer.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).map(encodeURIComponent);
    const check = ajv.getSchema(`openapi#/${escaped.join('/')}`);
    assert.ok(check(value), `${pointer.join(' ')}: ${ajv.errorsText(check.errors)}: ${JSON.stringify(value)}`);
  };
}

const server = await demo();
const index = await request(`${server.url}/llms.txt`);
const openapi = (await request(`${server.url}/api/v1/openapi.json`)).json;

test('llms.txt is a title, a quotation and sections of links, for anyone', () => {
  assert.equal(index.status, 200);
  assert.equal(index.headers['content-type'], 'text/markdown; charset=utf-8');
  const [title, , quotation] = index.text.split('\n');
  assert.equal(title, '# Harbor Tasks');
  assert.match(quotation, /^> Tasks, contacts and notes of one team\./);
  assert.match(index.text, /^## /m);
});

test('every link in llms.txt answers', async () => {
  const urls = links(index.text);
  assert.deepEqual(urls.map((url) => url.slice(server.url.length)), [
    '/docs/authentication.md', '/docs/errors.md', '/docs/tools.md', '/docs/rest.md', '/docs/keys.md', '/api/v1/openapi.json',
  ]);
  for (const url of urls) {
    const { status, headers, text } = await request(url);
    assert.equal(status, 200, url);
    assert.equal(headers['content-type'], url.endsWith('.json') ? 'application/json' : 'text/markdown; charset=utf-8');
    assert.ok(!text.includes(server.tenant) && !text.includes(server.key), `${url} shows the tenant or its key`);
    assert.equal((await request(url, { method: 'HEAD' })).status, 200, url);
  }
});

test('the key that the pages show is none', async () => {
  const { text } = await request(`${server.url}/docs/authentication.md`);
  const [, shown] = text.match(/Authorization: Bearer (\S+)/);
  assert.equal((await request(`${server.url}/api/v1/whoami`, { headers: bearer(shown) })).status, 401);
});

test('every command in the REST page is answered as one that is understood', async () => {
  const { text } = await request(`${server.url}/docs/rest.md`);
  const commands = [...text.replaceAll(' \\\n', '').matchAll(/^curl (?:-X (\w+) )?(\S+)(.*)/gm)];
  assert.ok(commands.length > 15);
  for (const [, method = 'GET', url, options] of commands) {
    const body = options.match(/-d '(.*)'$/m)?.[1];
    const headers = Object.fromEntries([...options.matchAll(/-H (["'])(.*?): (.*?)\1/g)].map(([, , name, value]) => [name, value]));
    if (headers.Authorization) headers.Authorization = headers.Authorization.replace('$KEY', server.key);
    if (body) headers['Content-Length'] = Buffer.byteLength(body);
    const { status, text: answer } = await request(url, { method, headers, body });
    assert.equal(status, url.endsWith('/ID') ? 404 : method === 'POST' && !url.endsWith('/auth/verify') ? 201 : 200, `${method} ${url}: ${answer}`);
  }
});

test('OpenAPI says what is answered', async () => {
  const holds = checker(openapi);
  const walk = [
    ['GET', '/api/v1/version', 200], ['GET', '/api/v1/whoami', 200], ['GET', '/api/v1/tasks', 200], ['GET', '/api/v1/tasks/none', 404],
    ['GET', '/api/v1/keys', 200], ['GET', '/api/v1/keys/verify', 200], ['GET', '/api/v1/denials/none', 404], ['GET', '/api/v1/tasks?x=1', 400],
  ];
  for (const [method, target, status] of walk) {
    const answer = await request(server.url + target, { method, headers: bearer(server.key) });
    assert.equal(answer.status, status, `${target}: ${answer.text}`);
    const path = target.replace(/\?.*/, '').replace('/none', '/{id}');
    const { responses } = openapi.paths[path].get;
    const pointer = responses[status].$ref ? responses[status].$ref.split('/').slice(1) : ['paths', path, 'get', 'responses', String(status)];
    holds([...pointer, 'content', answer.headers['content-type'], 'schema'], answer.json);
  }
});

test('OpenAPI names who may call: a bare request to every operation is refused where it says so', async () => {
  for (const [path, operations] of Object.entries(openapi.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const { status } = await request(server.url + path.replace('{id}', 'none'), { method: method.toUpperCase() });
      const isOpen = operation.security.length === 0 || operation.security.some((way) => Object.keys(way).length === 0);
      assert.ok((isOpen ? [200, 400] : [401]).includes(status), `${method} ${path}: ${status}`);
    }
  }
});

for (const name of ['demo', 'nippy', 'navis', 'noukai', 'nenjo']) {
  test(`the OpenAPI document of ${name}.yaml is valid, and its refusals fit their schemas`, async () => {
    const product = name === 'demo' ? server : await demo({ file: example(name) });
    const document = (await request(`${product.url}/api/v1/openapi.json`)).json;
    const result = await new Validator().validate(structuredClone(document));
    assert.ok(result.valid, JSON.stringify(result.errors));
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path)).map((operation) => operation.operationId);
    assert.equal(new Set(ids).size, ids.length);
    const holds = checker(document);
    for (const [response, { content }] of Object.entries(document.components.responses)) {
      for (const [type, { examples }] of Object.entries(content)) {
        for (const { value } of Object.values(examples)) holds(['components', 'responses', response, 'content', type, 'schema'], value);
      }
    }
    const bare = await request(`${product.url}/api/v1/whoami`);
    holds(['components', 'responses', `Refusal${bare.status}`, 'content', bare.headers['content-type'], 'schema'], bare.json);
    for (const url of links((await request(`${product.url}/llms.txt`)).text)) assert.equal((await request(url)).status, 200, url);
  });
}
