type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** Sends a request, with JSON where there is some, waits for the whole reply, and gives its status. */
export async function send(method: Method, url: string, json?: unknown): Promise<number> {
  const content = json === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }
  const reply = await fetch(url, { method, ...content })
  await reply.arrayBuffer()
  return reply.status
}

/** Sends JSON, waits for the whole reply, and gives its status. */
export function postJson(url: string, json: unknown): Promise<number> {
  return send('POST', url, json)
}

/** Gets a URL, waits for the whole reply, and gives its status. */
export function get(url: string): Promise<number> {
  return send('GET', url)
}
