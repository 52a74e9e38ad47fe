// The command line from outside: runs the binary that KEYSTEAD_BIN names and gives back what it said.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';

export const binary = process.env.KEYSTEAD_BIN;
assert.ok(binary, 'KEYSTEAD_BIN names the binary to test');

// A sanitizer's report is a failure wherever it turns up.
export function assertNoSanitizerReport(text) {
  assert.doesNotMatch(text, /Sanitizer|runtime error:/, `a sanitizer complained:\n${text}`);
}

// KEYSTEAD_CONFIG and KEYSTEAD_DATA of whoever runs the tests must not leak into them.
export function environment(extra = {}) {
  const env = { ...process.env, ...extra };
  for (const name of ['KEYSTEAD_CONFIG', 'KEYSTEAD_DATA']) {
    if (!(name in extra)) delete env[name];
  }
  return env;
}

// Resolves to {status, signal, stdout, stderr} when the command has ended; never rejects for a status.
export function keystead(args, { env = {}, timeout = 60_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
    const out = [];
    const err = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      const result = { status, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
      try {
        assertNoSanitizerReport(result.stderr);
        resolve(result);
      } catch (error) {
        reject(new Error(`${args.join(' ')}: ${result.stderr}`, { cause: error }));
      }
    });
  });
}

// What a command with --json prints when it succeeds.
export async function keysteadJson(args, options) {
  const result = await keystead([...args, '--json'], options);
  assert.equal(result.status, 0, `keystead ${args.join(' ')} failed: ${result.stderr}`);
  return JSON.parse(result.stdout);
}

// "Refused or failed": status 1, nothing on stdout, one line on stderr. Gives that line.
export async function keysteadRefuses(args, options) {
  const result = await keystead(args, options);
  assert.equal(result.status, 1, `keystead ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  assert.equal(result.stdout, '');
  const lines = result.stderr.trimEnd().split('\n');
  assert.equal(lines.length, 1, `one line on stderr, not:\n${result.stderr}`);
  return lines[0];
}
