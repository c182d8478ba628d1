/** Sends JSON, waits for the whole reply, and gives its status. */
export async function postJson(url: string, json: unknown): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(json) })
  await reply.arrayBuffer()
  return reply.status
}

/** Gets a URL, waits for the whole reply, and gives its status. */
export async function get(url: string): Promise<number> {
  const reply = await fetch(url)
  await reply.arrayBuffer()
  return reply.status
}
