/**
 * What is in a message, shown inert: as text, as JSON, as bytes. Pure functions. Nothing here ever becomes markup, and
 * nothing is parsed into values that lose digits.
 */

import { indent } from './json-view.ts';

/** What a view shows of a payload. */
export interface View {
  readonly text: string;
  /** Bytes of the payload that are not in the text because it would be too long. */
  readonly hidden: number;
}

/** Bytes shown before the user asks for more. */
export const FIRST_BYTES = 65536;

/** How much more is shown each time the user asks for more. */
export const MORE_BYTES = 1 << 20;

/** Reads hexadecimal digits; an odd digit at the end is left out. */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < out.length; i++) {
    out[i] = digit(hex.charCodeAt(2 * i)) << 4 | digit(hex.charCodeAt(2 * i + 1));
  }
  return out;
}

/** The value of one of 0-9, a-f and A-F. */
function digit(code: number): number {
  return code < 0x40 ? code - 0x30 : (code & 0x1f) + 9;
}

/** The bytes as UTF-8, or undefined when they are not. Control characters are shown as their symbols. */
export function asText(bytes: Uint8Array, limit: number = Infinity): View | undefined {
  const cut = bytes.length > limit ? bytes.subarray(0, boundary(bytes, limit)) : bytes;
  try {
    return { text: visible(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(cut)),
      hidden: bytes.length - cut.length };
  } catch {
    return undefined;
  }
}

/** The last position at or before the limit that does not split a character. */
function boundary(bytes: Uint8Array, limit: number): number {
  let at = limit;
  while (at > 0 && limit - at < 4 && ((bytes[at] ?? 0) & 0xc0) === 0x80) {
    at--;
  }
  return at;
}

/** Control characters, and those that change the direction of text, made visible. Line breaks and tabs stay. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (c) => {
    const code = c.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

/**
 * The payload as indented JSON, or undefined when what is shown of it is none.
 *
 * @param limit bytes that are read, and characters that are shown
 */
export function asJson(bytes: Uint8Array, limit: number = Infinity): View | undefined {
  const cut = bytes.length > limit ? bytes.subarray(0, boundary(bytes, limit)) : bytes;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(cut);
  } catch {
    return undefined;
  }
  const json = indent(text, limit, cut.length === bytes.length);
  if (json === undefined) {
    return undefined;
  }
  const unread = json.read === text.length ? 0 : new TextEncoder().encode(text.slice(json.read)).length;
  return { text: visible(json.text), hidden: bytes.length - cut.length + unread };
}

/** Offset, sixteen bytes and what of them is printable, line by line. */
export function asHex(bytes: Uint8Array, limit: number = Infinity): View {
  const shown = Math.min(bytes.length, limit);
  const lines: string[] = [];
  for (let at = 0; at < shown; at += 16) {
    const part = bytes.subarray(at, Math.min(at + 16, shown));
    const hex = Array.from(part, (b, i) => b.toString(16).padStart(2, '0') + (i === 7 ? ' ' : '')).join(' ');
    const letters = Array.from(part, (b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(49)} ${letters}`);
  }
  return { text: lines.join('\n'), hidden: bytes.length - shown };
}

/** One line of a payload's beginning for a list: as text when it is some, else as hexadecimal digits. */
export function preview(hex: string): string {
  const bytes = fromHex(hex);
  const text = asText(bytes) ?? withoutTornEnd(bytes);
  return text === undefined || binary(bytes) ? hex.replace(/(..)/g, '$1 ').trimEnd() : text.text.replace(/\s+/g, ' ');
}

/** A preview may end inside a character. */
function withoutTornEnd(bytes: Uint8Array): View | undefined {
  for (let cut = 1; cut < 4 && cut < bytes.length; cut++) {
    const text = asText(bytes.subarray(0, bytes.length - cut));
    if (text !== undefined) {
      return text;
    }
  }
  return undefined;
}

/** One control character in so many bytes is still text: coloured lines of a log have that many. */
const CONTROLS = 8;

/** Whether valid UTF-8 is what bytes happen to be that nobody wrote as text: with a NUL, or full of control characters. */
function binary(bytes: Uint8Array): boolean {
  const controls = bytes.reduce((n, b) => n + (b < 0x20 && b !== 0x09 && b !== 0x0a && b !== 0x0d || b === 0x7f ? 1 : 0), 0);
  return bytes.includes(0) || controls * CONTROLS > bytes.length;
}

/** Which view fits best, by what is shown first. */
export function bestView(bytes: Uint8Array): 'json' | 'text' | 'hex' {
  if (asJson(bytes, FIRST_BYTES) !== undefined) {
    return 'json';
  }
  const text = asText(bytes, FIRST_BYTES);
  return text === undefined || binary(bytes.subarray(0, FIRST_BYTES)) ? 'hex' : 'text';
}
