import { onTestFinished, vi } from 'vitest'
import { openEmbeddedStore } from '../../src/dynamodb/embedded-store.ts'
import { passEverything, type Script, startScriptedDynamoDB } from './scripted-dynamodb.ts'
import { startTestService, type TestServiceOptions } from './test-service.ts'

/** The service on a stand-in that answers by the script, for one test. Retries do not wait. */
export async function startScriptedService(script: Script, options: TestServiceOptions = {}) {
  waitBeforeRetries('never')
  const dynamodb = await startScriptedDynamoDB(script)
  const service = await startTestService({ endpoint: dynamodb.url, createTables: false, ...options })
  onTestFinished(async () => {
    await service.close()
    await dynamodb.close()
  })
  return { service, dynamodb }
}

/** The service on a stand-in that passes everything to an embedded store of its own until told otherwise. Close it. */
export async function startProxiedService(options: TestServiceOptions = {}) {
  const embedded = await openEmbeddedStore('memory')
  const dynamodb = await startScriptedDynamoDB(passEverything, embedded.endpoint)
  const service = await startTestService({ endpoint: dynamodb.url, ...options })
  dynamodb.use(passEverything)
  return {
    service,
    dynamodb,
    async close(): Promise<void> {
      await service.close()
      await dynamodb.close()
      await embedded.close()
    },
  }
}

/** How long a retry's backoff is, in this test: ours and the SDK's are a ceiling of 25 ms or more times Math.random. */
export function waitBeforeRetries(wait: 'never' | 'past the deadline'): void {
  const random = vi.spyOn(Math, 'random').mockReturnValue(wait === 'never' ? 0 : 40)
  onTestFinished(() => random.mockRestore())
}
