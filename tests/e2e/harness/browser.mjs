// A real browser: Chromium, driven by playwright-core. Each person has a context of its own.
import { after } from 'node:test';
import { chromium } from 'playwright-core';

const executablePath = process.env.KEYSTEAD_CHROMIUM ?? '/usr/bin/chromium';
const quiet = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// Ends with the test file.
export async function startBrowser() {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', ...quiet] });
  after(() => browser.close());
  return browser;
}
