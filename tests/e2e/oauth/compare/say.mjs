// What of an answer is compared, in one line: the status, where it leads or which error it names, and the headers that tell.
import { callback } from './sides.mjs';

const has = (answer, name, word) => new RegExp(`\\b${word}\\b`, 'i').test(answer.headers[name] ?? '');

function place(answer, { url }) {
  const location = answer.headers.location;
  if (!location.startsWith(callback) && !/^(http:\/\/(127\.0\.0\.1|localhost):\d+\/cb|com\.example)/.test(location)) {
    return location.startsWith('/') || location.startsWith(url) ? 'to the person' : `to ${location}`;
  }
  const to = new URL(location);
  const of = new URLSearchParams(to.search || to.hash.slice(1));
  const parts = ['to the client', of.has('code') ? 'code' : of.get('error')];
  if (of.get('state')) parts.push('state');
  if (of.get('iss') !== url) parts.push('without iss');
  if (to.hash) parts.push('in the fragment');
  return parts.join(' ');
}

function content(answer) {
  if (answer.text === '') return 'empty';
  if (has(answer, 'content-type', 'problem')) return 'problem';
  if (!has(answer, 'content-type', 'json')) return has(answer, 'content-type', 'html') ? 'page' : 'text';
  const { error, active } = answer.json;
  return error ?? (active === false ? 'inactive' : 'ok');
}

export function say(answer, side) {
  const parts = [answer.status, answer.headers.location ? place(answer, side) : content(answer)];
  const scheme = answer.headers['www-authenticate']?.split(' ')[0];
  if (scheme) parts.push(scheme);
  if (answer.headers['retry-after']) parts.push('later');
  return parts.join(' ');
}

export const header = (name, pattern = /.*/) => (answer) => `${answer.status} ${pattern.exec(answer.headers[name] ?? '-')?.[0] ?? '-'}`;
export const body = (read) => (answer) => `${answer.status} ${JSON.stringify(read(answer.json))}`;
