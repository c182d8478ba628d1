import { DeleteTableCommand } from '@aws-sdk/client-dynamodb'
import { inject } from 'vitest'
import { openEmbeddedStore } from '../../src/dynamodb/embedded-store.ts'
import { passEverything, startScriptedDynamoDB } from './scripted-dynamodb.ts'
import { newTableNames, startTestService, type TestService, type TestServiceOptions } from './test-service.ts'

export type ServiceFleet = Awaited<ReturnType<typeof startFleet>>

/**
 * Services on the same tables of the project's store, all through one stand-in that passes everything until told otherwise.
 * Close it in afterAll; services that are still open then are closed with it.
 */
export async function startFleet() {
  const endpoint = inject('storeEndpoint')
  const embedded = endpoint === 'embedded' ? await openEmbeddedStore('memory') : undefined
  const dynamodb = await startScriptedDynamoDB(passEverything, embedded?.endpoint ?? endpoint)
  const tableNames = newTableNames()
  const observer = await startTestService({ endpoint: dynamodb.url, tableNames })
  const open = new Set<TestService>()

  return {
    dynamodb,
    /** One that nothing befalls as long as the script passes everything: to read by, and to see what is stored. */
    observer,
    /** Starts another service on the tables. */
    async start(options: TestServiceOptions = {}): Promise<TestService> {
      const service = await startTestService({ endpoint: dynamodb.url, createTables: false, tableNames, ...options })
      open.add(service)
      return service
    },
    /** Ends one of the services; its tables stay. */
    async stop(service: TestService): Promise<void> {
      open.delete(service)
      await service.close()
    },
    async close(): Promise<void> {
      dynamodb.use(passEverything)
      await Promise.all([...open].map((service) => service.close()))
      await Promise.all(
        Object.values(tableNames).map((TableName) => observer.store.client.send(new DeleteTableCommand({ TableName }))),
      )
      await observer.close()
      await dynamodb.close()
      await embedded?.close()
    },
  }
}
