import Fastify from 'fastify'
import { showEntity, showItem } from './plain-replies.ts'
import { openPlainStore, type TableType } from './plain-store.ts'

// The same endpoints as one would write them with Fastify and the SDK's document client: no metrics, no log, no deadline. A
// process of its own, on PORT, with DynamoDB at DYNAMODB_ENDPOINT.
type Query = { table_type: TableType }
type Entity = { Querystring: Query; Params: { identifier: string } }
type Category = { Querystring: Query; Params: { identifier: string; category: string } }
type Mapping = Record<string, string[]>
type Features = Record<string, Record<string, unknown>>

const store = openPlainStore(process.env.DYNAMODB_ENDPOINT ?? '')
const tableType = { type: 'string', enum: ['bright_uid', 'account_id'], default: 'bright_uid' }
const querystring = { type: 'object', properties: { table_type: tableType } }
const mapping = { type: 'object', minProperties: 1, additionalProperties: { type: 'array', items: { type: 'string' } } }
const features = { type: 'object', minProperties: 1, additionalProperties: { type: 'object' } }
const entities = {
  type: 'object',
  required: ['identifiers', 'categories'],
  properties: { identifiers: { type: 'array', items: { type: 'string' } }, categories: mapping },
}

const app = Fastify()
app.get('/health/live', async () => ({ status: 'live' }))

app.get<Category>(
  '/api/v1/get/item/:identifier/:category',
  { schema: { querystring } },
  async ({ query: { table_type }, params }, reply) => {
    const item = await store.readCategory(table_type, params)
    if (!item) return reply.code(404).send({ detail: 'Item not found' })
    return showItem(table_type, item)
  },
)

app.post<Entity & { Body: Mapping }>(
  '/api/v1/get/item/:identifier',
  { schema: { querystring, body: mapping } },
  async ({ query: { table_type }, params: { identifier }, body }, reply) => {
    const keys = Object.keys(body).map((category) => ({ identifier, category }))
    const items = await store.readCategories(table_type, keys)
    if (items.length === 0) return reply.code(404).send({ detail: 'No items found for provided mapping' })
    return { identifier, table_type, ...showEntity(table_type, body, items) }
  },
)

app.post<Entity & { Body: Features }>(
  '/api/v1/items/:identifier',
  { schema: { querystring, body: features } },
  async ({ query: { table_type }, params: { identifier }, body }) => {
    const results: Record<string, { status: string; feature_count: number }> = {}
    let total_features = 0
    await Promise.all(
      Object.entries(body).map(async ([category, data]) => {
        await store.replaceCategory(table_type, { identifier, category }, data)
        const feature_count = Object.keys(data).length
        results[category] = { status: 'replaced', feature_count }
        total_features += feature_count
      }),
    )
    const message = 'Items written successfully (full replace per category)'
    return { message, identifier, table_type, results, total_features }
  },
)

app.post<{ Querystring: Query; Body: { identifiers: string[]; categories: Mapping } }>(
  '/api/v1/get/items',
  { schema: { querystring, body: entities } },
  async ({ query: { table_type }, body: { identifiers, categories } }) => {
    const keys = identifiers.flatMap((identifier) => Object.keys(categories).map((category) => ({ identifier, category })))
    const items = Map.groupBy(await store.readCategories(table_type, keys), (item) => item[table_type])
    return {
      table_type,
      entities: identifiers.map((identifier) => {
        return { identifier, ...showEntity(table_type, categories, items.get(identifier) ?? []) }
      }),
    }
  },
)

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
