import assert from 'node:assert/strict';
import { messageOf } from '../../main/web/lib/session.ts';
import { distance, similar } from '../../main/web/lib/similar.ts';
import { stationRequest } from '../../main/web/lib/station-form.ts';

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
