const PLAIN_NAME = /^[A-Za-z_]\w*$/
const SHOWN_NAME_LENGTH = 100

/**
 * A place inside a JSON body as a JSONPath of RFC 9535: `$.category.feature[3]`, odd names in brackets (`$['a.b']`).
 * A name of over 100 characters is cut short with an ellipsis.
 */
export function jsonPath(segments: readonly PropertyKey[]): string {
  return `$${segments.map(segmentOf).join('')}`
}

function segmentOf(segment: PropertyKey): string {
  if (typeof segment === 'number') return `[${segment}]`
  const name = shorten(String(segment))
  if (PLAIN_NAME.test(name)) return `.${name}`
  const escaped = JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `['${escaped}']`
}

function shorten(name: string): string {
  return name.length > SHOWN_NAME_LENGTH ? `${name.slice(0, SHOWN_NAME_LENGTH)}…`.toWellFormed() : name
}
