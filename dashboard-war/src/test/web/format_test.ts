import assert from 'node:assert/strict';
import { bytes, duration, plural, rate, short, time, UNKNOWN } from '../../main/web/lib/format.ts';

Deno.test('counts are shortened to about three digits', () => {
  assert.deepEqual([0, 999, 1000, 1234, 34_500, 999_999, 1_200_000].map(short), ['0', '999', '1k', '1.2k', '34.5k', '1M', '1.2M']);
});

Deno.test('slow rates do not look idle', () => {
  assert.deepEqual([undefined, 0, 0.04, 0.25, 3, 12.4, 1500].map(rate), [UNKNOWN, '0', '<0.1', '0.3', '3', '12', '1.5k']);
});

Deno.test('sizes use binary units', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 1048576, 5 * 1024 ** 3].map(bytes), ['0 B', '1023 B', '1 KiB', '1.5 KiB', '1 MiB', '5 GiB']);
});

Deno.test('durations have their two largest units', () => {
  assert.deepEqual([0, 12, 60, 200, 18_120, 349_200].map(duration), ['0 s', '12 s', '1 min', '3 min 20 s', '5 h 2 min', '4 d 1 h']);
});

Deno.test('times have milliseconds', () => {
  assert.match(time(1_700_000_000_042), /^2023-11-1[45] \d\d:\d\d:20\.042$/);
});

Deno.test('one has its own form', () => {
  assert.equal(plural(1, 'station', 'stations'), '1 station');
  assert.equal(plural(2, 'station', 'stations'), '2 stations');
});
