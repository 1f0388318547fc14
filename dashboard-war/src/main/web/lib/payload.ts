/**
 * What is in a message, shown inert: as text, as JSON, as bytes. Pure functions. Nothing here ever becomes markup, and
 * nothing is parsed into values that lose digits.
 */

/** What a view shows of a payload. */
export interface View {
  readonly text: string;
  /** Bytes of the payload that are not in the text because it would be too long. */
  readonly hidden: number;
}

/** Bytes shown before the user asks for more. */
export const FIRST_BYTES = 65536;

/** Reads hexadecimal digits; an odd digit at the end is left out. */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < out.length; i++) {
    out[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  }
  return out;
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

/** The payload as indented JSON, or undefined when it is none. Numbers keep all digits: tokens are moved, not parsed. */
export function asJson(bytes: Uint8Array): string | undefined {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) {
      return undefined; // "42" and "true" are shown as the text they are
    }
  } catch {
    return undefined;
  }
  return visible(indent(text));
}

/** Indents valid JSON by two. */
export function indent(json: string): string {
  let out = '';
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(depth)}`;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    switch (token) {
      case '{': case '[':
        depth++;
        out += token + line();
        break;
      case '}': case ']':
        depth--;
        out = /[{[]\s*$/.test(out) ? out.trimEnd() + token : out + line() + token;
        break;
      case ',':
        out += token + line();
        break;
      case ':':
        out += ': ';
        break;
      default:
        out += token;
    }
  }
  return out;
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
  const text = asText(fromHex(hex)) ?? withoutTornEnd(fromHex(hex));
  return text === undefined ? hex.replace(/(..)/g, '$1 ').trimEnd() : text.text.replace(/\s+/g, ' ');
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

/** Which view fits best. */
export function bestView(bytes: Uint8Array): 'json' | 'text' | 'hex' {
  return asJson(bytes) !== undefined ? 'json' : asText(bytes) !== undefined ? 'text' : 'hex';
}
