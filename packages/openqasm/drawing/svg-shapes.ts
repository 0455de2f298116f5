const round = (value: number): number => Math.round(value * 10) / 10;

/** Text for an element or an attribute. Letters that XML 1.0 does not allow become U+FFFD. */
export function escapeXml(text: string): string {
  return [...text]
    .map((letter) => {
      switch (letter) {
        case '&':
          return '&amp;';
        case '<':
          return '&lt;';
        case '>':
          return '&gt;';
        case '"':
          return '&quot;';
        case "'":
          return '&#39;';
        default:
          return isAllowed(letter.codePointAt(0) as number) ? letter : '\uFFFD';
      }
    })
    .join('');
}

function isAllowed(code: number): boolean {
  if (code < 0x20) return code === 9 || code === 10 || code === 13;
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

export function line(x: number, y: number, toX: number, toY: number, style: string): string {
  return `<line class="${style}" x1="${round(x)}" y1="${round(y)}" x2="${round(toX)}" y2="${round(toY)}"/>`;
}

export function box(x: number, y: number, width: number, height: number): string {
  return `<rect class="b" rx="3" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"/>`;
}

export function dot(x: number, y: number, style: string): string {
  return `<circle class="${style}" cx="${round(x)}" cy="${round(y)}" r="4.5"/>`;
}

/** One line of text, its middle at `y`. */
export function label(
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end',
  style?: string,
): string {
  const classes = style ? ` class="${style}"` : '';
  return `<text${classes} x="${round(x)}" y="${round(y + 4.5)}" text-anchor="${anchor}">${escapeXml(text)}</text>`;
}
