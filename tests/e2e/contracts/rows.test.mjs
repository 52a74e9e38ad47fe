// Every row of the four contracts is a test here or is listed as not yet, with what it waits for. None is forgotten.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

export const NOT_YET = [
  ['N5', 'Settings > API Keys: the console'],
  ['N6', 'revoking from the console, and ending open streams: the console'],
  ['N9', 'Analytics: a tool that takes SQL'],
  ['V11', 'resources, prompts and answers as SSE'],
  ['K5', 'executing a flow, jobs and webhooks: flows'],
  ['K7 (other nodes)', 'how long a revocation takes to reach another node: several nodes'],
  ['J12', 'WebSocket /ws'],
];

const rows = { N: 14, V: 11, K: 11, J: 12 };
const folder = fileURLToPath(new URL('.', import.meta.url));

test('each row is tested or waits', (context) => {
  const source = readdirSync(folder).filter((name) => /^(nippy|navis|noukai|nenjo|people)\.test\.mjs$/.test(name))
    .map((name) => readFileSync(`${folder}${name}`, 'utf8')).join('\n');
  const tested = new Set([...source.matchAll(/(?:test|describe)\(['"]([NVKJ]\d+) /g)].map(([, row]) => row));
  for (const [row, reason] of NOT_YET) context.diagnostic(`not yet: ${row}: ${reason}`);
  for (const [letter, count] of Object.entries(rows)) {
    for (let i = 1; i <= count; ++i) {
      const row = `${letter}${i}`;
      const [waits] = NOT_YET.filter(([name]) => name === row || name.startsWith(`${row} (`));
      assert.ok(tested.has(row) || waits, `${row} is neither tested nor listed`);
      assert.ok(!(tested.has(row) && waits?.[0] === row), `${row} is tested: it is not one that waits`);
    }
  }
});
