import { HOSTILE_TEXTS } from './hostile-texts.ts'
import { get, postJson } from './post-json.ts'
import { openConnection, requestText } from './raw-client.ts'
import type { ServiceProcess } from './service-process.ts'

// What a path can hold: no lone surrogate, and not more than 16 KB of it in all.
export const HOSTILE_NAMES = Object.values(HOSTILE_TEXTS).map((text) => text.slice(0, 1000).toWellFormed())

/** Sends a service whose DynamoDB is moody whatever there are metrics of, the same again with hostile names, and hangs up. */
export async function exerciseEverything({ url, printed }: ServiceProcess): Promise<void> {
  await exerciseOperations(url)
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
  await postJson(`${url}/api/v1/get/item/user`, { plain: ['a', 'b', 'c'], throttled: [], absent: ['a'] })
  await postJson(`${url}/api/v1/get/item/user`, { unprocessed: ['a'] })
  await postJson(`${url}/api/v1/get/item/nobody`, { absent: [] })
}

async function exerciseFailures(url: string): Promise<void> {
  await postJson(`${url}/api/v1/items/user`, { broken: { a: 1 }, plain: { a: 1 } })
  await get(`${url}/api/v1/get/item/user/broken`)
  await postJson(`${url}/api/v1/get/item/user`, { broken: [] })
  await postJson(`${url}/api/v1/items/user`, { plain: 1 })
  for (const path of ['/nothing', '/api/v1/get/item/%zz/a', '/health/ready', '/docs', '/openapi.json']) await get(url + path)
}

/** How many requests exerciseName sends. */
export const REQUESTS_PER_NAME = 7

/** Sends a name in every place where a client may put one. */
export async function exerciseName(url: string, name: string): Promise<void> {
  const encoded = encodeURIComponent(name)
  await get(`${url}/api/v1/get/item/${encoded}/${encoded}`)
  await postJson(`${url}/api/v1/get/item/user`, { [name]: [], plain: [name] })
  await postJson(`${url}/api/v1/items/${encoded}`, { [name]: { [name]: name } })
  await get(`${url}/api/v1/get/item/${encoded}/${encoded}`)
  await get(`${url}/api/v1/get/item/user/plain?table_type=${encoded}`)
  await get(`${url}/${encoded}`)
  await get(`${url}/api/v9/${encoded}?${encoded}`)
}

/** A client that leaves in the middle of its body, once it was told to send it. */
async function hangUp(url: string): Promise<void> {
  const client = await openConnection(Number(new URL(url).port))
  client.send(requestText('POST', '/api/v1/items/user', { 'content-length': '100', expect: '100-continue' }, '{"cat"'))
  await client.received(/100 Continue/)
  client.reset()
}
