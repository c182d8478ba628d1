/** The path of a request's target (RFC 9112, section 3.2): no query, and no scheme and host, which a proxy's client sends. */
export function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*/i, '').split('?', 1)[0] ?? ''
}
