// An MCP client as its author would write it with the official SDK: what it keeps, its own callback on the loopback, and a person
// with a real browser who is sent to the authorization endpoint.
import http from 'node:http';
import { after } from 'node:test';
import * as v2 from '@modelcontextprotocol/client';
import { UnauthorizedError, auth } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const v1 = { Client, StreamableHTTPClientTransport, UnauthorizedError, auth };
export const sdks = { v1, v2 };

// Where the browser brings the answer: `next()` is the query of the next one.
export async function callback() {
  const waiting = [];
  const server = http.createServer((incoming, outgoing) => {
    const url = new URL(incoming.url, 'http://127.0.0.1');
    outgoing.setHeader('content-type', 'text/html');
    outgoing.end('<h1>Back in the application</h1>');
    if (url.pathname === '/callback') waiting.shift()?.(url.searchParams);
  }).listen(0, '127.0.0.1');
  after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/callback`, next: () => new Promise((resolve) => waiting.push(resolve)) };
}

// What an OAuthClientProvider has to do, and no more.
export class Agent {
  #state = {};
  asked = [];  // addresses that a person was sent to

  constructor(name, sdk, url, callback, { clientMetadataUrl, scope, dpop } = {}) {
    Object.assign(this, { name, sdk: sdks[sdk], version: sdk, url, callback, clientMetadataUrl, scope });
    if (dpop) this.dpop = () => dpop;
  }

  get redirectUrl() { return this.callback.url; }
  get clientMetadata() {
    return {
      client_name: this.name, redirect_uris: [this.redirectUrl], token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], ...(this.scope && { scope: this.scope }),
    };
  }
  state() { return 'state-of-the-agent'; }
  clientInformation() { return this.#state.client; }
  saveClientInformation(client) { this.#state.client = client; }
  tokens() { return this.#state.tokens; }
  saveTokens(tokens) { this.#state.tokens = tokens; }
  saveCodeVerifier(verifier) { this.#state.verifier = verifier; }
  codeVerifier() { return this.#state.verifier; }
  redirectToAuthorization(url) { this.asked.push(url.href); }
  invalidateCredentials(what) {
    if (what === 'all' || what === 'client') delete this.#state.client;
    if (what === 'all' || what === 'tokens') delete this.#state.tokens;
  }

  #transport() {
    return new this.sdk.StreamableHTTPClientTransport(new URL(this.url), { authProvider: this });
  }

  // Connects; where a person has to be asked, `person` is given the address and brings the browser back.
  async connect(person) {
    const open = async (transport) => {
      const client = new this.sdk.Client({ name: this.name, version: '1.0.0' });
      await client.connect(transport);
      return client;
    };
    const transport = this.#transport();
    try {
      this.transport = transport;
      return await open(transport);
    } catch (error) {
      if (!(error instanceof this.sdk.UnauthorizedError)) throw error;
    }
    await this.finish(person);
    this.transport = this.#transport();
    return open(this.transport);
  }

  // The rest of an authorization that the SDK has begun: the person decides, the code is redeemed.
  async finish(person) {
    const parameters = await this.#answered(person);
    await this.transport.finishAuth(this.version === 'v2' ? parameters : parameters.get('code'));
  }

  // Before the first message, for a server that greets strangers: to its greeting there is no 401.
  async authorize(person) {
    await this.sdk.auth(this, { serverUrl: this.url });
    const parameters = await this.#answered(person);
    await this.sdk.auth(this, { serverUrl: this.url, authorizationCode: parameters.get('code'), iss: parameters.get('iss') });
  }

  async #answered(person) {
    const answer = this.callback.next();
    await person(this.asked.at(-1));
    const parameters = await answer;
    if (parameters.get('error')) throw new Error(parameters.get('error'));
    return parameters;
  }
}

// A person who signs in when asked to, and decides when asked to, choosing `tenant` where there are several; `pages` says what was
// shown.
export function personWith(browser, { email, password }) {
  const person = { pages: [], context: undefined };
  person.decide = (decision, { tenant } = {}) => async (url) => {
    person.context ??= await browser.newContext();
    const page = await person.context.newPage();
    await page.goto(url);
    if (new URL(page.url()).pathname === '/sign-in') {
      person.pages.push('sign-in');
      await page.fill('input[name=email]', email);
      await page.fill('input[name=password]', password);
      await page.click('button.main');
      await page.waitForLoadState();
    }
    if (new URL(page.url()).pathname.startsWith('/oauth/authorize/') && (await page.locator('button[value=approve]').count()) > 0) {
      person.pages.push('consent');
      person.lastPage = await page.content();
      if (tenant) await page.selectOption('select[name=tenant]', tenant);
      await page.click(`button[value=${decision}]`);
    }
    await page.waitForURL(/callback\?/);
    await page.close();
  };
  return person;
}
