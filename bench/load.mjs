// One round of load on one server, and what it cost the server.
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cpuMicroseconds } from './cpu.mjs';

const script = join(dirname(fileURLToPath(import.meta.url)), 'load.lua');
const run = promisify(execFile);

// Resolves to {cpu, rate, p50, p99}: microseconds of the server a request, requests a second, latencies in microseconds.
// A round with a single refused request is thrown out: answering errors is another kind of work. Where `used` is a function, it
// gives each round a file {used, all} of its own, and a round that needs a line of it twice is thrown out as well.
export async function load(server, { kind = 'get', depth = 1, connections = 64, used, seconds, cores = '1', threads = 1 }) {
  const spentBy = ({ pid, with: others = [] }) => others.reduce((sum, other) => sum + spentBy(other), cpuMicroseconds(pid));
  const file = typeof used === 'function' ? used() : { used };
  const before = spentBy(server);
  const args = ['-c', cores, 'wrk', '-t', threads, '-c', connections, '-d', `${seconds}s`, '-s', script, server.url, '--', kind, depth, file.used];
  const { stdout } = await run('taskset', args.map(String));
  const spent = spentBy(server) - before;
  const said = JSON.parse(/^bench (.*)$/m.exec(stdout)[1]);
  if (said.requests === 0 || said.refused > 0 || said.wrong > 0 || said.broken > 0) {
    throw new Error(`${server.name} did not answer all of ${kind}: ${JSON.stringify(said)}`);
  }
  if (file.all && said.requests > file.all.length) throw new Error(`${server.name} was asked twice with the same`);
  return { cpu: spent / said.requests, rate: said.requests / said.seconds, p50: said.p50, p99: said.p99 };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// Rounds of several contenders, interleaved (A B C, A B C), so that whatever else the machine does hits all of them alike.
// A contender that is no server has a function `measure` of the seconds, which resolves to what load() does.
// Resolves to one summary a contender.
export async function compare(contenders, { rounds, seconds }) {
  const once = ({ measure, server, ...how }, time) => (measure ? measure(time) : load(server, { ...how, seconds: time }));
  for (const contender of contenders) await once(contender, 1);  // caches, allocators, connections
  const results = contenders.map(() => []);
  for (let round = 0; round < rounds; ++round) {
    for (const [i, contender] of contenders.entries()) results[i].push(await once(contender, seconds));
  }
  return results.map((all) => ({
    cpu: median(all.map((one) => one.cpu)),
    cpuRange: [Math.min(...all.map((one) => one.cpu)), Math.max(...all.map((one) => one.cpu))],
    rate: median(all.map((one) => one.rate)),
    p50: median(all.map((one) => one.p50)),
    p99: median(all.map((one) => one.p99)),
  }));
}

export { median };
