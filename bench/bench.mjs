// Runs the rows, prints the table and writes the results: see README.md.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, isBusy } from './machine.mjs';
import { measure } from './rows.mjs';
import { printTable, writeResults } from './report.mjs';
import { stopAll } from './servers.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    build: { type: 'string', default: 'build/release' },
    out: { type: 'string', default: join(here, 'results') },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
});

const work = join(here, 'work');
mkdirSync(work, { recursive: true });
const folder = mkdtempSync(join(work, 'run-'));
const cleanUp = () => {
  stopAll();
  rmSync(folder, { recursive: true, force: true });
};
process.on('exit', cleanUp);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

const machine = describeMachine(resolve(values.build, 'keystead'));
if (isBusy()) console.error('bench: the machine is busy with something else; the figures will be noisy');
const begun = Date.now();
const { rows, series } = await measure({
  folder,
  build: resolve(values.build),
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  only: values.only?.split(','),
});
const result = {
  ...machine,
  date: new Date().toISOString().slice(0, 10),
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  took: Math.round((Date.now() - begun) / 1000),
  rows,
  series,
};
printTable(result);
if (!values.only) console.log(`written: ${writeResults(values.out, result).join(' ')}`);
