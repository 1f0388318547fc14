import assert from 'node:assert/strict';
import { Session } from '../../main/web/lib/session.ts';

/** Answers each request with the next of some sessions. */
function answering(...roles: (string | undefined)[]): () => void {
  const before = globalThis.fetch;
  globalThis.fetch = () => Promise.resolve(new Response(JSON.stringify({ jwt: 'j', expires_in: 900_000, username: 'ann',
    user_type: 'management', role: roles.shift() })));
  return () => { globalThis.fetch = before; };
}

Deno.test('who is a viewer is known from the sign-in, and anew from each renewal', async () => {
  const restore = answering('viewer', 'viewer', 'full', undefined);
  const session = new Session();
  let changes = 0;
  session.addEventListener('change', () => { changes++; });
  try {
    assert.equal(session.viewer, false);
    await session.signIn('ann', 'secret');
    assert.equal(session.viewer, true);
    assert.equal(changes, 1, 'signed in');
    await session.refresh();
    assert.equal(changes, 1, 'nothing is otherwise');
    await session.refresh();
    assert.equal(session.viewer, false);
    assert.equal(changes, 2, 'what may be done is otherwise');
    await session.refresh();
    assert.equal(session.viewer, false, 'a broker that says nothing of roles');
  } finally {
    restore();
    await session.signOut().catch(() => undefined);
  }
});
