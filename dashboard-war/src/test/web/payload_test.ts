import assert from 'node:assert/strict';
import { DEEPEST_INDENT, indent } from '../../main/web/lib/json-view.ts';
import { asHex, asJson, asText, bestView, FIRST_BYTES, fromHex, preview, visible } from '../../main/web/lib/payload.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

Deno.test('hexadecimal digits become bytes, a torn last one is left out', () => {
  assert.deepEqual([...fromHex('00ff7f1')], [0, 255, 127]);
});

Deno.test('JSON keeps every digit and every escape', () => {
  assert.equal(asJson(utf8('{"id":12345678901234567890,"t":"a\\u00e9\\"}","n":[1.10,-0],"e":{},"f":[]}'))?.text,
    '{\n  "id": 12345678901234567890,\n  "t": "a\\u00e9\\"}",\n  "n": [\n    1.10,\n    -0\n  ],\n  "e": {},\n  "f": []\n}');
});

Deno.test('indented JSON is the same JSON', () => {
  const source = '[{"a":[1,{"b":null}],"c":"x, y: {z}"},"tail",true]';
  assert.deepEqual(JSON.parse(indent(source)?.text ?? ''), JSON.parse(source));
});

Deno.test('what is JSON is what JSON.parse takes, wherever it is broken', () => {
  const good = '{"a":[1,-2.5e+3,0,{"b":null,"\\u00e9\\n":"x, y: {z}"},[],{}],"t":true,"f":false} ';
  const broken = [...good].flatMap((_c, i) => [good.slice(0, i), good.slice(0, i) + good.slice(i + 1),
    ...[',', '"', ']', '}', '\\', '0', ':', '\n', '[', 'e'].map((c) => good.slice(0, i) + c + good.slice(i))]);
  for (const text of [good, ...broken]) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = undefined;
    }
    const shown = indent(text)?.text;
    assert.deepEqual(shown === undefined ? undefined : JSON.parse(shown), parsed, text);
  }
});

Deno.test('any beginning of JSON is JSON so far, and is shown without its torn end', () => {
  const source = '{"a":[1,-2.5e+3,{"b":null,"\\u00e9":"x"},[],{}],"t":true}';
  for (let end = 1; end <= source.length; end++) {
    const shown = indent(source.slice(0, end), Infinity, false);
    assert.equal(shown?.text.replace(/\s/g, ''), source.slice(0, end), source.slice(0, end));
    assert.ok(indent(`${source.slice(0, end)}\u0001`, Infinity, false) === undefined, source.slice(0, end));
  }
});

/** A message of so many levels, or of so many objects in a list. */
const nested = (levels: number): string => '{"a":['.repeat(levels) + ']}'.repeat(levels);
const list = (objects: number): string => `[${Array.from({ length: objects }, (_, i) => `{"id":${i},"tags":["a","b"],"n":{}}`).join()}]`;

/** Characters that regular expressions and trimming look at while something runs: what it costs, without a clock. */
function looked(run: () => void): number {
  let characters = 0;
  const count = <T extends object>(owner: T, name: keyof T, length: (self: string, first: unknown) => number): (() => void) => {
    const original = owner[name] as (this: unknown, ...args: unknown[]) => unknown;
    owner[name] = function(this: string, ...args: unknown[]): unknown {
      characters += length(this, args[0]);
      return original.apply(this, args);
    } as T[keyof T];
    return () => { owner[name] = original as T[keyof T]; };
  };
  const ends = [count(RegExp.prototype, 'test', (_self, text) => String(text).length),
    count(String.prototype, 'trimEnd', (self) => self.length), count(String.prototype, 'match', (self) => self.length),
    count(String.prototype, 'replace', (self) => self.length)];
  try {
    run();
  } finally {
    ends.forEach((end) => end());
  }
  return characters;
}

Deno.test('the cost of indenting grows with the message, not with its square', () => {
  for (const make of [nested, list]) {
    const [small, large] = [make(100), make(400)].map((json) => looked(() => { asJson(utf8(json)); }));
    assert.ok((large ?? 0) <= 5 * (small ?? 0), `${make.name}: ${small} for one, ${large} for four times as much`);
  }
});

Deno.test('of a large message only what is shown is looked at', () => {
  for (const json of [nested(2_000), nested(200_000), list(200_000), '['.repeat(1_000_000) + ']'.repeat(1_000_000),
    `["${'x'.repeat(8 << 20)}"]`, `[${' '.repeat(4 << 20)}]`]) {
    let view: ReturnType<typeof asJson>;
    const cost = looked(() => { view = asJson(utf8(json), FIRST_BYTES); });
    assert.ok(view !== undefined && view.text.length <= FIRST_BYTES + 100, `${json.slice(0, 9)}: ${view?.text.length}`);
    assert.ok(view.hidden > 0 || json.length <= FIRST_BYTES && view.hidden === 0, json.slice(0, 9));
    assert.ok(cost <= 3 * FIRST_BYTES, `${json.slice(0, 9)}: ${cost}`);
  }
});

Deno.test('what is hidden of JSON is counted in bytes of the message', () => {
  const json = `["${'€'.repeat(10)}","rest"]`;
  const view = asJson(utf8(json), 12);
  assert.deepEqual(view, { text: '[\n  "€€€', hidden: utf8(json).length - 11 });
  assert.equal(asJson(utf8(json))?.hidden, 0);
});

Deno.test('very deep levels are not indented any more', () => {
  const text = asJson(utf8('['.repeat(2_000) + ']'.repeat(2_000)))?.text ?? '';
  assert.ok(text.length <= 2 * 2_000 * (2 * DEEPEST_INDENT + 2), String(text.length));
  assert.equal(text.replace(/\s/g, '').length, 4_000);
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

Deno.test('bytes that happen to be UTF-8 are not text', () => {
  for (const bytes of [[0, 1, 2, 3], [1, 2, 3, 4], [...utf8('name'), 0], [8, 1, 18, 3, ...utf8('abc')]]) {
    assert.equal(bestView(Uint8Array.from(bytes)), 'hex', String(bytes));
    assert.equal(preview(hex(Uint8Array.from(bytes))), bytes.map((b) => b.toString(16).padStart(2, '0')).join(' '));
  }
});

Deno.test('the best view is the most readable one', () => {
  assert.equal(bestView(utf8('{"a":1}')), 'json');
  assert.equal(bestView(utf8('plain')), 'text');
  assert.equal(bestView(Uint8Array.of(0xc0, 0x80)), 'hex');
  assert.equal(bestView(utf8('\u001b[31mWARN\u001b[0m disk is getting full')), 'text');
});
