import { expect, test } from 'vitest'
import { startServiceOver } from '../support/service-over-client.ts'
import { itemOf } from '../support/stored-record.ts'
import { startWireStore } from '../support/wire-store.ts'

// An object has names that are numbers in their own order; bytes have the store's.
const ITEM = JSON.stringify(itemOf({ ten: { N: '1' }, nine: { N: '2' } }))
  .replace('ten', '10')
  .replace('nine', '9')
const SPACED = ITEM.replaceAll(',', ', ')
const URL = '/api/v1/get/item/user-1'
const CATEGORY = 'a category'

async function startOver(item: string) {
  const store = await startWireStore(({ headers }) => {
    const isSingle = headers['x-amz-target']?.endsWith('.GetItem')
    const text = isSingle ? `{"Item":${item}}` : `{"Responses":{"features_bright_uid":[${item}]},"UnprocessedKeys":{}}`
    return { status: 200, text }
  })
  return (await startServiceOver({ endpoint: store.url })).app
}

test('what is read whole is read off the bytes of replies', async () => {
  const app = await startOver(ITEM)

  const single = await app.inject(`${URL}/${encodeURIComponent(CATEGORY)}`)
  const several = await app.inject({ method: 'POST', url: URL, payload: { [CATEGORY]: [] } })

  for (const { payload } of [single, several]) expect(payload).toContain('"features":{"data":{"10":1,"9":2},"metadata":{')
})

test('what has spaces, and what is read by name, is read as objects', async () => {
  const spaced = await startOver(SPACED)
  const named = await startOver(ITEM)

  const single = await spaced.inject(`${URL}/${encodeURIComponent(CATEGORY)}`)
  const several = await spaced.inject({ method: 'POST', url: URL, payload: { [CATEGORY]: [] } })
  const byName = await named.inject({ method: 'POST', url: URL, payload: { [CATEGORY]: ['9', 'nope', '10'] } })

  for (const { payload } of [single, several, byName]) expect(payload).toContain('"features":{"data":{"9":2,"10":1},"metadata":{')
  expect(byName.json().missing_features).toEqual({ [CATEGORY]: ['nope'] })
})
