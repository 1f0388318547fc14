import assert from 'node:assert/strict';
import { Logo } from '../../main/web/lib/logo.ts';
import { Session } from '../../main/web/lib/session.ts';

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';

async function shown(answer: () => Response): Promise<{ image: string; asked: number }> {
  const before = globalThis.fetch;
  let asked = 0;
  globalThis.fetch = (path) => {
    if (String(path).endsWith('getCompanyLogo')) {
      asked++;
      return Promise.resolve(answer());
    }
    return Promise.resolve(new Response(JSON.stringify({ jwt: 'j', expires_in: 900_000, username: 'ann', user_type: 'management' })));
  };
  const session = new Session();
  const logo = new Logo(session);
  try {
    await session.signIn('ann', 'secret');
    await session.refresh();
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { image: logo.image, asked };
  } finally {
    await session.signOut().catch(() => undefined);
    globalThis.fetch = before;
  }
}

Deno.test('the picture is looked at once for each sign-in', async () => {
  assert.deepEqual(await shown(() => new Response(JSON.stringify({ image: PIXEL }))), { image: PIXEL, asked: 1 });
});

Deno.test('without a picture, or without an answer, there is none', async () => {
  assert.equal((await shown(() => new Response(JSON.stringify({ image: '' })))).image, '');
  assert.equal((await shown(() => new Response('{}'))).image, '');
  assert.equal((await shown(() => new Response('{"message":"Server error"}', { status: 500 }))).image, '');
});

Deno.test('only pictures are shown', async () => {
  for (const image of ['data:image/svg+xml;base64,PHN2Zz4=', 'https://elsewhere.example/x.png', 'javascript:alert(1)',
    'data:image/png;base64,a" onerror="x']) {
    assert.equal((await shown(() => new Response(JSON.stringify({ image })))).image, '', image);
  }
});

Deno.test('the picture goes with who was signed in', async () => {
  const before = globalThis.fetch;
  globalThis.fetch = (path) => Promise.resolve(new Response(JSON.stringify(String(path).endsWith('getCompanyLogo')
    ? { image: PIXEL } : { jwt: 'j', expires_in: 900_000, username: 'ann', user_type: 'management' })));
  const session = new Session();
  const logo = new Logo(session);
  try {
    await session.signIn('ann', 'secret');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(logo.image, PIXEL);
    await session.signOut();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(logo.image, '');
  } finally {
    globalThis.fetch = before;
  }
});
