import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { PROJECT_ROOT, startChild } from '../support/child-process.ts'

const ROOT = pathToFileURL(PROJECT_ROOT).href

const OUTCOME = {
  requestId: 'the-request-id',
  url: '/api/v1/get/item/user123/cat?table_type=bright_uid&token=S3CRET',
  kind: {
    labels: { route: '/api/v1/get/item/{identifier}/{category}', operation: 'read.single_item', apiVersion: 'v1' },
    method: 'GET',
    status: 200,
  },
  isSlow: false,
  durationMs: 4.5678,
  bytes: 2,
  clientIp: '127.0.0.1',
  userAgent: 'a-batch-job/1.2',
  subject: { tableType: 'bright_uid', categories: 1 },
  storeCalls: 1,
  storeMs: 2.5,
}

/** What is printed in development, where a terminal's place is taken by a pipe, for code that uses `logger` and `log`. */
async function printed(code: string): Promise<string> {
  const setUp = `
    import { createLogger } from '${ROOT}/src/log/logger.ts'
    import { createRequestLog } from '${ROOT}/src/plugins/request-log.ts'
    import { ServiceError } from '${ROOT}/src/errors.ts'
    const { logger } = await createLogger({ name: 'test', level: 'debug', pretty: true })
    const log = createRequestLog(logger)
    const outcome = ${JSON.stringify(OUTCOME)}
  `
  const args = ['--input-type=module', '--eval', setUp + code]
  const child = startChild({ command: process.execPath, args, cwd: PROJECT_ROOT, env: {} })
  expect(await child.exited, child.stderr()).toEqual({ code: 0, signal: null })
  return child.stdout()
}

test('a request is one short line with its method, URL, status and time', async () => {
  const text = await printed('log(outcome)')

  expect(text).toMatch(
    /^\[[\d:.]+\] INFO: GET \/api\/v1\/get\/item\/user123\/cat\?[^ ]* 200 4\.568 ms, DynamoDB 2\.5 ms \(1 call\) \[the-requ\]\n$/,
  )
  expect(text).not.toContain('S3CRET')
})

test('one that failed through us shows why, and its stack', async () => {
  const text = await printed(`
    const cause = new Error('connect ECONNREFUSED')
    log({ ...outcome, kind: { ...outcome.kind, status: 503 }, failure: new ServiceError('STORE_UNAVAILABLE', 'no answer', { cause }) })
  `)

  const [first, ...rest] = text.split('\n')
  expect(first).toMatch(/ERROR: GET [^ ]+ 503 4\.568 ms.*STORE_UNAVAILABLE/)
  expect(rest.join('\n')).toMatch(/ServiceError: no answer\n\s+at [\s\S]*caused by: Error: connect ECONNREFUSED\n\s+at /)
})

test.for([
  [
    'one that the client spoilt',
    "kind: { ...outcome.kind, status: 404 }, failure: new ServiceError('ITEM_NOT_FOUND', 'Item not found')",
    /WARN: .* 404 .*ITEM_NOT_FOUND: Item not found/,
  ],
  ['one whose client hung up', 'kind: { ...outcome.kind, status: 499 }', /WARN: .* 499 .*hung up/],
  ['a slow one', 'isSlow: true', /WARN: .* 200 .*slow/],
  ['several calls', 'storeCalls: 3', /INFO: .*\(3 calls\)/],
  ['no call', 'storeCalls: 0, storeMs: 0', /INFO: .* 200 4\.568 ms \[the-requ\]$/],
] as const)('%s is one line that says so', async ([, more, pattern]) => {
  const text = await printed(`log({ ...outcome, ${more} })`)

  expect(text.trimEnd()).toMatch(pattern)
  expect(text.trimEnd()).not.toContain('\n')
})

test('a line that is no request’s has its message, an error its stack, and a body its text on one line', async () => {
  const text = await printed(`
    logger.info('ready')
    logger.error({ err: new Error('boom') }, 'went wrong')
    logger.debug({ body: 'first\\nsecond \\u001b[31m', bytes: 12 }, 'request body')
  `)

  expect(text).toMatch(/INFO: ready\n/)
  expect(text).toMatch(/ERROR: went wrong\s*\n[\s\S]*Error: boom\n\s+at /)
  expect(text).toMatch(/DEBUG: request body .*first\\nsecond/)
  expect(text).not.toContain('\u001b')
})
