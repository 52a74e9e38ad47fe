// A client that asked for little is told what an operation needs, asks the person again, and keeps what it had.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBrowser } from '../harness/browser.mjs';
import { demo } from '../harness/server.mjs';
import { Agent, callback, personWith } from './agent.mjs';
import { oauthConfig } from './flow.mjs';

const server = await demo({ config: oauthConfig(', scopes: ["data:read"]') });
const browser = await startBrowser();
const back = await callback();

// Version 2 of the SDK; version 1 renews its tokens instead of asking (typescript-sdk#1582).
test('the second consent adds to the first', async () => {
  const person = personWith(browser, server.console);
  const agent = new Agent('Modest', 'v2', server.mcp, back);
  const client = await agent.connect(person.decide('approve'));
  assert.equal(agent.tokens().scope, 'data:read');
  assert.doesNotMatch(person.lastPage, /data:write/);
  await client.callTool({ name: 'notes_list', arguments: {} });
  const write = () => client.callTool({ name: 'notes_create', arguments: { title: 'More' } });
  await assert.rejects(write(), agent.sdk.UnauthorizedError);
  const asked = new URL(agent.asked.at(-1));
  assert.ok(asked.searchParams.get('scope').includes('data:write'), asked.href);
  await agent.finish(person.decide('approve'));
  assert.match(person.lastPage, /data:write/);
  assert.deepEqual(agent.tokens().scope.split(' ').sort(), ['data:read', 'data:write']);
  assert.ok(!(await write()).isError);
  await client.callTool({ name: 'notes_list', arguments: {} });
  await client.close();
});
