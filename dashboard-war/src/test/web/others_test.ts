import assert from 'node:assert/strict';
import { messageOf } from '../../main/web/lib/session.ts';
import { distance, similar } from '../../main/web/lib/similar.ts';
import { stationName, stationRequest } from '../../main/web/lib/station-form.ts';

Deno.test('both forms of an error answer are read', () => {
  assert.equal(messageOf('{"message":"Station a already exists"}'), 'Station a already exists');
  assert.equal(messageOf('{"message":[{"field":"name","reason":"required"}]}'), 'name: required');
  assert.equal(messageOf('<html>'), undefined);
  assert.equal(messageOf('{}'), undefined);
});

Deno.test('a mistyped name finds the one that was meant', () => {
  assert.equal(distance('kitten', 'sitting'), 3);
  assert.deepEqual(similar('ordres', ['orders', 'users', 'big-orders']), ['orders']);
  assert.deepEqual(similar('order', ['users', 'orders', 'big-orders']), ['big-orders', 'orders']);
});

Deno.test('the form becomes a request with the unit multiplied in', () => {
  const form = { name: ' a ', retention: 'message_age_sec' as const, amount: 2, unit: 'h', partitions: 3, storage: 'file' };
  const request = stationRequest(form);
  assert.equal(request['name'], 'a');
  assert.equal(request['retention_value'], 7200);
  assert.equal(stationRequest({ ...form, retention: 'bytes', unit: 'MiB' })['retention_value'], 2_097_152);
  assert.equal(stationRequest({ ...form, retention: 'ack_based' })['retention_value'], 0);
});

Deno.test('what is typed becomes a name that the broker takes', () => {
  for (const [typed, name] of [['Hello World', 'hello-world'], ['orders', 'orders'], ['  Shop.Orders_v1-  ', 'shop.orders_v1'],
    ['Café crème!', 'cafe-creme'], ['../etc/passwd', 'etc-passwd'], ['日本', ''], ['---', ''], ['', ''], ['a\u0000b', 'a-b'],
    ['Größe', 'gro-e'], [`${'x'.repeat(127)}-y`, 'x'.repeat(127)], ['№ 5', 'no-5']] as const) {
    assert.equal(stationName(typed), name, typed);
    assert.ok(name === '' || /^[a-z0-9]([a-z0-9_.-]{0,126}[a-z0-9])?$/.test(name), name);
  }
});
