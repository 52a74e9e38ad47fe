// Several processes of one program share a token and do not know of one another: all refresh at once, and none is signed out.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startBrowser } from '../harness/browser.mjs';
import { demo, temporaryFolder } from '../harness/server.mjs';
import { Agent, callback, personWith } from './agent.mjs';
import { oauthConfig } from './flow.mjs';

const server = await demo({ config: oauthConfig(', access_token: 2s') });
const browser = await startBrowser();
const back = await callback();
const program = fileURLToPath(new URL('program.mjs', import.meta.url));
const expired = () => new Promise((resolve) => setTimeout(resolve, 2100));

// One that has read `file` and waits for a line.
async function start(sdk, file) {
  const child = spawn(process.execPath, [program, sdk, server.mcp, back.url, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  assert.equal((await lines.next()).value, 'ready');
  return async () => {
    child.stdin.write('go\n');
    const { value } = await lines.next();
    assert.ok(value, 'it has failed');
    await once(child, 'exit');
    return JSON.parse(value);
  };
}

for (const sdk of ['v1', 'v2']) {
  test(`Attack54: two processes with the SDK ${sdk} refresh at once, and both go on`, { timeout: 60_000 }, async () => {
    const agent = new Agent('Shared', sdk, server.mcp, back);
    const person = personWith(browser, server.console);
    await (await agent.connect(person.decide('approve'))).close();
    const file = path.join(temporaryFolder(), 'tokens.json');
    writeFileSync(file, JSON.stringify({ client: agent.clientInformation(), tokens: agent.tokens() }));
    await expired();
    const both = await Promise.all([start(sdk, file), start(sdk, file)]);
    const said = await Promise.all(both.map((go) => go()));
    for (const { tools, refresh_token: next } of said) {
      assert.ok(tools.includes('notes_list'));
      assert.equal(next, said[0].refresh_token);
      assert.notEqual(next, agent.tokens().refresh_token);
    }
    await expired();
    assert.ok((await (await start(sdk, file))()).tools.includes('notes_list'), 'what they have kept is good');
  });
}
