import { randomUUID } from 'node:crypto'
import { DeleteTableCommand, GetItemCommand, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb'
import { pino } from 'pino'
import { inject } from 'vitest'
import { type AppOptions, buildApp } from '../../src/app.ts'
import { createControllers } from '../../src/controllers/controllers.ts'
import { createFeatureCrud } from '../../src/dynamodb/feature-crud.ts'
import { openStore } from '../../src/dynamodb/store.ts'
import type { TableNames } from '../../src/dynamodb/tables.ts'
import type { TableType } from '../../src/features/feature-record.ts'
import { createNoMetrics } from '../../src/metrics/no-metrics.ts'
import { APP_DEFAULTS } from './app-defaults.ts'
import { createOpenApiCheck } from './openapi-check.ts'

export type TestServiceOptions = {
  /** Where the store is; the project's own store if left out. */
  endpoint?: string
  /** False for an endpoint that cannot create tables. */
  createTables?: boolean
  /** Tables to share with other services; its own if left out. */
  tableNames?: TableNames
  attemptTimeoutMs?: number
  /** Left out: reads that come at once share calls. */
  coalesceReads?: boolean
  now?: () => Date
  app?: Partial<Omit<AppOptions, 'controllers' | 'metrics'>>
}

export type TestService = Awaited<ReturnType<typeof startTestService>>

const silence = pino({ level: 'silent' })

export type Item = NonNullable<import('@aws-sdk/client-dynamodb').GetItemCommandOutput['Item']>

/** Names that no other test's tables have. */
export function newTableNames(): TableNames {
  const suffix = randomUUID()
  return { bright_uid: `features_bright_uid-${suffix}`, account_id: `features_account_id-${suffix}` }
}

/**
 * The whole service on the project's store, with tables of its own. Every reply of `request` is held against
 * /openapi.json, and so is its request id. Close it in afterAll.
 */
export async function startTestService(options: TestServiceOptions = {}) {
  const tableNames = options.tableNames ?? newTableNames()
  const store = await openStore({
    endpoint: options.endpoint ?? inject('storeEndpoint'),
    dataDir: 'memory',
    region: 'us-east-1',
    dummyCredentials: true,
    attemptTimeoutMs: options.attemptTimeoutMs ?? 10_000,
    tableNames,
    createTables: options.createTables ?? true,
  })
  const metrics = createNoMetrics()
  const crud = createFeatureCrud({
    client: store.client,
    tableNames,
    now: options.now ?? (() => new Date()),
    metrics,
    coalesceReads: options.coalesceReads ?? true,
  })
  const app = await buildApp({
    ...APP_DEFAULTS,
    logger: silence,
    lineLogger: silence,
    metrics,
    slowRequestMs: 1000,
    controllers: createControllers(crud),
    ...options.app,
  })
  const checkAgainstOpenApi = await createOpenApiCheck(app)

  /** Sends a request; `body` as JSON, or as it is when it is text or bytes. */
  async function request(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH',
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) {
    const isReady = typeof body === 'string' || body instanceof Uint8Array
    const payload = body === undefined ? {} : { payload: isReady ? Buffer.from(body) : JSON.stringify(body) }
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const reply = await app.inject({ method, url, headers: { ...json, ...headers }, ...payload })
    const contentType = String(reply.headers['content-type'])
    const received = { method, url, status: reply.statusCode, contentType, json: reply.body === '' ? undefined : reply.json() }
    checkAgainstOpenApi(received)
    if (!/^[A-Za-z0-9._-]{1,128}$/.test(String(reply.headers['x-request-id']))) throw new Error('reply without a request id')
    return { ...received, headers: reply.headers, text: reply.body }
  }

  return {
    app,
    store,
    tableNames,
    request,
    read: (identifier: string, category: string, tableType: TableType = 'bright_uid') =>
      request(
        'GET',
        `/api/v1/get/item/${encodeURIComponent(identifier)}/${encodeURIComponent(category)}?table_type=${tableType}`,
      ),
    write: (identifier: string, body: unknown, tableType: TableType = 'bright_uid') =>
      request('POST', `/api/v1/items/${encodeURIComponent(identifier)}?table_type=${tableType}`, body),
    filter: (identifier: string, mapping: unknown, tableType: TableType = 'bright_uid') =>
      request('POST', `/api/v1/get/item/${encodeURIComponent(identifier)}?table_type=${tableType}`, mapping),
    /** An item as the table has it. */
    stored: async (identifier: string, category: string, tableType: TableType = 'bright_uid'): Promise<Item | undefined> => {
      const Key = { [tableType]: { S: identifier }, category: { S: category } }
      return (await store.client.send(new GetItemCommand({ TableName: tableNames[tableType], Key }))).Item
    },
    /** Puts an item by hand, as another writer would. */
    put: async (item: Item, tableType: TableType = 'bright_uid'): Promise<void> => {
      await store.client.send(new PutItemCommand({ TableName: tableNames[tableType], Item: item }))
    },
    /** Everything in both tables, in a fixed order: what a refused request must leave as it was. */
    dump: async (): Promise<string> => {
      const tables = await Promise.all(
        Object.values(tableNames).map(async (TableName) => {
          const pages = await Array.fromAsync(paginateScan({ client: store.client }, { TableName }))
          return pages.flatMap((page) => page.Items ?? [])
        }),
      )
      return JSON.stringify(tables.map((items) => items.map((item) => JSON.stringify(item)).sort()))
    },
    close: async (): Promise<void> => {
      await app.close()
      // The project's own store outlives this service, where it is not the embedded one.
      if (options.endpoint === undefined && inject('storeEndpoint') !== 'embedded') {
        await Promise.all(Object.values(tableNames).map((TableName) => store.client.send(new DeleteTableCommand({ TableName }))))
      }
      await store.close()
    },
  }
}
