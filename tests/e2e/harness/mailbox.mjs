// A mail server that keeps what it is given: STARTTLS with a certificate of its own, and a name and a password.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { temporaryFolder } from './server.mjs';

const user = 'keystead';
const password = 'open sesame';

export const mailConfig = `
mail: { url: "\${SMTP_URL}", from: keys@example.com, user: ${user}, password: "\${SMTP_PASSWORD}" }
`;

const decoded = (text) => Buffer.from(
  text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1',
).toString();

class Mailbox {
  #mails = [];
  #waiting = [];

  // What a server needs in its environment to send here.
  env;

  async open() {
    const folder = temporaryFolder();
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=mail',
      '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert,
    ], { stdio: 'ignore' });
    const server = new SMTPServer({
      key: readFileSync(key), cert: readFileSync(cert),
      onAuth: (auth, session, done) => {
        const right = session.secure && auth.username === user && auth.password === password;
        done(right ? null : new Error('who?'), right ? { user } : undefined);
      },
      onRcptTo: ({ address }, session, done) => done(address.startsWith('nobody@') ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null),
      onData: (stream, session, done) => {
        const chunks = [];
        stream.on('data', (chunk) => chunks.push(chunk));
        stream.on('end', () => {
          this.#take(session, Buffer.concat(chunks).toString('latin1'));
          done();
        });
      },
    });
    server.on('error', () => {});
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    after(() => new Promise((resolve) => server.close(resolve)));
    this.env = { SMTP_URL: `smtp://localhost:${server.server.address().port}`, SMTP_PASSWORD: password, SSL_CERT_FILE: cert };
    return this;
  }

  #take({ envelope, secure }, source) {
    const end = source.indexOf('\r\n\r\n');
    const text = decoded(source.slice(end + 4));
    const mail = {
      secure, source, text, headers: source.slice(0, end).split(/\r\n(?! )/),
      from: envelope.mailFrom.address, to: envelope.rcptTo.map(({ address }) => address),
      link: text.match(/^https?:\/\/\S+$/m)?.[0],
    };
    if (this.#waiting.length > 0) this.#waiting.shift()(mail);
    else this.#mails.push(mail);
  }

  // The next one that comes, and that has not been asked for yet.
  async next() {
    const mail = this.#mails.shift() ?? await Promise.race([
      new Promise((resolve) => this.#waiting.push(resolve)),
      new Promise((_, reject) => setTimeout(() => reject(new Error('no mail came')), 15_000).unref()),
    ]);
    assert.ok(mail.link, mail.source);
    return { ...mail, path: new URL(mail.link).pathname, value: mail.link.split('/').at(-1) };
  }
  get count() {
    return this.#mails.length;
  }
}

export const mailbox = () => new Mailbox().open();
