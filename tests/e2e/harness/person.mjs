// A person with a browser, as far as HTTP goes: keeps cookies, names its origin, and sends what a page of ours would send.
import { request } from './http.mjs';

export class Person {
  cookies = new Map();

  constructor(server, { userAgent = 'Browser/1.0', origin = server.url } = {}) {
    this.server = server;
    this.origin = origin;
    this.userAgent = userAgent;
  }

  get cookieHeader() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async send(method, path, { headers = {}, body } = {}) {
    const answer = await request(this.server.url + path, {
      method,
      headers: {
        'user-agent': this.userAgent,
        ...(this.cookies.size > 0 && { cookie: this.cookieHeader }),
        ...(method !== 'GET' && this.origin && { origin: this.origin }),
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
      body,
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair] = line.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      if (/; Max-Age=0(;|$)/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  get(path) {
    return this.send('GET', path);
  }
  // A form as a page of ours has it; `csrf_token` is taken from the last page unless it is given.
  form(path, fields) {
    return this.send('POST', path, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  }
  // REST with the session; changes carry the token that the session told.
  async rest(method, path, body, headers = {}) {
    if (method !== 'GET' && this.csrf === undefined) this.csrf = (await this.get('/api/v1/auth/session')).json.csrf_token;
    return this.send(method, `/api/v1${path}`, {
      headers: {
        ...(method !== 'GET' && this.csrf && { 'x-csrf-token': this.csrf }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async signIn(email, password) {
    this.csrf = '';
    const answer = await this.rest('POST', '/auth/sign-in', { email, password });
    this.csrf = answer.status === 200 ? answer.json.csrf_token : undefined;
    return answer;
  }
}

export const csrfOf = (page) => page.text.match(/name="csrf_token" value="([^"]+)"/)?.[1];
