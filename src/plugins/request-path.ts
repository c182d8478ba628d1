/** A request's target without scheme and host, which a proxy's client sends (RFC 9112, section 3.2.2). */
export function targetOf(target: string): string {
  return target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '')
}

/** The path of a request's target: no scheme, no host, no query. */
export function pathOf(target: string): string {
  return targetOf(target).split('?', 1)[0] ?? ''
}
