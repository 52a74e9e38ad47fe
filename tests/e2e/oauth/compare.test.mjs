// The same requests to npm oidc-provider and to us. What is answered differently stands in compare/differences.mjs with the reason, or
// is a mistake of one of us; so is a difference that stands there and is none any more.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { authorize } from './compare/authorize.mjs';
import { differences } from './compare/differences.mjs';
import { keys, metadata, origins, registration } from './compare/documents.mjs';
import { say } from './compare/say.mjs';
import { startOurs, startTheirs } from './compare/sides.mjs';
import { authentication, codes, devices, refreshing, requests } from './compare/token.mjs';
import { introspection, revocation } from './compare/tokens.mjs';

const sides = [await startOurs(), await startTheirs()];
// Of {name, ask(side), say?(answer, side)} each.
const tables = {
  metadata, keys, 'pages of other origins': origins, authorize, 'token requests': requests, 'client authentication': authentication, codes,
  refreshing, devices, introspection, revocation, registration,
};
const explained = new Map(differences.flatMap(([ours, theirs, names]) => names.map((name) => [name, { ours, theirs }])));

for (const [title, entries] of Object.entries(tables)) {
  describe(title, () => {
    for (const { name, ask, say: read = say } of entries) {
      const difference = explained.get(`${title}: ${name}`);
      explained.delete(`${title}: ${name}`);
      test(name, async () => {
        const [ours, theirs] = await Promise.all(sides.map(async (side) => String(read(await ask(side), side))));
        if (!difference) return assert.equal(ours, theirs, 'we differ, and nobody has said why');
        assert.notEqual(ours, theirs, 'we agree by now');
        assert.deepEqual({ ours, theirs }, difference, 'we differ otherwise than was said');
      });
    }
  });
}

test('every difference belongs to a request', () => assert.deepEqual([...explained.keys()], []));
