// A real OpenID Provider on this machine: npm oidc-provider, with the pages that it has for development. It is at localhost, so that to a
// browser it is another site than a server at 127.0.0.1.
import http from 'node:http';
import { after } from 'node:test';

// Whoever wants to sign in says a name, and is {sub: NAME, email: NAME@example.com}.
const accounts = {
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, email: `${sub}@example.com`, email_verified: true, name: sub }) }),
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: false,
};

// {issuer, serve(clients)}: it answers when it knows its clients, which must know where it is first.
export async function startProvider() {
  const server = http.createServer();
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  after(() => server.close().closeAllConnections());
  const issuer = `http://localhost:${server.address().port}`;
  const serve = async (clients) => {
    const { default: Provider } = await import('oidc-provider');
    const provider = new Provider(issuer, {
      ...accounts, clients, pkce: { required: () => true }, features: { backchannelLogout: { enabled: true } },
      fetch: (url, { dispatcher, ...options }) => fetch(url, options), // its own goes to no address of this machine
    });
    server.on('request', provider.callback());
    return provider;
  };
  return { issuer, serve };
}

// On the provider's pages, from where a browser was sent there until it is sent back.
export async function signInThere(page, name) {
  await page.getByPlaceholder('Enter any login').fill(name);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}
