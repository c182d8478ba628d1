import fc from 'fast-check'
import { requestText } from './raw-client.ts'

const ENTITIES = ['victim', 'user%20123', '__proto__', '%F0%9F%A6%8A', 'a'.repeat(300)]
const BODIES = [
  '{"cat":{"f":9,"g":[1,2,{"h":"i"}],"n":9007199254740993}}',
  '{"cat":["f","g"],"other":[]}',
  '{"cat":{"\\n":"\\ud83e\\udd8a","x":1e-7}}',
  '{"identifiers":["victim","__proto__","victim"],"categories":{"cat":["f"],"other":[]}}',
  '{"victim":{"cat":{"f":9}},"__proto__":{"cat":{"g":null}}}',
  '{}',
  '[]',
  '{"cat":{"f":"'.concat('x'.repeat(3000), '"}}'),
]

const entity = fc.constantFrom(...ENTITIES)
const body = fc.constantFrom(...BODIES)
const query = fc.constantFrom(
  ...['', '?table_type=account_id', '?table_type=x', '?a=b&a=c', '?limit=2&consistent=true', '?cursor=Zm9v&limit=-1'],
  ...['?ttl=60&source=x&compute_id=y', '?event_time=2025-10-07T07:46:26+02:00', '?event_time=99999999999999&ttl=0'],
)
const place = fc.oneof(
  fc.tuple(fc.constantFrom('/api/v1/items/', '/api/v1/get/item/'), entity).map((parts) => parts.join('')),
  fc.constantFrom('/api/v1/items', '/api/v1/get/items'),
)
const target = fc.tuple(place, query).map((parts) => parts.join(''))

const headers = fc.dictionary(
  fc.constantFrom('accept', 'connection', 'expect', 'user-agent', 'x-forwarded-for', 'traceparent', 'cookie', 'upgrade'),
  fc.constantFrom('close', 'keep-alive', '100-continue', 'x', '', '*/*', 'h2c', ', ,'),
  { maxKeys: 3 },
)

const reads = fc
  .tuple(entity, query, headers)
  .map(([name, asked, fields]) => requestText('GET', `/api/v1/get/item/${name}/cat${asked}`, fields))
const pages = fc
  .tuple(entity, query, headers)
  .map(([name, asked, fields]) => requestText('GET', `/api/v1/get/item/${name}${asked}`, fields))
const patches = fc
  .tuple(entity, query, body, fc.constantFrom('application/json', 'application/merge-patch+json', 'text/plain'))
  .map(([name, asked, text, type]) => requestText('PATCH', `/api/v1/items/${name}/cat${asked}`, { 'content-type': type }, text))
const deletes = fc
  .tuple(entity, fc.constantFrom('', '/cat', '/cat/cat'), query, headers)
  .map(([name, category, asked, fields]) => requestText('DELETE', `/api/v1/items/${name}${category}${asked}`, fields))
const sized = fc.tuple(target, headers, body).map(([path, fields, text]) => requestText('POST', path, fields, text))
const chunked = fc.tuple(target, body, fc.integer({ min: 1, max: 40 })).map(([path, text, size]) => {
  const chunks = text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []
  const coded = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')
  const fields = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
  return `${requestText('POST', path, fields)}${coded}0\r\nx-trailer: y\r\n\r\n`
})
const others = fc
  .tuple(
    fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'DELETE', 'PUT', 'TRACE'),
    fc.constantFrom('/health/live', '/health/ready', '/openapi.json', '/docs', '/docs/', '*', '/', 'http://x/health/live'),
    headers,
  )
  .map(([method, path, fields]) => requestText(method, path, fields))

/** A request as a client would send it, to any of the routes; one in a while, several at once. */
export const requests: fc.Arbitrary<string> = fc
  .array(fc.oneof(reads, pages, sized, chunked, chunked, patches, deletes, others), { minLength: 1, maxLength: 3 })
  .map((texts) => texts.join(''))
