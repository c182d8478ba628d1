/** The headers of the first reply in what a connection received; their names in small letters. */
export function parseHeadersOf(received: string): Record<string, string> {
  const [head = ''] = received.split('\r\n\r\n', 1)
  const [, ...lines] = head.split('\r\n')
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
}
