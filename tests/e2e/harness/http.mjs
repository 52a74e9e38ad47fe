// HTTP as a client that chooses every header speaks it, and raw bytes for what no client would send.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

export const bearer = (key) => ({ authorization: `Bearer ${key}` });

// Resolves to {status, headers, rawHeaders, text, json}. `headers` may be an array of pairs, to repeat one.
export function request(url, { method = 'GET', headers = {}, body, agent, ca, timeout = 20_000 } = {}) {
  const target = new URL(url);
  const { request: send } = target.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const options = { method, agent, ca, timeout, headers: Array.isArray(headers) ? headers.flat() : headers };
    const outgoing = send(target, options, (incoming) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: incoming.statusCode, headers: incoming.headers, rawHeaders: incoming.rawHeaders, text,
          get json() { return JSON.parse(text); },
        });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer from ${url}`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

// REST with JSON in and out.
export function rest(server, key, method, path, body, headers = {}) {
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  return request(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      ...(key && bearer(key)),
      ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      ...headers,
    },
    body: text,
  });
}

// Splits what came over a connection into responses. One that answers a HEAD request is not expected here.
export function parseResponses(bytes) {
  const responses = [];
  while (bytes.length > 0) {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) break;
    const [statusLine, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }));
    const length = Number(headers['content-length'] ?? 0);
    const body = bytes.subarray(end + 4, end + 4 + length);
    responses.push({ status: Number(statusLine.split(' ')[1]), headers, body: body.toString() });
    bytes = bytes.subarray(end + 4 + length);
  }
  return responses;
}

// Sends `bytes` (text is latin1) and reads until the server closes, or until nothing has come for `quiet` ms after `expect`
// responses. Resolves to {responses, closed}.
export function raw(url, bytes, { expect = 1, quiet = 300, timeout = 15_000, end = false } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname);
    let received = Buffer.alloc(0);
    let closed = false;
    let idle;
    const limit = setTimeout(() => done(), timeout);
    const done = () => {
      clearTimeout(limit);
      clearTimeout(idle);
      socket.destroy();
      resolve({ responses: parseResponses(received), closed, text: received.toString('latin1') });
    };
    socket.on('connect', () => {
      const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
      if (end) socket.end(data);
      else socket.write(data);
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      clearTimeout(idle);
      if (parseResponses(received).length >= expect) idle = setTimeout(done, quiet);
    });
    // A reset is how a server may close on bytes that it will not read.
    socket.on('error', (error) => {
      if (!['ECONNRESET', 'EPIPE'].includes(error.code)) return reject(error);
      closed = true;
    });
    socket.on('end', () => (closed = true));
    socket.on('close', () => {
      closed = true;
      done();
    });
  });
}
