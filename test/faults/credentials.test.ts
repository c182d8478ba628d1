import { expect, test } from 'vitest'
import { startServiceOver } from '../support/service-over-client.ts'
import { startWireStore, type WireRequest } from '../support/wire-store.ts'

const FEATURES = { cat: { f: 1 } }
const ADVICE = /Check where the AWS credentials come from/

function keyIdOf({ headers }: WireRequest): string {
  return /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? ''
}

/** Credentials that have to be asked for anew each time, as the SDK takes what expires within minutes. */
function expiring(accessKeyId: string, sessionToken: string) {
  return { accessKeyId, secretAccessKey: `secret of ${accessKeyId}`, sessionToken, expiration: new Date(Date.now() + 1000) }
}

test('credentials that change are used from the next call on, their session token included', async () => {
  const store = await startWireStore()
  let current = expiring('AKIDFIRST', 'first token')
  const service = await startServiceOver({ endpoint: store.url, credentials: async () => current })

  await service.read('user', 'cat')
  await service.write('user', FEATURES)
  current = expiring('AKIDSECOND', 'second token')
  await service.read('user', 'cat')
  await service.write('user', FEATURES)
  await service.readSeveral('user', { cat: [], dog: [] })

  const used = store.requests().map((request) => [keyIdOf(request), request.headers['x-amz-security-token']])
  expect(used.slice(0, 2)).toEqual(Array(2).fill(['AKIDFIRST', 'first token']))
  expect(used.slice(2).length).toBeGreaterThan(2)
  expect(new Set(used.slice(2).map(String))).toEqual(new Set(['AKIDSECOND,second token']))
})

test('a provider that fails is 503, nothing was sent, and the next call asks it again', async () => {
  const store = await startWireStore()
  let isFailing = true
  const credentials = async () => {
    if (isFailing) throw Object.assign(new Error('no role'), { name: 'CredentialsProviderError' })
    return { accessKeyId: 'AKIDFOUND', secretAccessKey: 'secret' }
  }
  const service = await startServiceOver({ endpoint: store.url, credentials })

  const read = await service.read('user', 'cat')
  const write = await service.write('user', FEATURES)
  const sentWithout = store.requests().length
  isFailing = false
  const afterwards = await service.read('user', 'cat')

  expect(read).toMatchObject({ status: 503, json: { code: 'STORE_UNAVAILABLE' } })
  expect(write).toMatchObject({ status: 503, json: { results: { cat: { status: 'failed', code: 'STORE_UNAVAILABLE' } } } })
  expect(sentWithout).toBe(0)
  expect(afterwards.status).toBe(404)
  await service.finalRequests()
  expect(service.sink.text()).toMatch(/No AWS credentials were found/)
  expect(JSON.stringify([read, write])).not.toMatch(/no role|credentials/i)
})

test('a provider that hangs is 504 at the deadline, was not applied, and the log says where to look', async () => {
  const store = await startWireStore()
  const never = new Promise<never>(() => {})
  const service = await startServiceOver({ endpoint: store.url, credentials: () => never }, { app: { requestTimeoutMs: 100 } })

  const read = await service.read('user', 'cat')
  const write = await service.write('user', FEATURES)

  expect(read).toMatchObject({ status: 504, json: { code: 'DEADLINE_EXCEEDED' } })
  expect(write).toMatchObject({ status: 504, json: { results: { cat: { status: 'failed', code: 'DEADLINE_EXCEEDED' } } } })
  expect(store.requests()).toEqual([])
  await service.finalRequests()
  expect(service.sink.text()).toMatch(ADVICE)
  expect(JSON.stringify([read, write])).not.toMatch(ADVICE)
})

test('what waited in vain for credentials is not sent when they come', async () => {
  const store = await startWireStore()
  const coming = Promise.withResolvers<{ accessKeyId: string; secretAccessKey: string }>()
  const service = await startServiceOver(
    { endpoint: store.url, credentials: () => coming.promise },
    { app: { requestTimeoutMs: 100 } },
  )
  const late = await Promise.all([service.write('late', FEATURES), service.read('late', 'cat')])

  coming.resolve({ accessKeyId: 'AKIDLATE', secretAccessKey: 'secret' })
  const afterwards = await service.read('user', 'cat')

  expect(late.map(({ status }) => status)).toEqual([504, 504])
  expect(afterwards.status).toBe(404)
  expect(store.requests().map(({ text }) => text.includes('"late"'))).toEqual([false])
})

test('more calls than there are connections, waiting for credentials, leave room for those that come after', async () => {
  const store = await startWireStore()
  const coming = Promise.withResolvers<{ accessKeyId: string; secretAccessKey: string }>()
  const service = await startServiceOver(
    { endpoint: store.url, credentials: () => coming.promise },
    { app: { requestTimeoutMs: 200 } },
  )
  const late = await Promise.all(Array.from({ length: 100 }, (_, index) => service.write(`late-${index}`, FEATURES)))

  coming.resolve({ accessKeyId: 'AKIDLATE', secretAccessKey: 'secret' })
  const afterwards = await service.write('user', FEATURES)

  expect(new Set(late.map(({ status }) => status))).toEqual(new Set([504]))
  expect(afterwards.status).toBe(200)
  expect(store.requests()).toHaveLength(1)
})
