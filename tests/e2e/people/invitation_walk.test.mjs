// An invitation taken up in a real browser, from the mail to the account and back in after a forgotten password.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { chromium } from 'playwright-core';
import { mailConfig, mailbox } from '../harness/mailbox.mjs';
import { Person } from '../harness/person.mjs';
import { demo, plainConfig } from '../harness/server.mjs';

const mails = await mailbox();
const server = await demo({ config: plainConfig + mailConfig, env: mails.env });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
after(() => browser.close());

test('from the mail to the account, and back in after a forgotten password', async () => {
  const boss = new Person(server);
  await boss.signIn(server.console.email, server.console.password);
  await boss.rest('POST', '/members/invitations', { email: 'ada@example.com', role: 'member' });
  const invitation = await mails.next();

  const context = await browser.newContext();
  const page = await context.newPage();
  const refused = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) refused.push(message.text());
  });
  await page.goto(invitation.link);
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByLabel('New password').fill('a horse that staples');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.waitForURL('**/account');
  assert.match(await page.innerText('main'), /signed in to e2e as ada@example\.com/);
  assert.match(await page.innerText('main'), /Demo\s+member/);
  const cookies = await context.cookies();
  assert.deepEqual(cookies.map(({ name, httpOnly, secure }) => [name, httpOnly, secure]), [['__Host-keystead', true, true]]);

  const other = await (await browser.newContext()).newPage();
  await other.goto(`${server.url}/sign-in`);
  await other.getByRole('link', { name: 'Forgot the password?' }).click();
  await other.getByLabel('E-mail address').fill('ada@example.com');
  await other.getByRole('button', { name: 'Send me a link' }).click();
  assert.match(await other.getByRole('status').innerText(), /on its way/);
  await other.goto((await mails.next()).link);
  await other.getByLabel('New password').fill('another horse that staples');
  await other.getByRole('button', { name: 'Set the password' }).click();
  await other.waitForURL('**/sign-in');
  await other.getByLabel('E-mail address').fill('ada@example.com');
  await other.getByLabel('Password').fill('another horse that staples');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.waitForURL('**/account');

  await page.reload();
  assert.match(page.url(), /\/sign-in\?next=\/account$/, 'the first browser is signed out');
  assert.deepEqual(refused, [], 'the pages want nothing that their policy forbids');
});
