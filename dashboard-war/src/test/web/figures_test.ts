import assert from 'node:assert/strict';
import { applyRows, applySamples, arrange, columns, HISTORY_MILLIS, type Sample, type StationRow, trend }
  from '../../main/web/lib/figures.ts';

const station = (name: string, lag = 0, inRate?: number): StationRow => ({ key: name, name, native: true, partitions: 1,
  storage: 'disk', retention: 'messages', retentionValue: 1, createdBy: 'root', createdAt: 0, messages: 0, bytes: 0,
  lastAt: 0, frozen: false, groups: 0, lag, top: [], ...(inRate === undefined ? {} : { inRate }) });

Deno.test('a snapshot replaces all rows, a delta changes and removes some', () => {
  const first = applyRows<StationRow>(new Map([['old', station('old')]]), { kind: 'snapshot', data: { rows: [station('a'), station('b')] } });
  assert.deepEqual([...first.keys()], ['a', 'b']);
  const second = applyRows(first, { kind: 'delta', data: { rows: [station('b', 7)], gone: ['a'] } });
  assert.deepEqual([...second.values()].map((row) => [row.name, row.lag]), [['b', 7]]);
  assert.equal(first.size, 2, 'the old map is left alone');
});

Deno.test('frames that carry no rows change nothing', () => {
  const rows = new Map([['a', station('a')]]);
  assert.equal(applyRows(rows, { kind: 'error', data: { rows: [] } }), rows);
  assert.equal(applyRows(rows, { kind: 'delta' }), rows);
});

Deno.test('samples come once, in order, and old ones go', () => {
  let samples: readonly Sample[] = [];
  samples = applySamples(samples, [[1_000, 1, 2], [2_000, 1, 2]]);
  samples = applySamples(samples, [[1_500, 9, 9], [2_000, 9, 9]]);
  assert.deepEqual(samples, [[1_000, 1, 2], [2_000, 1, 2]]);
  samples = applySamples(samples, [[2_000, 9, 9], [2_000 + HISTORY_MILLIS, 3, 4]]);
  assert.deepEqual(samples, [[2_000, 1, 2], [2_000 + HISTORY_MILLIS, 3, 4]]);
});

Deno.test('a silence is a gap in the chart and not a line', () => {
  assert.deepEqual(columns([[1_000, 1, 2], [2_000, 3, 4], [9_000, 5, 6]]),
    [[1, 2, 2.001, 9], [1, 3, null, 5], [2, 4, null, 6]]);
  assert.deepEqual(columns([[10_000, 1, 2], [30_000, 3, 4], [70_000, 5, 6]], 10)[1], [1, 3, null, 5],
    'coarser samples are further apart');
});

Deno.test('the trend compares the halves', () => {
  const line = (rate: (i: number) => number): Sample[] => Array.from({ length: 20 }, (_, i): Sample => [i, rate(i), 0]);
  assert.equal(trend(line((i) => i)), 'rising');
  assert.equal(trend(line((i) => 20 - i)), 'falling');
  assert.equal(trend(line(() => 5)), 'steady');
});

Deno.test('stations are found anywhere in the name, in any case, and ordered', () => {
  const rows = [station('orders', 3, 1), station('Big-Orders', 9, 5), station('users', 5)];
  assert.deepEqual(arrange(rows, ' ORD ', { by: 'lag', down: true }).map((row) => row.name), ['Big-Orders', 'orders']);
  assert.deepEqual(arrange(rows, '', { by: 'name', down: true }).map((row) => row.name), ['users', 'orders', 'Big-Orders']);
  assert.deepEqual(arrange(rows, '', { by: 'inRate', down: false }).map((row) => row.name), ['users', 'orders', 'Big-Orders']);
});
