import assert from 'node:assert/strict';
import { ownPath, parse, paths } from '../../main/web/lib/router.ts';

Deno.test('addresses name pages', () => {
  assert.deepEqual(parse('/', ''), { page: 'overview', create: false });
  assert.deepEqual(parse('/overview', ''), { page: 'overview', create: false });
  assert.deepEqual(parse('/stations/-/new', ''), { page: 'overview', create: true });
  assert.deepEqual(parse('/stations/shop.orders-v1.2', ''), { page: 'station', station: 'shop.orders-v1.2' });
  assert.deepEqual(parse('/stations/orders/messages/2/17', ''),
    { page: 'station', station: 'orders', message: { partition: 2, sequence: 17 } });
  for (const path of ['/nowhere', '/stations/-', '/stations/a/b/c', '/stations/a/messages/x/1', '/stations/a/messages/1', '/overview/x']) {
    assert.deepEqual(parse(path, ''), { page: 'unknown' }, path);
  }
});

Deno.test('every address that is built is understood', () => {
  for (const name of ['orders', 'a.b-c_d', 'Odd Stream/with?signs#%']) {
    assert.deepEqual(parse(paths.station(name), ''), { page: 'station', station: name });
    assert.deepEqual(parse(paths.message(name, 3, 9), ''),
      { page: 'station', station: name, message: { partition: 3, sequence: 9 } });
    const [path, search] = paths.newStationCalled(name).split(/(?=\?)/);
    assert.deepEqual(parse(path ?? '', search ?? ''), { page: 'overview', create: true, name });
  }
});

Deno.test('after signing in only this site is gone to', () => {
  assert.equal(ownPath('/stations/a'), '/stations/a');
  for (const next of ['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)', '/login', '', null]) {
    assert.equal(ownPath(next), '/overview', String(next));
  }
});
