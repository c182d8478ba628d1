import { expect, test } from 'vitest'
import { itemOf, success } from '../support/dynamodb-replies.ts'
import { expectWholeProblem } from '../support/expect-whole-problem.ts'
import { createGate } from '../support/gate.ts'
import { jsonPost, startLoggedService } from '../support/logged-service.ts'
import { openConnection, requestText } from '../support/raw-client.ts'

const READ = '/api/v1/get/item/user/category'
const WRITE = '/api/v1/items/user'
const BODY = '{"category":{"name":"x"}}'

/** A service that takes so many requests at once, on a store that holds every call until `open`. */
async function startHeldService(maxInFlight: number) {
  const gate = createGate(maxInFlight)
  const service = await startLoggedService({
    app: { maxInFlight },
    script: async ({ operation }) => {
      await gate.arrive()
      return success(operation === 'GetItem' ? { Item: itemOf('category') } : {})
    },
  })
  return { ...service, gate, read: () => fetch(service.url + READ) }
}

async function wholeReply(reply: Response) {
  return { status: reply.status, headers: Object.fromEntries(reply.headers), json: await reply.json() }
}

test('while as many requests as may be are at work, the next is OVERLOADED, those get their true answers, and then it is taken', async () => {
  const { gate, read, dynamodb } = await startHeldService(3)
  const atWork = [read(), read(), read()]
  await gate.arrived

  const refused = await wholeReply(await read())
  const callsAtOnce = dynamodb.calls().length
  gate.open()
  const answered = await Promise.all(atWork)
  const later = await read()

  expectWholeProblem(refused, { status: 503, code: 'OVERLOADED', instance: READ })
  expect(refused.headers['retry-after']).toMatch(/^[1-9]\d*$/)
  expect(callsAtOnce).toBe(3)
  for (const reply of [...answered, later]) {
    expect(await wholeReply(reply)).toMatchObject({ status: 200, json: { features: { data: { name: 'category' } } } })
  }
})

test.for([
  ['a write', WRITE, jsonPost(BODY)],
  ['a read of several categories', '/api/v1/get/item/user', jsonPost('{"category":[]}')],
  ['a path that no route takes', '/nowhere', {}],
] as const)('%s beyond the limit is OVERLOADED, too', async ([_, path, init]) => {
  const { gate, read, url } = await startHeldService(1)
  const atWork = read()
  await gate.arrived

  const refused = await wholeReply(await fetch(url + path, init))
  gate.open()
  await atWork

  expectWholeProblem(refused, { status: 503, code: 'OVERLOADED', instance: path })
})

test.for(['/health/live', '/health/ready'])('%s is answered while as many requests as may be are at work', async (path) => {
  const { gate, read, url } = await startHeldService(1)
  const atWork = read()
  await gate.arrived

  const health = await fetch(url + path)
  gate.open()
  await atWork

  expect(health.status).toBe(200)
})

test('an OVERLOADED request is a warning in the log, with its code and without a stack', async () => {
  const { gate, read, finalRequests } = await startHeldService(1)
  const atWork = read()
  await gate.arrived

  await read()
  gate.open()
  await atWork
  const lines = await finalRequests()

  const line = lines.find(({ status }) => status === 503)
  expect(line).toMatchObject({ level: 'warn', error_code: 'OVERLOADED', dynamodb_calls: 0 })
  expect(JSON.stringify(line)).not.toContain('at ')
  expect(line).not.toHaveProperty('err')
})

test('a request whose body is still on its way holds no place, and needs one when its body is there', async () => {
  const { gate, read, port } = await startHeldService(1)
  const headers = { expect: '100-continue', 'content-length': String(BODY.length) }
  const slow = await openConnection(port)
  slow.send(requestText('POST', WRITE, headers, BODY.slice(0, 5)))
  await slow.received(/100 Continue/)

  const atWork = read()
  await gate.arrived
  slow.send(BODY.slice(5))
  const refused = await slow.received(/\r\n\r\n\{.*\}$/)
  gate.open()
  const taken = await atWork
  slow.send(requestText('POST', WRITE, { connection: 'close' }, BODY))
  const last = await slow.all()

  expect(refused).toMatch(/HTTP\/1\.1 503 /)
  expect(refused).toContain('"code":"OVERLOADED"')
  expect(taken.status).toBe(200)
  expect(last).toMatch(/HTTP\/1\.1 200 OK/)
})
