import { HOSTILE_TEXTS } from './hostile-texts.ts'
import { get, postJson, send } from './post-json.ts'
import { openConnection, requestText } from './raw-client.ts'
import type { ServiceProcess } from './service-process.ts'

// What a path can hold: no lone surrogate, and not more than 16 KB of it in all.
export const HOSTILE_NAMES = Object.values(HOSTILE_TEXTS).map((text) => text.slice(0, 1000).toWellFormed())

/** Sends a service whose DynamoDB is moody whatever there are metrics of, the same again with hostile names, and hangs up. */
export async function exerciseEverything({ url, printed }: ServiceProcess): Promise<void> {
  await exerciseOperations(url)
  await exerciseEntities(url)
  await exerciseFailures(url)
  for (const name of HOSTILE_NAMES) await exerciseName(url, name)
  await hangUp(url)
  await printed(/request aborted by the client/)
}

async function exerciseOperations(url: string): Promise<void> {
  await postJson(`${url}/api/v1/items/user`, {
    plain: { a: 1, b: null },
    throttled: { a: 1 },
    slow: { a: 1 },
    unprocessed: { a: 1 },
  })
  await postJson(`${url}/api/v1/items/acc?table_type=account_id`, { plain: { a: 1 } })
  for (const category of ['plain', 'throttled', 'slow', 'absent']) await get(`${url}/api/v1/get/item/user/${category}`)
  // More at once than have a call each.
  await Promise.all(Array.from({ length: 30 }, () => get(`${url}/api/v1/get/item/user/slow`)))
  await postJson(`${url}/api/v1/get/item/user`, { plain: ['a', 'b', 'c'], throttled: [], absent: ['a'] })
  await postJson(`${url}/api/v1/get/item/user`, { unprocessed: ['a'] })
  await postJson(`${url}/api/v1/get/item/nobody`, { absent: [] })
}

/** Several entities in one request, all that one has, merges and deletes, of what is there and of what is not. */
async function exerciseEntities(url: string): Promise<void> {
  const features = { plain: { a: 1, b: null }, throttled: { a: 1 } }
  await postJson(`${url}/api/v1/items?ttl=60&event_time=2000`, { one: features, two: features })
  await postJson(`${url}/api/v1/items?event_time=1000`, { one: features })
  await postJson(`${url}/api/v1/get/items`, {
    identifiers: ['one', 'nobody', 'one'],
    categories: { plain: ['a', 'c'], throttled: [], absent: ['a'] },
  })
  for (const path of ['one?limit=1', 'one?cursor=forged', 'nobody', 'throttled']) await get(`${url}/api/v1/get/item/${path}`)
  await send('PATCH', `${url}/api/v1/items/one/plain`, { a: 2, b: null })
  await send('PATCH', `${url}/api/v1/items/one/new`, { a: 2, b: null })
  for (const path of ['one/plain', 'one/plain', 'one', 'nobody']) await send('DELETE', `${url}/api/v1/items/${path}`)
}

async function exerciseFailures(url: string): Promise<void> {
  await postJson(`${url}/api/v1/items/user`, { broken: { a: 1 }, plain: { a: 1 } })
  await postJson(`${url}/api/v1/items`, { user: { broken: { a: 1 }, plain: { a: 1 } } })
  await get(`${url}/api/v1/get/item/user/broken`)
  await get(`${url}/api/v1/get/item/broken`)
  await postJson(`${url}/api/v1/get/item/user`, { broken: [] })
  await postJson(`${url}/api/v1/get/items`, { identifiers: ['user'], categories: { broken: [] } })
  await send('PATCH', `${url}/api/v1/items/user/broken`, { a: 1 })
  for (const path of ['user/broken', 'broken']) await send('DELETE', `${url}/api/v1/items/${path}`)
  await postJson(`${url}/api/v1/items/user`, { plain: 1 })
  for (const path of ['/nothing', '/api/v1/get/item/%zz/a', '/health/ready', '/docs', '/openapi.json']) await get(url + path)
}

/** How many requests exerciseName sends. */
export const REQUESTS_PER_NAME = 18

/** Sends a name in every place where a client may put one. */
export async function exerciseName(url: string, name: string): Promise<void> {
  const encoded = encodeURIComponent(name)
  const [item, items] = [`${url}/api/v1/get/item`, `${url}/api/v1/items`]
  await get(`${item}/${encoded}/${encoded}`)
  await postJson(`${item}/user`, { [name]: [], plain: [name] })
  await postJson(`${items}/${encoded}`, { [name]: { [name]: name } })
  await get(`${item}/${encoded}/${encoded}`)
  await get(`${item}/user/plain?table_type=${encoded}`)
  await get(`${url}/${encoded}`)
  await get(`${url}/api/v9/${encoded}?${encoded}`)
  await postJson(items, { [name]: { [name]: { [name]: name } }, user: { [name]: { [name]: name } } })
  await postJson(`${url}/api/v1/get/items`, { identifiers: [name, 'user'], categories: { [name]: [name], plain: [] } })
  await send('PATCH', `${items}/${encoded}/${encoded}`, { [name]: name })
  await get(`${item}/${encoded}?cursor=${encoded}`)
  await get(`${item}/${encoded}?limit=${encoded}`)
  await get(`${item}/${encoded}`)
  await postJson(`${items}/user?source=${encoded}&compute_id=${encoded}`, { [name]: { a: 1 } })
  await postJson(`${items}/user?ttl=${encoded}&event_time=${encoded}`, { [name]: { a: 1 } })
  await postJson(`${items}?${encoded}=${encoded}`, { [name]: { [name]: { a: 1 } } })
  await send('DELETE', `${items}/${encoded}/${encoded}`)
  await send('DELETE', `${items}/${encoded}`)
}

/** A client that leaves in the middle of its body, once it was told to send it. */
async function hangUp(url: string): Promise<void> {
  const client = await openConnection(Number(new URL(url).port))
  client.send(requestText('POST', '/api/v1/items/user', { 'content-length': '100', expect: '100-continue' }, '{"cat"'))
  await client.received(/100 Continue/)
  client.reset()
}
