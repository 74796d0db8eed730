// The language server counts code points where VS Code counts UTF-16 units. Knows nothing of VS Code.

const isPair = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at);
  const next = text.charCodeAt(at + 1);
  return unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000;
};

/** The offset in UTF-16 units of one in code points; what is behind the end is at the end. */
export function toUnits(text: string, codePoints: number): number {
  let at = 0;
  for (let left = codePoints; left > 0 && at < text.length; left--) {
    at += isPair(text, at) ? 2 : 1;
  }
  return at;
}

/** The offset in code points of one in UTF-16 units; one within a pair is in front of it. */
export function toCodePoints(text: string, units: number): number {
  let count = 0;
  const end = Math.min(units, text.length);
  for (let at = 0; at < end; count++) {
    at += isPair(text, at) ? 2 : 1;
    if (at > end) {
      break;
    }
  }
  return count;
}
