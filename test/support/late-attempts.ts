import { onTestFinished } from 'vitest'
import type { HeldAttempt } from './held-attempts.ts'
import { openConnection, requestText } from './raw-client.ts'
import { passEverything, type Script } from './scripted-dynamodb.ts'
import type { ServiceFleet } from './service-fleet.ts'
import type { TestService, TestServiceOptions } from './test-service.ts'

/** Something that a client does to the category `cat` of an entity. */
export type Change = { method: 'POST' | 'PATCH' | 'DELETE'; path: (identifier: string) => string; body?: unknown }

const itemPath = (identifier: string) => `/api/v1/items/${identifier}/cat`
const entityPath = (identifier: string) => `/api/v1/items/${identifier}`

export const DELETE_ITEM: Change = { method: 'DELETE', path: itemPath }
export const DELETE_ENTITY: Change = { method: 'DELETE', path: entityPath }

export function writeOf(data: object): Change {
  return { method: 'POST', path: entityPath, body: { cat: data } }
}

export function mergeOf(patch: object): Change {
  return { method: 'PATCH', path: itemPath, body: patch }
}

/** Has a service make a change. */
export function make(service: TestService, identifier: string, { method, path, body }: Change) {
  return service.request(method, path(identifier), body)
}

export const holdFirstAttempts: Script = ({ operation, attempt }) =>
  operation === 'UpdateItem' && attempt === 1 ? 'hold' : 'pass'
export const holdAllAttempts: Script = ({ operation }) => (operation === 'UpdateItem' ? 'hold' : 'pass')

/** A deadline that a test waits for, and yet long enough for a write on a busy machine. */
export const HASTY: TestServiceOptions = { app: { requestTimeoutMs: 500 } }

/** A way in which an attempt comes to be given up on while it is held back, and what a service needs for it. */
export type Leaving = {
  how: string
  options: TestServiceOptions
  leave: (fleet: ServiceFleet, service: TestService, identifier: string, change: Change) => Promise<void>
}

export const LEAVINGS: Leaving[] = [
  {
    how: 'timed out and was retried',
    options: { attemptTimeoutMs: 150, app: { requestTimeoutMs: 5000 } },
    leave: makeUntil(200),
  },
  { how: 'the deadline ended', options: HASTY, leave: makeUntil(504) },
  {
    how: 'a client left that hung up',
    options: { attemptTimeoutMs: 1000, app: { requestTimeoutMs: 1000 } },
    leave: leaveBehind,
  },
]

function makeUntil(status: number): Leaving['leave'] {
  return async (_fleet, service, identifier, change) => {
    const reply = await make(service, identifier, change)
    if (reply.status !== status) throw new Error(`expected ${status}, was answered ${reply.status}: ${reply.text}`)
  }
}

/** Makes a change whose attempt the store holds back, and hangs up as soon as it does. */
export async function leaveBehind(
  fleet: ServiceFleet,
  service: TestService,
  identifier: string,
  { method, path, body }: Change,
): Promise<void> {
  const { app } = service
  const address = app.server.listening ? app.listeningOrigin : await app.listen({ host: '127.0.0.1', port: 0 })
  const client = await openConnection(Number(new URL(address).port))
  const heldBefore = fleet.dynamodb.held().length
  client.send(requestText(method, path(identifier), {}, body === undefined ? '' : JSON.stringify(body)))
  await fleet.dynamodb.holding(heldBefore + 1)
  client.hangUp()
}

/** Starts a service that ends with the test. */
export async function startForTest(fleet: ServiceFleet, options: TestServiceOptions): Promise<TestService> {
  const service = await fleet.start(options)
  onTestFinished(() => fleet.stop(service))
  return service
}

/** Waits until nobody waits for what is held back, and then has everything pass from now on. */
export async function giveUpHeld({ dynamodb }: ServiceFleet): Promise<HeldAttempt[]> {
  const held = dynamodb.held()
  await Promise.all(held.map((attempt) => attempt.givenUp))
  dynamodb.use(passEverything)
  return held
}

/** Lets them arrive one after the other; the status of what the store said to each. */
export async function releaseInTurn(late: readonly HeldAttempt[]): Promise<number[]> {
  const statuses: number[] = []
  for (const attempt of late) statuses.push((await attempt.release()).status)
  return statuses
}
