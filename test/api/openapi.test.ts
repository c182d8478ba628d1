import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

type Schema = { $ref?: string; examples?: unknown[]; example?: unknown }
type Media = { schema: Schema; examples?: Record<string, { value: unknown }>; example?: unknown }
type Content = Record<string, Media>
type Parameter = Omit<Media, 'schema'> & { name: string; in: string; required?: boolean; schema: object }
type Operation = {
  operationId?: string
  summary?: string
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Content }
  responses: Record<string, { description?: string; content?: Content }>
}
type Document = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

let service: TestService
let document: Document
let isReady = true

beforeAll(async () => {
  service = await startTestService({ app: { isReady: () => isReady } })
  document = (await service.app.inject('/openapi.json')).json<Document>()
})

afterAll(async () => {
  await service.close()
})

const READ_ITEM = ['get', '/api/v1/get/item/{identifier}/{category}'] as const
const READ_MAPPING = ['post', '/api/v1/get/item/{identifier}'] as const
const READ_ENTITIES = ['post', '/api/v1/get/items'] as const
const READ_ENTITY = ['get', '/api/v1/get/item/{identifier}'] as const
const WRITE = ['post', '/api/v1/items/{identifier}'] as const
const WRITE_ENTITIES = ['post', '/api/v1/items'] as const
const MERGE = ['patch', '/api/v1/items/{identifier}/{category}'] as const
const DELETE_ITEM = ['delete', '/api/v1/items/{identifier}/{category}'] as const
const DELETE_ENTITY = ['delete', '/api/v1/items/{identifier}'] as const
const LIVE = ['get', '/health/live'] as const
const READY = ['get', '/health/ready'] as const

const READS = [READ_ITEM, READ_MAPPING, READ_ENTITIES, READ_ENTITY]
const REPLACEMENTS = [WRITE, WRITE_ENTITIES]
const WITH_BODY = [READ_MAPPING, READ_ENTITIES, ...REPLACEMENTS, MERGE]
const ENDPOINTS = [...READS, ...REPLACEMENTS, MERGE, DELETE_ITEM, DELETE_ENTITY, LIVE, READY]

function operationOf([method, path]: readonly [string, string]): Operation {
  const operation = document.paths[path]?.[method]
  if (!operation) throw new Error(`${method} ${path} is not documented`)
  return operation
}

/** Examples wherever OpenAPI 3.1 lets them stand: beside the schema, in it, or in the component that it refers to. */
function examplesOf({ schema, example, examples }: Media): unknown[] {
  const component = document.components.schemas[schema.$ref?.replace('#/components/schemas/', '') ?? '']
  const inSchemas = [schema, component].flatMap((place) => [...(place?.examples ?? []), place?.example])
  return [example, ...Object.values(examples ?? {}).map(({ value }) => value), ...inSchemas].filter(
    (found) => found !== undefined,
  )
}

/** Fails unless there is an example and every one fits its schema. */
function expectValidExamples(media: Media | undefined): unknown[] {
  if (!media) throw new Error('no such content is documented')
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  const validate = ajv.compile({ ...media.schema, components: document.components })
  const examples = examplesOf(media)
  expect(examples).not.toStrictEqual([])
  const broken = examples.filter((example) => !validate(example))
  expect(broken).toStrictEqual([])
  return examples
}

test('/openapi.json is OpenAPI 3.1 with every endpoint and no other', async () => {
  const reply = await service.app.inject('/openapi.json')

  expect(reply).toMatchObject({ statusCode: 200 })
  expect(reply.headers['content-type']).toMatch(/^application\/json/)
  expect(document.openapi).toMatch(/^3\.1\.\d+$/)
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  expect(documented.toSorted()).toStrictEqual(ENDPOINTS.map((endpoint) => endpoint.join(' ')).toSorted())
})

test('every $ref of the document leads somewhere', () => {
  const pointers = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name)

  expect(pointers).not.toStrictEqual([])
  expect(pointers.filter((name) => name === undefined || !(name in document.components.schemas))).toStrictEqual([])
})

test('every endpoint has an operationId of its own and a summary', () => {
  const operations = ENDPOINTS.map(operationOf)

  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ENDPOINTS.length)
  for (const { operationId, summary } of operations) {
    expect(operationId).toMatch(/^[a-z]+(\.[a-z_]+)+$/)
    expect(summary).toMatch(/./)
  }
})

const METADATA = ['compute_id', 'event_time', 'source', 'ttl']

test.for([
  [READ_ITEM, ['identifier', 'category'], ['consistent']],
  [READ_MAPPING, ['identifier'], ['consistent']],
  [READ_ENTITIES, [], ['consistent']],
  [READ_ENTITY, ['identifier'], ['consistent', 'cursor', 'limit']],
  [WRITE, ['identifier'], METADATA],
  [WRITE_ENTITIES, [], METADATA],
  [MERGE, ['identifier', 'category'], []],
  [DELETE_ITEM, ['identifier', 'category'], []],
  [DELETE_ENTITY, ['identifier'], []],
] as const)('the parameters of %s are documented', ([endpoint, inPath, inQuery]) => {
  const { parameters = [] } = operationOf(endpoint)

  const required = parameters.filter((parameter) => parameter.in === 'path' && parameter.required).map(({ name }) => name)
  expect(required.toSorted()).toStrictEqual([...inPath].toSorted())
  const [tableType, ...others] = parameters.filter((parameter) => parameter.in === 'query')
  expect(tableType).toMatchObject({ name: 'table_type', schema: { enum: ['bright_uid', 'account_id'], default: 'bright_uid' } })
  expect(tableType?.required ?? false).toBe(false)
  expect(others.map(({ name }) => name).toSorted()).toStrictEqual(inQuery)
  expect(others.filter((parameter) => parameter.required)).toStrictEqual([])
})

test.for([
  [READ_ITEM, 'consistent', { type: 'boolean', default: false }],
  [READ_ENTITY, 'limit', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }],
  [READ_ENTITY, 'cursor', { type: 'string' }],
  [WRITE, 'source', { type: 'string', minLength: 1, maxLength: 256 }],
  [WRITE, 'compute_id', { type: 'string', minLength: 1, maxLength: 256 }],
  [WRITE, 'ttl', { type: 'integer', minimum: 1, maximum: 315_360_000 }],
  [WRITE, 'event_time', { type: 'string' }],
] as const)('of %s the parameter %s says what it takes', ([endpoint, name, schema]) => {
  const { parameters = [] } = operationOf(endpoint)

  expect(parameters.find((parameter) => parameter.name === name)?.schema).toMatchObject(schema)
})

describe('examples', () => {
  test.for(WITH_BODY)('of the body of %s %s fit its schema, and are accepted', async ([method, path]) => {
    const { requestBody } = operationOf([method, path])

    const examples = expectValidExamples(requestBody?.content['application/json'])

    const url = path.replace('{identifier}', 'user123').replace('{category}', 'trans_features')
    for (const example of examples) {
      await service.write('user123', { trans_features: { avg_credit_30d: 1 } })
      expect((await service.request(method === 'patch' ? 'PATCH' : 'POST', url, example)).status).toBe(200)
    }
  })

  test('of a patch stand under both content types that it has', () => {
    const { content = {} } = operationOf(MERGE).requestBody ?? {}

    expect(Object.keys(content)).toStrictEqual(['application/json', 'application/merge-patch+json'])
    for (const media of Object.values(content)) expectValidExamples(media)
  })

  test.for(REPLACEMENTS)('of the query of %s %s are accepted, and shown', async ([, path]) => {
    const { parameters = [] } = operationOf(['post', path])
    const examples = parameters.flatMap((parameter) => {
      const [first] = Object.values(parameter.examples ?? {})
      const example = parameter.example ?? first?.value
      return example === undefined || parameter.in === 'path' ? [] : [[parameter.name, String(example)] as const]
    })
    const body = { cat: { f: 1 } }

    const url = `${path.replace('{identifier}', 'shown')}?${new URLSearchParams(Object.fromEntries(examples))}`
    const reply = await service.request('POST', url, path.endsWith('items') ? { shown: body } : body)

    expect(examples.map(([name]) => name).toSorted()).toStrictEqual(METADATA)
    expect(reply.status).toBe(200)
    expect((await service.read('shown', 'cat')).json).toMatchObject({
      features: {
        metadata: {
          source: 'daily-job',
          compute_id: 'run-2025-10-07',
          ttl: 86400,
          event_time: '2025-10-07T07:46:26.943Z',
        },
      },
    })
  })

  test.for(WITH_BODY)('and the body of %s %s is required', (endpoint) => {
    expect(operationOf(endpoint).requestBody?.required).toBe(true)
  })

  test.for(ENDPOINTS)('of the 200 reply of %s %s fit its schema', (endpoint) => {
    expectValidExamples(operationOf(endpoint).responses['200']?.content?.['application/json'])
  })

  test.for(ENDPOINTS)('of the errors of %s %s fit their schema and their status', (endpoint) => {
    const errors = Object.entries(operationOf(endpoint).responses).filter(([status]) => status !== '200')

    for (const [status, { content }] of errors) {
      const examples = expectValidExamples(content?.['application/problem+json'])
      for (const example of examples) expect(example).toHaveProperty('status', Number(status))
    }
  })
})

const DOOR_ERRORS = ['401', '429']
const STORE_ERRORS = ['500', '503', '504']
const BODY_ERRORS = ['400', '413', '415', '422']

test.for([
  [READ_ITEM, ['200', '400', '404', '422', ...DOOR_ERRORS, ...STORE_ERRORS]],
  [READ_MAPPING, ['200', '404', ...BODY_ERRORS, ...DOOR_ERRORS, ...STORE_ERRORS]],
  [READ_ENTITIES, ['200', ...BODY_ERRORS, ...DOOR_ERRORS, ...STORE_ERRORS]],
  [READ_ENTITY, ['200', '400', '404', '422', ...DOOR_ERRORS, ...STORE_ERRORS]],
  [WRITE, ['200', '403', '409', ...BODY_ERRORS, ...DOOR_ERRORS, ...STORE_ERRORS]],
  [WRITE_ENTITIES, ['200', '403', '409', ...BODY_ERRORS, ...DOOR_ERRORS, ...STORE_ERRORS]],
  [MERGE, ['200', '403', ...BODY_ERRORS, ...DOOR_ERRORS, ...STORE_ERRORS]],
  [DELETE_ITEM, ['200', '403', ...BODY_ERRORS, ...DOOR_ERRORS, ...STORE_ERRORS]],
  [DELETE_ENTITY, ['200', '403', ...BODY_ERRORS, ...DOOR_ERRORS, ...STORE_ERRORS]],
  [LIVE, ['200']],
  [READY, ['200', '503']],
] as const)('%s documents every status that it can answer, and no other', ([endpoint, statuses]) => {
  const { responses } = operationOf(endpoint)

  expect(Object.keys(responses).toSorted()).toStrictEqual([...statuses].toSorted())
  const errors = Object.entries(responses).filter(([status]) => status !== '200')
  for (const [, { content }] of errors) expect(Object.keys(content ?? {})).toStrictEqual(['application/problem+json'])
})

test('a reply that breaks the document is noticed by these tests', async () => {
  const ajv = new Ajv2020({ strict: false })
  const { schema } = operationOf(READ_ITEM).responses['200']?.content?.['application/json'] ?? {}
  const validate = ajv.compile({ ...schema, components: document.components })
  await service.write('checked', { cat: { a: 1 } })

  const { json } = await service.read('checked', 'cat')

  expect(validate(json)).toBe(true)
  expect(validate({ ...(json as object), extra: 1 })).toBe(false)
  expect(validate({ ...(json as object), category: 1 })).toBe(false)
})

describe('the docs page', () => {
  const OTHER_HOST = /(?:src|href|url|action)\s*[=:(]\s*["']?\s*(?:https?:)?\/\/[^"'\s]+|@import|fetch\(\s*["']https?:/i

  test.for(['/docs', '/docs/'])('%s is HTML', async (url) => {
    const reply = await service.app.inject(url)

    expect(reply.statusCode).toBe(200)
    expect(reply.headers['content-type']).toMatch(/^text\/html/)
    expect(reply.body).toContain('id="swagger-ui"')
  })

  test.for(['/docs', '/docs/'])('everything that %s refers to is served from here', async (url) => {
    const { body } = await service.app.inject(url)

    const assets = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, asset]) => asset ?? '')
    expect(assets.filter((asset) => /\.(js|css)$/.test(asset)).length).toBeGreaterThanOrEqual(4)
    expect(body).not.toMatch(OTHER_HOST)
    for (const asset of assets) {
      const { pathname, origin } = new URL(asset, `http://here${url}`)
      expect(origin).toBe('http://here')
      const reply = await service.app.inject(pathname)
      expect({ pathname, status: reply.statusCode, empty: reply.rawPayload.length === 0 }).toStrictEqual({
        pathname,
        status: 200,
        empty: false,
      })
    }
  })

  test('starts with no reference to another host, and no validator on the internet', async () => {
    const { body } = await service.app.inject('/docs/static/swagger-initializer.js')

    expect(body).toContain('SwaggerUIBundle(')
    expect(body).toMatch(/"?validatorUrl"?:\s*null/)
    expect(body).not.toMatch(OTHER_HOST)
  })

  test('shows the same document as /openapi.json', async () => {
    const { body } = await service.app.inject('/docs/static/swagger-initializer.js')

    const url = /url: resolveUrl\('\.\/([^']+)'\)/.exec(body)?.[1]
    const shown = await service.app.inject(`/docs/${url}`)
    expect(shown.json()).toStrictEqual(document)
  })
})

describe('health', () => {
  test('the service is live', async () => {
    const reply = await service.request('GET', '/health/live')

    expect(reply).toMatchObject({ status: 200, json: { status: 'live' } })
  })

  test('the service is ready when its tables are', async () => {
    isReady = true

    const reply = await service.request('GET', '/health/ready')

    expect(reply).toMatchObject({ status: 200, json: { status: 'ready' } })
  })

  test('the service that is not ready says so, and is live all the same', async () => {
    isReady = false

    const ready = await service.request('GET', '/health/ready')
    const live = await service.request('GET', '/health/live')

    expectProblem(ready, 503, 'NOT_READY')
    expect(live.status).toBe(200)
  })
})
