import { ExprError } from './expr-error';

const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

/** Length of a text in bytes, as Go counts outside `len`. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : toBytes(text).length;
}

/** UTF-8; a lone surrogate becomes U+FFFD. */
export function toBytes(text: string): number[] {
  return Array.from(text.toWellFormed(), (char) => encode(char.codePointAt(0) ?? 0)).flat();
}

function encode(code: number): number[] {
  if (code < 0x80) return [code];
  const tail = (shift: number): number => 0x80 | ((code >> shift) & 0x3f);
  if (code < 0x800) return [0xc0 | (code >> 6), tail(0)];
  if (code < 0x10000) return [0xe0 | (code >> 12), tail(6), tail(0)];
  return [0xf0 | (code >> 18), tail(12), tail(6), tail(0)];
}

/** The text of UTF-8 bytes. Go keeps bytes that are none, which a text here cannot: an ExprError. */
function fromBytes(bytes: readonly number[]): string {
  const escaped = bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  try {
    return decodeURIComponent(escaped);
  } catch {
    throw new ExprError('result is not text: a character is cut in two, or the bytes are not UTF-8');
  }
}

/** Bytes `from` to `to` of a text. */
export function sliceBytes(text: string, from: number, to: number): string {
  return isAscii(text) ? text.slice(from, to) : fromBytes(toBytes(text).slice(from, to));
}

/** Offset in bytes of an offset in UTF-16 units; -1 stays. */
export function byteOffset(text: string, offset: number): number {
  return offset < 0 ? offset : byteLength(text.slice(0, offset));
}

/** Order of two texts by bytes: negative, 0 or positive. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  if (isAscii(one) && isAscii(other)) return one < other ? -1 : 1;
  const left = Array.from(one);
  const right = Array.from(other);
  const at = left.findIndex((char, index) => char !== right[index]);
  if (at < 0) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard base64 with padding. */
export function toBase64(text: string): string {
  const bytes = toBytes(text);
  let result = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.slice(at, at + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    const chars = [18, 12, 6, 0].map((shift) => alphabet.charAt((bits >> shift) & 63)).join('');
    result += b === undefined ? `${chars.slice(0, 2)}==` : c === undefined ? `${chars.slice(0, 3)}=` : chars;
  }
  return result;
}

/** The text in standard base64; line breaks are passed over. */
export function fromBase64(text: string): string {
  const chars = text.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(chars)) {
    throw new ExprError('not base64');
  }
  const bytes: number[] = [];
  for (let at = 0; at < chars.length; at += 4) {
    const quad = chars.slice(at, at + 4).replace(/=+$/, '');
    const bits = [...quad.padEnd(4, 'A')].reduce((sum, char) => sum * 64 + alphabet.indexOf(char), 0);
    bytes.push(...[(bits >> 16) & 255, (bits >> 8) & 255, bits & 255].slice(0, quad.length - 1));
  }
  return fromBytes(bytes);
}
