/** public/favicon.svg with the number of unread messages on it. */
export function faviconWith(unread: number): string {
  if (unread === 0) return '/favicon.svg';
  const text = unread > 99 ? '99+' : String(unread);
  const width = [20, 26, 32][text.length - 1] ?? 32;
  const svg = [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0c6b63"/>',
    '<path d="M10 25V9.5A1.5 1.5 0 0 1 11.5 8H17a6 6 0 0 1 0 12h-3" fill="none" stroke="#fff" stroke-width="3.2" ',
    'stroke-linecap="round" stroke-linejoin="round"/>',
    `<rect x="${32 - width}" y="13" width="${width}" height="19" rx="9.5" fill="#c3262b"/>`,
    `<text x="${32 - width / 2}" y="28" font-family="sans-serif" font-size="16" font-weight="700" fill="#fff" `,
    `text-anchor="middle">${text}</text></svg>`,
  ].join('');
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
