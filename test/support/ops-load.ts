import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { get, postJson, send } from './post-json.ts'
import { openConnection, requestText } from './raw-client.ts'
import type { ServiceProcess } from './service-process.ts'

const PAUSE_MS = 300
const TOGETHER = 30
const MANY = Array.from({ length: 10 }, (_, index) => `user-${index}`)
const ABSENT = Array.from({ length: 9 }, (_, index) => `absent-${index}`)

// So often that each share is beyond its alert's threshold, beside all that goes well.
const TROUBLE = ['throttled', 'slow', 'broken'].flatMap((category) => Array.from({ length: 6 }, () => category))

/** Sends one round after the other of all that the dashboard shows, until the test ends. */
export function startMixedLoad({ url }: ServiceProcess): void {
  let hasEnded = false
  async function sendRounds(): Promise<void> {
    while (!hasEnded) {
      await writeAndRead(url)
      await meetTrouble(url)
      await hangUp(url)
      await delay(PAUSE_MS)
    }
  }
  const sending = sendRounds()
  onTestFinished(() => {
    hasEnded = true
    return sending
  })
}

/** Features found, missing and null, of both tables, by every kind of operation. */
async function writeAndRead(url: string): Promise<void> {
  const features = { a: 1, b: null }
  await postJson(`${url}/api/v1/items/user`, { plain: features, throttled: features, slow: features, unprocessed: features })
  await postJson(`${url}/api/v1/items/account?table_type=account_id`, { plain: features })
  await postJson(`${url}/api/v1/items`, { one: { plain: features }, two: { plain: features } })
  await send('PATCH', `${url}/api/v1/items/one/plain`, { c: 3 })
  await get(`${url}/api/v1/get/item/user/plain`)
  await get(`${url}/api/v1/get/item/user/plain`)
  await get(`${url}/api/v1/get/item/account/plain?table_type=account_id`)
  for (let reads = 0; reads < 5; reads += 1) await get(`${url}/api/v1/get/item/user/old`)
  await get(`${url}/api/v1/get/item/user`)
  await postJson(`${url}/api/v1/get/item/user`, { plain: ['a', 'b', 'c', 'd', 'e'], unprocessed: ['a'], absent: ['a', 'b'] })
  await postJson(`${url}/api/v1/get/items`, { identifiers: ['one', 'two'], categories: { plain: ['a', 'd'] } })
  // More at once than have a call each.
  await Promise.all(Array.from({ length: TOGETHER }, () => get(`${url}/api/v1/get/item/user/plain`)))
  for (const path of ['one/plain', 'two']) await send('DELETE', `${url}/api/v1/items/${path}`)
}

/** Throttled, slow, failed, refused. */
async function meetTrouble(url: string): Promise<void> {
  for (const category of TROUBLE) await get(`${url}/api/v1/get/item/user/${category}`)
  await get(`${url}/api/v1/get/item/user/absent`)
  const categories = Object.fromEntries(['unprocessed', ...ABSENT].map((category) => [category, []]))
  await postJson(`${url}/api/v1/get/items`, { identifiers: MANY, categories })
  await postJson(`${url}/api/v1/items/user`, { plain: 1 })
  await get(`${url}/nowhere`)
}

/** A client that leaves in the middle of its body, once it was told to send it. */
async function hangUp(url: string): Promise<void> {
  const client = await openConnection(Number(new URL(url).port))
  client.send(requestText('POST', '/api/v1/items/user', { 'content-length': '100', expect: '100-continue' }, '{"cat"'))
  await client.received(/100 Continue/)
  client.reset()
}
