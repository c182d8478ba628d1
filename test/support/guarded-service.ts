import { askedOf, batch, categoryOf, itemOf, success } from './dynamodb-replies.ts'
import { createKeyHolders } from './key-holders.ts'
import { type LoggedServiceOptions, startLoggedService } from './logged-service.ts'
import { openConnection } from './raw-client.ts'
import type { Script } from './scripted-dynamodb.ts'

export type GuardedService = Awaited<ReturnType<typeof startGuardedService>>

export const READ = '/api/v1/get/item/user/cat'
export const FILTER = '/api/v1/get/item/user'
export const WRITE = '/api/v1/items/user'
export const WRITE_BODY = '{"cat":{"f":1}}'
/** Of several entities in one request, and one category of one. */
export const FILTER_MANY = '/api/v1/get/items'
export const FILTER_MANY_BODY = '{"identifiers":["user"],"categories":{"cat":[]}}'
export const WRITE_MANY = '/api/v1/items'
export const WRITE_MANY_BODY = '{"user":{"cat":{"f":1}}}'
export const CHANGE = '/api/v1/items/user/cat'

/** What the store holds of anybody, so that who gets in to read is not told that nothing is there. */
const everythingIsThere: Script = (call) => {
  if (call.operation === 'GetItem') return success({ Item: itemOf(categoryOf(call)) })
  if (call.operation === 'Query') return success({ Items: [itemOf('cat')] })
  if (call.operation !== 'BatchGetItem') return success({})
  const { table, categories } = askedOf(call)
  return batch(table, categories)
}

/** A service that asks for keys, on a stand-in for DynamoDB that holds every category of everybody. */
export async function startGuardedService({ app, ...options }: LoggedServiceOptions = {}) {
  const holders = createKeyHolders()
  const service = await startLoggedService({
    script: everythingIsThere,
    ...options,
    app: { docs: false, apiKeys: holders.apiKeys, ...app },
  })
  return {
    ...service,
    ...holders,
    /** All that comes back for these bytes until the service closes the connection. */
    async exchange(bytes: string): Promise<string> {
      const client = await openConnection(service.port)
      client.send(bytes)
      return client.all()
    },
  }
}

/** Reads so many times, one after the other; returns the statuses. */
export async function readTimes(
  { app }: Pick<GuardedService, 'app'>,
  times: number,
  headers: Record<string, string>,
  url = READ,
): Promise<number[]> {
  const statuses: number[] = []
  for (let count = 0; count < times; count += 1) statuses.push((await app.inject({ url, headers })).statusCode)
  return statuses
}

/** All replies in what a connection received, in their order. */
export function repliesIn(received: string): { status: number; reply: string }[] {
  const replies = received.split(/(?=HTTP\/1\.1 \d{3} )/).filter((reply) => reply !== '')
  return replies.map((reply) => ({ status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(reply)?.[1]), reply }))
}

/** The statuses of all replies in what a connection received. */
export function statusesIn(received: string): number[] {
  return repliesIn(received).map(({ status }) => status)
}
