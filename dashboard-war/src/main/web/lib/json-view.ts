/**
 * JSON made readable: one pass over the text, which ends where enough is shown. It checks the grammar on the way and moves
 * tokens as they are, so that numbers keep all digits. Deep nesting costs no stack.
 */

/** Indented JSON and how much of the source is in it. */
export interface Indented {
  readonly text: string;
  /** Characters of the source that were read. */
  readonly read: number;
}

/** Levels that are indented; what is deeper starts in the same column, else deep nesting would be all spaces. */
export const DEEPEST_INDENT = 32;

const INDENTS = Array.from({ length: DEEPEST_INDENT + 1 }, (_, depth) => `\n${'  '.repeat(depth)}`);
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WORDS = ['true', 'false', 'null'];
/** Longest token that is a number or word; longer ones are no JSON that anybody reads. */
const LONGEST_SCALAR = 100_000;

const QUOTE = 0x22, COMMA = 0x2c, COLON = 0x3a, BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

/**
 * Indents a JSON object or array by two.
 *
 * @param json the text, or its beginning
 * @param limit characters of the result after which it ends
 * @param whole whether the text is all there is; a beginning may end anywhere
 * @returns undefined when the text that was read is no JSON object or array
 */
export function indent(json: string, limit: number = Infinity, whole: boolean = true): Indented | undefined {
  return new Indenter(json, limit, whole).run();
}

class Indenter {
  #at = 0;
  #out = '';
  #expected: Expected = 'value';
  readonly #open: number[] = [];

  constructor(readonly json: string, readonly limit: number, readonly whole: boolean) { }

  run(): Indented | undefined {
    while (this.#at < this.json.length && this.#out.length < this.limit) {
      const code = this.json.charCodeAt(this.#at);
      if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
        this.#at++;
      } else if (!this.#token(code)) {
        return undefined;
      }
    }
    const ended = this.#at >= this.json.length;
    return ended && this.whole && this.#expected !== 'nothing' || this.#out === '' ? undefined
      : { text: this.#out, read: this.#at };
  }

  /** Takes one token; whether it may stand here. */
  #token(code: number): boolean {
    switch (this.#expected) {
      case 'nothing':
        return false;
      case 'colon':
        return code === COLON && this.#put(': ', 'value');
      case 'comma or end':
        return code === COMMA ? this.#put(',', this.#open.at(-1) === OPEN_OBJECT ? 'key' : 'value', true) : this.#end(code);
      case 'key or end':
        return code === CLOSE_OBJECT ? this.#end(code) : this.#line() && this.#key(code);
      case 'key':
        return this.#key(code);
      case 'value or end':
        return code === CLOSE_LIST ? this.#end(code) : this.#line() && this.#value(code);
      default:
        return this.#value(code);
    }
  }

  #put(text: string, expected: Expected, line = false): true {
    this.#out += text;
    this.#at++;
    this.#expected = expected;
    return line ? this.#line() : true;
  }

  #line(): true {
    this.#out += INDENTS[Math.min(this.#open.length, DEEPEST_INDENT)];
    return true;
  }

  #end(code: number): boolean {
    const opened = this.#open.pop();
    if (code !== (opened === OPEN_LIST ? CLOSE_LIST : opened === OPEN_OBJECT ? CLOSE_OBJECT : -1)) {
      return false;
    }
    if (this.#expected === 'comma or end') {
      this.#line();
    }
    return this.#put(String.fromCharCode(code), this.#open.length === 0 ? 'nothing' : 'comma or end');
  }

  #key(code: number): boolean {
    return code === QUOTE && this.#string('colon');
  }

  #value(code: number): boolean {
    if (code === OPEN_LIST || code === OPEN_OBJECT) {
      this.#open.push(code);
      return this.#put(code === OPEN_LIST ? '[' : '{', code === OPEN_LIST ? 'value or end' : 'key or end');
    }
    if (this.#open.length === 0) {
      return false; // "42" and "true" are shown as the text they are
    }
    return code === QUOTE ? this.#string('comma or end') : this.#scalar();
  }

  /** A string; one that is longer than what may be shown is cut. */
  #string(then: Expected): boolean {
    const from = this.#at;
    const stop = Math.min(this.json.length, from + Math.max(2, this.limit - this.#out.length));
    let at = from + 1;
    while (at < stop) {
      const code = this.json.charCodeAt(at);
      if (code < 0x20) {
        return false;
      }
      if (code === QUOTE) {
        this.#take(at + 1, then);
        return true;
      }
      const length = code === BACKSLASH ? this.#escape(at + 1) : 1;
      if (length === 0) {
        return false;
      }
      at += length;
    }
    this.#take(Math.min(at, this.json.length), then);
    if (this.#at < this.json.length) {
      return this.#out.length >= this.limit;
    }
    return !this.whole; // not closed
  }

  /** Length of an escape with its backslash, 0 when it is none; one that the end cuts is as long as what is there. */
  #escape(at: number): number {
    const kind = this.json[at];
    if (kind === undefined) {
      return 1;
    }
    if (kind !== 'u') {
      return '"\\/bfnrt'.includes(kind) ? 2 : 0;
    }
    const digits = this.json.slice(at + 1, at + 5);
    return /^[0-9a-fA-F]*$/.test(digits) && (digits.length === 4 || at + 1 + digits.length === this.json.length)
      ? 2 + digits.length : 0;
  }

  /** A number, true, false or null. */
  #scalar(): boolean {
    let end = this.#at;
    while (end < this.json.length && end - this.#at <= LONGEST_SCALAR && isScalar(this.json.charCodeAt(end))) {
      end++;
    }
    const token = this.json.slice(this.#at, end);
    const torn = end === this.json.length && !this.whole;
    if (!NUMBER.test(token) && !WORDS.includes(token)
        && !(torn && (WORDS.some((word) => word.startsWith(token)) || /^-?\d*\.?\d*(?:[eE][+-]?\d*)?$/.test(token)))) {
      return false;
    }
    this.#take(end, 'comma or end');
    return token !== '';
  }

  #take(end: number, then: Expected): void {
    this.#out += this.json.slice(this.#at, end);
    this.#at = end;
    this.#expected = then;
  }
}

function isScalar(code: number): boolean {
  return code >= 0x30 && code <= 0x39 || code >= 0x61 && code <= 0x7a || code === 0x2d || code === 0x2b || code === 0x2e
    || code === 0x45;
}
