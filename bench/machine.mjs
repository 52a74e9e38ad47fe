// What a figure depends on: versions, kernel, processor, and whether anybody else is using it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';

const sayVersion = (command, ...args) => {
  // nginx says it on stderr.
  const text = execFileSync('sh', ['-c', '"$@" 2>&1', 'sh', command, ...args], { encoding: 'utf8' });
  return /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? 'unknown';
};

const { dependencies, optionalDependencies } = JSON.parse(readFileSync(new URL('peers/package.json', import.meta.url), 'utf8'));

export function describeMachine(keystead) {
  return {
    versions: {
      keystead: sayVersion(keystead, '--version'),
      nginx: sayVersion('nginx', '-v'),
      haproxy: sayVersion('haproxy', '-v'),
      wrk: /wrk \S*?(\d+\.\d+\.\d+)/.exec(execFileSync('sh', ['-c', 'wrk -v 2>&1 || true'], { encoding: 'utf8' }))?.[1],
      node: process.versions.node,
      betterAuth: dependencies['better-auth'],
      oidcProvider: dependencies['oidc-provider'],
      glewlwyd: sayVersion('glewlwyd', '--version'),
      peerNode: optionalDependencies[`node-linux-${process.arch}`],
    },
    kernel: release(),
    cpu: `${cpus().length} x ${cpus()[0].model}`,
    load: loadavg()[0],
  };
}

export const isBusy = () => loadavg()[0] > 0.7;
