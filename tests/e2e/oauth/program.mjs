// A program with the official SDK that keeps what it has in a file, as several of its processes share one:
// node program.mjs SDK URL CALLBACK FILE. It has read the file when it says "ready", and connects when it is told to.
import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { Agent } from './agent.mjs';

const [version, url, callback, file] = process.argv.slice(2);
const kept = JSON.parse(readFileSync(file, 'utf8'));
const agent = new Agent('Shared', version, url, { url: callback });
agent.saveClientInformation(kept.client);
agent.saveTokens(kept.tokens);
console.log('ready');
await once(process.stdin, 'data');

const client = await agent.connect(() => Promise.reject(new Error('a person would be asked')));
const { tools } = await client.listTools();
await client.close();
writeFileSync(file, JSON.stringify({ client: agent.clientInformation(), tokens: agent.tokens() }));
console.log(JSON.stringify({ tools: tools.map(({ name }) => name), refresh_token: agent.tokens().refresh_token }));
process.exit(0);
