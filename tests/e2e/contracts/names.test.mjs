// One engine: what makes a product is its configuration, so the source names none.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../src', import.meta.url));
const names = /nippy|navis|noukai|nenjo|clerk|supabase/i;
const paths = readdirSync(root, { recursive: true }).map((name) => join(root, name));

test('no file or folder of src is named for a product', () => {
  assert.ok(paths.length > 100);
  assert.deepEqual(paths.map((path) => relative(root, path)).filter((path) => names.test(path)), []);
});

test('no line of src names a product', () => {
  const linesOf = (path) => readFileSync(path, 'utf8').split('\n').map((line, i) => `${relative(root, path)}:${i + 1}: ${line}`);
  const found = paths.filter((path) => statSync(path).isFile()).flatMap(linesOf).filter((line) => names.test(line));
  assert.deepEqual(found, []);
});
