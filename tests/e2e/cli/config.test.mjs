// `keystead config check`: an operator learns what is wrong, where, and what was probably meant, and nothing starts on it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { keystead, keysteadRefuses } from '../harness/keystead.mjs';
import { plainConfig, temporaryFolder } from '../harness/server.mjs';

const folder = temporaryFolder();
const file = join(folder, 'keystead.yaml');

async function check(text, env) {
  writeFileSync(file, text);
  const { status, stdout, stderr } = await keystead(['config', 'check', file], { env });
  return { status, stdout, stderr };
}

test('a good file passes', async () => {
  const { status, stderr } = await check(plainConfig);
  assert.equal(status, 0, stderr);
});

const mistakes = [
  ['an unknown key names its line and the nearest known one', 'servise: { name: x }\n', /:1: .*servise.*service/s],
  ['a nested unknown key', 'service: { name: x }\nkeys:\n  formt: "a_{secret:40}"\n', /:3: .*formt.*format/s],
  ['a wrong type', 'service: { name: [x] }\n', /:1: .*service\.name/s],
  ['a scope that is not declared', plainConfig.replace('write: "data:write"', 'write: "data:wirte"'), /data:wirte/],
  ['a key format without enough secret', plainConfig.replace('{secret:32}', '{secret:4}'), /format/],
  ['an unknown type of field', plainConfig.replace('pages: integer', 'pages: intger'), /intger|integer/],
  ['an unknown tool', plainConfig.replace('[whoami]', '[whomai]'), /whoami|whomai/],
  ['a variable that is not set', 'service: { name: "${E2E_NOT_SET}" }\n', /E2E_NOT_SET/],
  ['a key that comes twice', 'service: { name: x }\nservice: { name: y }\n', /:2: .*service/s],
  ['no YAML at all', '{{{{\n', /:1:|:2:/],
];
for (const [name, text, pattern] of mistakes) {
  test(name, async () => {
    const { status, stderr } = await check(text);
    assert.equal(status, 1, stderr);
    assert.match(stderr, pattern);
  });
}

test('all mistakes are named at once, each on a line', async () => {
  const { stderr } = await check('servise: { name: x }\nlimits: { bodi: 1 }\nlog: { level: loud }\n');
  for (const word of ['servise', 'bodi', 'level']) assert.match(stderr, new RegExp(word));
});

test('a secret from the environment is not repeated', async () => {
  const text = plainConfig.replace('keys:\n', 'keys:\n  pepper: "${E2E_PEPPER}"\n');
  const { stderr } = await check(text, { E2E_PEPPER: 'short-canary' });
  assert.ok(!stderr.includes('short-canary'));
});

test('serve and demo refuse what config check refuses', async () => {
  writeFileSync(file, 'servise: { name: x }\n');
  for (const command of ['serve', 'demo']) {
    const line = await keysteadRefuses([command, '--config', file, '--data', join(folder, command), '--listen', '127.0.0.1:0']);
    assert.match(line, /servise/);
  }
});
