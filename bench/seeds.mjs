// Data folders full of keys, made once a run and used by several rows.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const kFormat = 'ks_{secret:40}{crc}';
const kScope = 'data:read';
const kUsed = 4096;

// `used` is a file with up to 4,096 of the keys, spread evenly over all of them.
export function seed({ folder, build }, { keys, tenants }) {
  const name = join(folder, `${keys}-keys`);
  const data = join(name, 'data');
  const file = join(name, 'keys.txt');
  mkdirSync(name);
  execFileSync(join(build, 'bench/keystead_seed'), [data, kFormat, kScope, String(tenants), String(keys), file]);
  const all = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const step = Math.max(1, Math.floor(all.length / kUsed));
  const used = join(name, 'used.txt');
  writeFileSync(used, all.filter((_, i) => i % step === 0).slice(0, kUsed).map((key) => `${key}\n`).join(''));
  return { data, used, all, format: kFormat, scope: kScope, keys, tenants };
}

// The same keys for a second server: one process has a data folder at a time.
export function copy(seeded) {
  const data = join(seeded.data, '..', 'copy');
  cpSync(seeded.data, data, { recursive: true });
  return { ...seeded, data };
}
