import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

const PAUSE_MS = 20

/** A DynamoDB whose replies come a byte at a time and take ten seconds and more: never silent, and never done. */
export async function startDribblingDynamoDB(): Promise<{ url: string }> {
  const server = createServer(async (request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
    while (!response.destroyed) {
      response.write(' ')
      await delay(PAUSE_MS)
    }
  })
  const { promise: listening, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await listening
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
