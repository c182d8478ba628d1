import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import { startProgress } from '../../src/dynamodb/calls/progress.ts'
import { createSend, type StoreCall } from '../../src/dynamodb/calls/send.ts'
import { MAX_SOCKETS } from '../../src/dynamodb/client.ts'

const NO_END = { signal: new AbortController().signal, endsAtMs: Number.POSITIVE_INFINITY }

/** Sending over a client that answers nobody until it is told to; `ask` names each call. */
function startSend() {
  const held: ((reply: object) => void)[] = []
  const client = { send: () => new Promise((resolve) => held.push(resolve)) }
  const send = createSend(client as unknown as DynamoDBClient)
  return {
    held,
    ask(makeBody: StoreCall['makeBody'] = () => '{}', deadline = NO_END) {
      return send({ operation: 'GetItem', tableName: 'table', makeBody }, deadline, startProgress())
    },
  }
}

test('a call whose input cannot be made fails by itself: the one before it is answered, and the one behind it is sent', async () => {
  const { held, ask } = startSend()
  const underWay = Array.from({ length: MAX_SOCKETS }, () => ask())
  const broken = ask(() => {
    throw new TypeError('a bug')
  })
  const behind = ask()

  held[0]?.({ first: true })
  const first = await underWay[0]
  await expect(broken).rejects.toThrow('a bug')
  held[MAX_SOCKETS]?.({ behind: true })

  expect(first).toEqual({ first: true })
  expect(await behind).toEqual({ behind: true })
})

test('calls that wait for credentials until their deadline hold up nobody who comes after it', async () => {
  const { held, ask } = startSend()
  const end = new AbortController()
  const stuck = Array.from({ length: MAX_SOCKETS }, () => ask(undefined, { ...NO_END, signal: end.signal }))
  const next = ask()

  end.abort()
  await Promise.allSettled(stuck)
  held[MAX_SOCKETS]?.({ next: true })

  expect(await next).toEqual({ next: true })
})
