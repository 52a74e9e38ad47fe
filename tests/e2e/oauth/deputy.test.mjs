// Attack 65: people sign in at a provider that remembers them, as the one client that we are there. What one of our own clients was
// allowed must not pass on to another one for that.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { startBrowser } from '../harness/browser.mjs';
import { signInThere, startProvider } from '../harness/oidc_provider.mjs';
import { request } from '../harness/http.mjs';
import { demo } from '../harness/server.mjs';
import { authorizePath, oauthConfig, registered, verifier } from './flow.mjs';

const house = await startProvider();
const server = await demo({
  config: `${oauthConfig()}
sign_in:
  providers:
    house: { title: House, issuer: "\${HOUSE}", client_id: keystead, client_secret: "\${HOUSE_SECRET}" }
`,
  env: { HOUSE: house.issuer, HOUSE_SECRET: 'a secret' },
});
await house.serve([{ client_id: 'keystead', client_secret: 'a secret', redirect_uris: [`${server.url}/sign-in/callback/house`] }]);
await server.admin('user', 'create', '--email', 'ada@example.com', '--tenant', server.tenant, '--role', 'member', '--issuer', 'house', '--subject', 'ada');
const browser = await startBrowser();
const [trusted, stranger] = await Promise.all(['https://trusted.example/cb', 'https://stranger.example/cb'].map((uri) => registered(server, uri, { client_name: new URL(uri).hostname })));

// Where a browser ends that goes to `path`; the clients' own addresses are answered here.
async function openIn(context) {
  const page = await context.newPage();
  await page.route(/\.example\//, (route) => route.fulfill({ body: 'back' }));
  return page;
}
const asked = (page) => page.locator('button[value=approve]').count();
const ask = (client, host) => server.url + authorizePath(client, { redirect_uri: `https://${host}.example/cb` });

let context;
before(async () => {
  context = await browser.newContext();
  const page = await openIn(context);
  await page.goto(ask(trusted, 'trusted'));
  await page.getByRole('link', { name: 'Sign in with House' }).click();
  await signInThere(page, 'ada');
  await page.waitForURL(/\/oauth\/authorize\//);
  await page.click('button[value=approve]');
  await page.waitForURL('https://trusted.example/cb?**');
  const { code } = Object.fromEntries(new URL(page.url()).searchParams);
  const redeemed = await request(`${server.url}/oauth/token`, {
    method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'authorization_code', client_id: trusted, code, code_verifier: verifier }).toString(),
  });
  assert.equal(redeemed.status, 200, redeemed.text);
});

test('Attack65: the person is asked about each client, although both we and the provider remember the person', async () => {
  // The trusted one gets its answer without a question; its address is nowhere.
  await assert.rejects((await openIn(context)).goto(ask(trusted, 'trusted')), /ERR_NAME_NOT_RESOLVED|ERR_ADDRESS|ERR_INTERNET/);
  const page = await openIn(context);
  await page.goto(ask(stranger, 'stranger'));
  assert.equal(await asked(page), 1);
  assert.match(await page.content(), /stranger\.example/);
});

test('Attack65: also where only the provider remembers the person', async () => {
  await context.clearCookies({ name: '__Host-keystead' });
  const page = await openIn(context);
  await page.goto(ask(stranger, 'stranger'));
  await page.getByRole('link', { name: 'Sign in with House' }).click();
  await page.waitForURL(/\/oauth\/authorize\//);
  assert.equal(await asked(page), 1);
});

test('Attack65: who has begun a request elsewhere gets nothing for the consent of this browser', async () => {
  // The attacker's own request, approved in the victim's browser, goes to the address that the page has shown, and nowhere else.
  const page = await openIn(context);
  await page.goto(ask(stranger, 'stranger'));
  const consentAt = page.url();
  const other = await openIn(await browser.newContext());
  await other.goto(consentAt);
  assert.match(other.url(), /\/sign-in\?next=/, 'another browser is not signed in');
  const decided = await other.request.post(consentAt, { form: { decision: 'approve' }, headers: { origin: server.url }, maxRedirects: 0 });
  assert.equal(decided.status(), 403);
  assert.equal(await asked(page), 1, 'nothing was decided');
});
