// The command line as scripts depend on it: JSON shapes, exit statuses, one line on stderr.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { binary, environment, keystead, keysteadJson, keysteadRefuses } from '../harness/keystead.mjs';
import { demo, plainConfig, serve, temporaryFolder } from '../harness/server.mjs';

const folder = temporaryFolder();
const config = join(folder, 'keystead.yaml');
writeFileSync(config, plainConfig);

// The same commands must do the same with a running server, through its socket, and without one.
const server = await serve();
const installations = {
  'through the running server': server.where,
  'without a server': ['--config', config, '--data', join(folder, 'data')],
};

for (const [how, where] of Object.entries(installations)) {
  describe(how, () => {
    let tenant;

    test('tenant create prints {id, name}', async () => {
      tenant = await keysteadJson(['tenant', 'create', '--name', 'Ünïcode "Ltd"', ...where]);
      assert.equal(tenant.name, 'Ünïcode "Ltd"');
      assert.match(tenant.id, /^[0-9a-zA-Z_-]+$/);
      const listed = await keysteadJson(['tenant', 'list', ...where]);
      assert.deepEqual(listed.find(({ id }) => id === tenant.id)?.name, tenant.name);
    });

    test('key create prints {id, key, tenant, scopes, expires_at}', async () => {
      const make = ['key', 'create', '--tenant', tenant.id, '--name', 'CI', ...where];
      const made = await keysteadJson(make);
      assert.match(made.key, /^e2e_[^_]{8}_[^_]{32}$/);
      assert.equal(made.tenant, tenant.id);
      assert.deepEqual(made.scopes.toSorted(), ['data:read', 'data:write']);
      assert.equal(made.expires_at, null);

      const reader = await keysteadJson([...make, '--scope', 'data:read', '--expires', '30d']);
      assert.deepEqual(reader.scopes, ['data:read']);
      const days = (new Date(reader.expires_at) - Date.now()) / 86_400_000;
      assert.ok(days > 29.99 && days <= 30, String(days));

      const listed = await keysteadJson(['key', 'list', '--tenant', tenant.id, ...where]);
      assert.deepEqual(listed.map(({ id }) => id).toSorted(), [made.id, reader.id].toSorted());

      const revoked = await keysteadJson(['key', 'revoke', made.id, ...where]);
      assert.equal(revoked.id, made.id);
      const rotated = await keysteadJson(['key', 'rotate', reader.id, ...where]);
      assert.match(rotated.key, /^e2e_/);
      assert.deepEqual(rotated.scopes, ['data:read']);
    });

    test('user create prints {id, email}', async () => {
      const user = await keysteadJson(['user', 'create', '--email', 'ada@example.com', '--tenant', tenant.id, ...where]);
      assert.equal(user.email, 'ada@example.com');
      await keysteadRefuses(['user', 'create', '--email', 'ada@example.com', '--tenant', tenant.id, ...where]);
    });

    test('what does not exist is refused with one line and status 1', async () => {
      const absent = tenant.id.replace(/.$/, (c) => (c === '0' ? '1' : '0'));
      await keysteadRefuses(['key', 'create', '--tenant', absent, '--name', 'x', ...where]);
      await keysteadRefuses(['key', 'create', '--tenant', absent, '--name', 'x', '--json', ...where]);
      await keysteadRefuses(['key', 'revoke', absent, ...where]);
      await keysteadRefuses(['tenant', 'delete', absent, ...where]);
    });

    test('tenant delete ends it', async () => {
      await keysteadJson(['tenant', 'delete', tenant.id, ...where]);
      assert.ok(!(await keysteadJson(['tenant', 'list', ...where])).some(({ id }) => id === tenant.id));
    });
  });
}

describe('wrong usage exits with 2', () => {
  const wrong = [
    [], ['nonsense'], ['tenant'], ['tenant', 'nonsense'], ['key', 'create'], ['key', 'revoke'],
    ['key', 'create', '--tenant'], ['serve', '--nonsense'], ['tenant', 'list', 'surplus'], ['config', 'check'],
    ['serve', '--config', config, '--data', join(folder, 'usage'), '--listen', 'nonsense'],
    ['key', 'create', '--tenant', 'x', '--name', 'x', '--expires', 'soon'],
  ];
  for (const args of wrong) {
    test(`keystead ${args.slice(0, 3).join(' ')}`, async () => {
      const { status, stdout, stderr } = await keystead(args);
      assert.equal(status, 2, stderr);
      assert.equal(stdout, '');
      assert.ok(stderr.trim().length > 0);
    });
  }
});

test('help and version go to stdout with status 0', async () => {
  for (const args of [['--help'], ['key', '--help'], ['key', 'create', '--help'], ['--version']]) {
    const { status, stdout } = await keystead(args);
    assert.equal(status, 0, args.join(' '));
    assert.ok(stdout.length > 0);
  }
});

test('KEYSTEAD_CONFIG and KEYSTEAD_DATA stand for the options', async () => {
  const env = { KEYSTEAD_CONFIG: config, KEYSTEAD_DATA: join(folder, 'by-environment') };
  const made = await keysteadJson(['tenant', 'create', '--name', 'Env'], { env });
  assert.deepEqual((await keysteadJson(['tenant', 'list'], { env })).map(({ id }) => id), [made.id]);
  assert.ok(existsSync(join(folder, 'by-environment')));
});

test('demo prints the one line that scripts wait for', async () => {
  const { ready } = await demo();
  assert.deepEqual(Object.keys(ready).sort(), ['console', 'data', 'key', 'mcp', 'tenant', 'url']);
  assert.match(ready.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(ready.mcp, `${ready.url}/mcp`);
  assert.deepEqual(Object.keys(ready.console).sort(), ['email', 'password']);
});

test('the curl that demo prints works when it is pasted', async () => {
  const child = spawn(binary, ['demo', '--listen', '127.0.0.1:0'], { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (/^curl (.*\\\n)*.*\n/m.test(printed)) break;
  }
  const command = printed.match(/^curl (.*\\\n)*.*\n/m)?.[0];
  const { result } = JSON.parse(execFileSync('bash', ['-c', command], { encoding: 'utf8' }));
  assert.ok(result.tools.some(({ name }) => name === 'tasks_list'));
  child.kill('SIGTERM');
  const [status] = await once(child, 'exit');
  assert.equal(status, 0);
});

test('demo starts again on the same data', async () => {
  const first = await demo();
  await first.stop();
  const again = await demo({ data: first.data });
  assert.equal(again.ready.data, first.ready.data);
  assert.ok(again.ready.key);
});

test('serve prints {url}', () => {
  assert.deepEqual(Object.keys(server.ready), ['url']);
});
