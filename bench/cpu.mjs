// What a server has cost: the time its threads ran, user and kernel, and the memory it holds.
import { readFileSync, readdirSync } from 'node:fs';

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';  // it has ended
  }
};

function* tree(pid) {
  yield pid;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    for (const child of read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean)) yield* tree(Number(child));
  }
}

// Microseconds that all threads of a process and of its children have run.
export function cpuMicroseconds(pid) {
  let nanoseconds = 0;
  for (const process of tree(pid)) {
    for (const task of readdirSync(`/proc/${process}/task`)) {
      nanoseconds += Number(read(`/proc/${process}/task/${task}/schedstat`).split(' ')[0]);
    }
  }
  return nanoseconds / 1000;
}

export const residentBytes = (pid) => 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))[1]);
