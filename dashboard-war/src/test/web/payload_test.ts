import assert from 'node:assert/strict';
import { asHex, asJson, asText, bestView, fromHex, indent, preview, visible } from '../../main/web/lib/payload.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

Deno.test('hexadecimal digits become bytes, a torn last one is left out', () => {
  assert.deepEqual([...fromHex('00ff7f1')], [0, 255, 127]);
});

Deno.test('JSON keeps every digit and every escape', () => {
  assert.equal(asJson(utf8('{"id":12345678901234567890,"t":"a\\u00e9\\"}","n":[1.10,-0],"e":{},"f":[]}')),
    '{\n  "id": 12345678901234567890,\n  "t": "a\\u00e9\\"}",\n  "n": [\n    1.10,\n    -0\n  ],\n  "e": {},\n  "f": []\n}');
});

Deno.test('indented JSON is the same JSON', () => {
  const source = '[{"a":[1,{"b":null}],"c":"x, y: {z}"},"tail",true]';
  assert.deepEqual(JSON.parse(indent(source)), JSON.parse(source));
});

Deno.test('text that is no JSON object or array is not shown as JSON', () => {
  for (const text of ['42', 'true', '"x"', '{', '{"a":1}x', '']) {
    assert.equal(asJson(utf8(text)), undefined, text);
  }
});

Deno.test('bytes that are no UTF-8 are no text', () => {
  assert.equal(asText(Uint8Array.of(0xff, 0xfe, 0x00)), undefined);
});

Deno.test('text is cut between characters', () => {
  const euros = utf8('€€€');
  assert.deepEqual(asText(euros, 4), { text: '€', hidden: 6 });
  assert.deepEqual(asText(euros, 6), { text: '€€', hidden: 3 });
});

Deno.test('control characters and direction overrides are made visible, line breaks stay', () => {
  assert.equal(visible('a\u0000b\u001b[31m\u202egnp.exe\u007f\nc\td\r'), 'a␀b␛[31m<U+202E>gnp.exe␡\nc\td␍');
});

Deno.test('the hex view has offset, bytes and letters', () => {
  const view = asHex(utf8('Hello, wide world\n'));
  assert.equal(view.text, '00000000  48 65 6c 6c 6f 2c 20 77  69 64 65 20 77 6f 72 6c  Hello, wide worl\n'
    + `00000010  ${'64 0a'.padEnd(49)} d.`);
  assert.deepEqual(asHex(new Uint8Array(100), 32).hidden, 68);
});

Deno.test('a preview is text when the beginning is text, even if a character is torn', () => {
  assert.equal(preview(hex(utf8('{"a":\n  1}'))), '{"a": 1}');
  assert.equal(preview(hex(utf8('price 5 €')).slice(0, -2)), 'price 5 ');
  assert.equal(preview('ff00fe80'), 'ff 00 fe 80');
  assert.equal(preview(''), '');
});

Deno.test('the best view is the most readable one', () => {
  assert.equal(bestView(utf8('{"a":1}')), 'json');
  assert.equal(bestView(utf8('plain')), 'text');
  assert.equal(bestView(Uint8Array.of(0xc0, 0x80)), 'hex');
});
