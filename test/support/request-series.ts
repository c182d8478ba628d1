import { keyOf } from './etsy-statsd.ts'

/** The body limit that the series goes over, and above an item's 409,600 bytes. */
export const SERIES_ENV = { BODY_LIMIT_BYTES: '500000' }

type Labels = { route: string; endpoint: string; api_version: string }

const READ = { route: '/api/v1/get/item/{identifier}/{category}', endpoint: 'read.single_item', api_version: 'v1' }
const READ_MANY = { route: '/api/v1/get/item/{identifier}', endpoint: 'read.multi_category', api_version: 'v1' }
const WRITE = { route: '/api/v1/items/{identifier}', endpoint: 'write.multi_category', api_version: 'v1' }
const READ_ENTITY = { route: '/api/v1/get/item/{identifier}', endpoint: 'read.entity', api_version: 'v1' }
const READ_ENTITIES = { route: '/api/v1/get/items', endpoint: 'read.multi_entity', api_version: 'v1' }
const WRITE_ENTITIES = { route: '/api/v1/items', endpoint: 'write.multi_entity', api_version: 'v1' }
const MERGE = { route: '/api/v1/items/{identifier}/{category}', endpoint: 'write.merge', api_version: 'v1' }
const DELETE_CATEGORY = { route: '/api/v1/items/{identifier}/{category}', endpoint: 'delete.single_item', api_version: 'v1' }
const DELETE_ENTITY = { route: '/api/v1/items/{identifier}', endpoint: 'delete.entity', api_version: 'v1' }
const OPENAPI = { route: '/openapi.json', endpoint: 'openapi', api_version: 'none' }
const UNMATCHED = { route: 'unmatched', endpoint: 'unmatched', api_version: 'none' }

type Case = {
  method: string
  path: string
  body?: string
  type?: string
  times: number
  as: Labels
  status: number
  error?: string
}

const ITEMS = '/api/v1/items/user1'
const GET_ITEM = '/api/v1/get/item/user1'
const ENTITIES = '/api/v1/items'
const GET_ENTITIES = '/api/v1/get/items'
const ASKED_OF_ENTITIES = '{"identifiers":["user2","nobody"],"categories":{"cat":[]}}'

/** A write comes first, for the reads to find something. */
const series: readonly Case[] = [
  { method: 'POST', path: ITEMS, body: '{"cat":{"f":1}}', times: 2, as: WRITE, status: 200 },
  { method: 'GET', path: `${GET_ITEM}/cat`, times: 5, as: READ, status: 200 },
  { method: 'HEAD', path: `${GET_ITEM}/cat`, times: 2, as: READ, status: 200 },
  { method: 'POST', path: GET_ITEM, body: '{"cat":["f"]}', times: 3, as: READ_MANY, status: 200 },
  { method: 'GET', path: '/openapi.json', times: 1, as: OPENAPI, status: 200 },
  { method: 'GET', path: `${GET_ITEM}/absent`, times: 4, as: READ, status: 404, error: 'not_found' },
  { method: 'POST', path: GET_ITEM, body: '{"absent":[]}', times: 2, as: READ_MANY, status: 404, error: 'not_found' },
  { method: 'GET', path: '/no/such/route', times: 3, as: UNMATCHED, status: 404, error: 'not_found' },
  { method: 'GET', path: '/no/other/route?table_type=x', times: 2, as: UNMATCHED, status: 404, error: 'not_found' },
  { method: 'GET', path: '/api/v1/get/item/%zz/cat', times: 2, as: UNMATCHED, status: 400, error: 'bad_request' },
  { method: 'GET', path: `${GET_ITEM}/cat?table_type=x`, times: 2, as: READ, status: 400, error: 'bad_request' },
  { method: 'POST', path: ITEMS, body: '{"cat":', times: 3, as: WRITE, status: 400, error: 'bad_request' },
  { method: 'POST', path: ITEMS, body: '{}', times: 1, as: WRITE, status: 400, error: 'bad_request' },
  { method: 'PUT', path: ITEMS, times: 2, as: UNMATCHED, status: 405, error: 'bad_request' },
  { method: 'POST', path: ITEMS, body: textOf(500_001), times: 1, as: WRITE, status: 413, error: 'payload_too_large' },
  { method: 'POST', path: ITEMS, body: textOf(450_000), times: 2, as: WRITE, status: 413, error: 'payload_too_large' },
  {
    method: 'POST',
    path: ITEMS,
    body: 'f=1',
    type: 'text/plain',
    times: 2,
    as: WRITE,
    status: 415,
    error: 'unsupported_media_type',
  },
  { method: 'POST', path: ITEMS, body: '{"cat":1}', times: 3, as: WRITE, status: 422, error: 'validation_error' },
  { method: 'POST', path: GET_ITEM, body: '{"cat":1}', times: 2, as: READ_MANY, status: 422, error: 'validation_error' },

  {
    method: 'POST',
    path: `${ENTITIES}?event_time=2`,
    body: '{"user2":{"cat":{"f":1}}}',
    times: 2,
    as: WRITE_ENTITIES,
    status: 200,
  },
  { method: 'POST', path: GET_ENTITIES, body: ASKED_OF_ENTITIES, times: 3, as: READ_ENTITIES, status: 200 },
  { method: 'GET', path: '/api/v1/get/item/user2?limit=1', times: 2, as: READ_ENTITY, status: 200 },
  { method: 'HEAD', path: '/api/v1/get/item/user2', times: 1, as: READ_ENTITY, status: 200 },
  { method: 'PATCH', path: `${ENTITIES}/user2/cat`, body: '{"g":2}', times: 2, as: MERGE, status: 200 },
  { method: 'GET', path: '/api/v1/get/item/nobody', times: 2, as: READ_ENTITY, status: 404, error: 'not_found' },
  { method: 'POST', path: ENTITIES, body: '{}', times: 1, as: WRITE_ENTITIES, status: 400, error: 'bad_request' },
  { method: 'POST', path: GET_ENTITIES, body: '{', times: 1, as: READ_ENTITIES, status: 400, error: 'bad_request' },
  {
    method: 'POST',
    path: `${ENTITIES}?event_time=1`,
    body: '{"user2":{"cat":{"f":0}}}',
    times: 2,
    as: WRITE_ENTITIES,
    status: 409,
    error: 'conflict',
  },
  {
    method: 'POST',
    path: ENTITIES,
    body: '{"user2":{"cat":{}}}',
    type: 'application/merge-patch+json',
    times: 1,
    as: WRITE_ENTITIES,
    status: 415,
    error: 'unsupported_media_type',
  },
  { method: 'GET', path: `${GET_ITEM}?cursor=x`, times: 2, as: READ_ENTITY, status: 422, error: 'validation_error' },
  { method: 'GET', path: `${GET_ITEM}/cat?consistent=1`, times: 1, as: READ, status: 422, error: 'validation_error' },
  { method: 'PATCH', path: `${ENTITIES}/user2/cat`, body: '[]', times: 1, as: MERGE, status: 422, error: 'validation_error' },
  { method: 'DELETE', path: `${ENTITIES}/user2/cat`, times: 2, as: DELETE_CATEGORY, status: 200 },
  { method: 'DELETE', path: `${ENTITIES}/user2`, times: 2, as: DELETE_ENTITY, status: 200 },
  { method: 'DELETE', path: `${ENTITIES}/user2?table_type=x`, times: 1, as: DELETE_ENTITY, status: 400, error: 'bad_request' },
]

/** What a series' counters should come to, and the bytes of its replies by the key of `http.response.size`. */
export type Expected = Record<'requests' | 'successes' | 'errors' | 'bytes', Record<string, number>>

/** Sends the series one by one; returns what a receiver should have of it. */
export async function sendSeries(url: string): Promise<Expected> {
  const expected: Expected = { requests: {}, successes: {}, errors: {}, bytes: {} }
  for (const sent of series) {
    const tags = { ...sent.as, method: sent.method, status_code: `${sent.status}`, status_category: `${`${sent.status}`[0]}xx` }
    for (let time = 1; time <= sent.times; time += 1) {
      add(expected.bytes, keyOf('http.response.size', tags), await send(url, sent))
      add(expected.requests, keyOf('http.request.count', tags), 1)
      if (sent.error === undefined) add(expected.successes, keyOf('http.success.count', tags), 1)
      else add(expected.errors, keyOf('http.error.count', { ...tags, error_type: sent.error }), 1)
    }
  }
  return expected
}

async function send(url: string, { method, path, body, type = 'application/json', status }: Case): Promise<number> {
  const init = body === undefined ? { method } : { method, body, headers: { 'content-type': type } }
  const reply = await fetch(url + path, init)
  const { byteLength } = await reply.arrayBuffer()
  if (reply.status !== status) throw new Error(`${method} ${path} was answered ${reply.status}, not ${status}`)
  return byteLength
}

function add(sums: Record<string, number>, key: string, amount: number): void {
  sums[key] = (sums[key] ?? 0) + amount
}

/** A write whose body is of this many bytes. */
function textOf(bytes: number): string {
  const around = '{"cat":{"f":""}}'
  return around.replace('""', `"${'x'.repeat(bytes - around.length)}"`)
}
