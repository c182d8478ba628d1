import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { PROJECT_ROOT, startChild } from '../support/child-process.ts'
import { STACK_LINE } from '../support/service-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function startDemo(...args: string[]) {
  const command = process.execPath
  return startChild({
    command,
    args: [join(PROJECT_ROOT, 'src/cli/demo.ts'), ...args],
    cwd: temporaryFolder(),
    env: { STATSD_HOST: 'off' },
  })
}

const SMALL = ['--port', '0', '--users', '50', '--accounts', '20']

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`).then(
    () => true,
    () => false,
  )
}

test('the demo writes its data, has every answer as it should be, and leaves no service behind', async () => {
  const demo = startDemo(...SMALL, '--once', '--seconds', '2')
  const [, url = ''] = await demo.printed(/ready at (http:\S+)/)

  expect(await demo.exited).toEqual({ code: 0, signal: null })

  const text = demo.stdout()
  expect(text).toMatch(/^ {2}trans_features +50 users/m)
  expect(text).toMatch(/^ {2}balances +20 accounts/m)
  expect(text).toMatch(/^ {2}all +[1-9][\d,]* .* -$/m)
  expect(text).toContain('every answer was as it should be')
  expect(await answers(url)).toBe(false)
})

test('it stays up after the load, with what it says in it, until it is told to end', async () => {
  const demo = startDemo(...SMALL, '--seconds', '1')
  const [, read = ''] = await demo.printed(/curl '(http:\S+trans_features)'/)
  await demo.printed(/Ctrl-C ends it/)

  const reply = await fetch(read)
  expect(reply.status).toBe(200)
  expect(demo.stdout()).toContain(await reply.text())

  demo.kill('SIGINT')
  expect(await demo.exited).toEqual({ code: 0, signal: null })
  expect(await answers(new URL(read).origin)).toBe(false)
  expect(demo.output()).not.toMatch(STACK_LINE)
})

test('told to end in the midst of its writes, it ends its service, too', async () => {
  const demo = startDemo('--port', '0', '--users', '5000')
  const [, url = ''] = await demo.printed(/ready at (http:\S+)/)
  await demo.printed(/Producers write/)

  demo.kill('SIGTERM')

  expect(await demo.exited).toEqual({ code: 0, signal: null })
  expect(await answers(url)).toBe(false)
  expect(demo.output()).not.toMatch(STACK_LINE)
})

test('a port that is taken is said to be, and another one taken', async () => {
  const first = startDemo(...SMALL)
  const [, port = ''] = await first.printed(/ready at http:\/\/127\.0\.0\.1:(\d+)/)
  const second = startDemo(...SMALL.slice(2), '--port', port)

  const [, other] = await second.printed(/ready at http:\/\/127\.0\.0\.1:(\d+)/)

  expect(second.stdout()).toContain(`port ${port} is taken: ${other} in its place`)
})

test('an option that is none ends it with what there is, and status 1', async () => {
  for (const args of [['--users', 'many'], ['--nonsense'], ['--seconds', '0']]) {
    const demo = startDemo(...args)
    expect((await demo.exited).code).toBe(1)
    expect(demo.stderr()).toContain('npm run demo -- [options]')
    expect(demo.output()).not.toMatch(STACK_LINE)
  }
})

const children = (pid: number) => `/proc/${pid}/task/${pid}/children`

/** The process id of a demo's service. */
const serviceOf = (pid: number) => Number(readFileSync(children(pid), 'utf8').trim())

describe.skipIf(!existsSync(children(process.pid)))('with a service (needs /proc)', () => {
  test('that does not answer for a while, it sends its writes again', async () => {
    const demo = startDemo('--port', '0', '--users', '300', '--accounts', '20', '--seconds', '1', '--once')
    await demo.printed(/Producers write/)
    const service = serviceOf(demo.pid)
    process.kill(service, 'SIGSTOP')
    await delay(2500)
    process.kill(service, 'SIGCONT')

    expect((await demo.exited).code).toBe(0)
    expect(demo.stdout()).toMatch(/^ {2}trans_features +300 users/m)
  })

  test('that ends by itself, it says so, and ends with status 1', async () => {
    const demo = startDemo(...SMALL)
    await demo.printed(/Ctrl-C ends it/)
    process.kill(serviceOf(demo.pid), 'SIGKILL')

    expect((await demo.exited).code).toBe(1)
    expect(demo.stderr()).toContain('The service ended by itself.')
    expect(demo.output()).not.toMatch(STACK_LINE)
  })

  test('it leaves none behind, were it killed', async () => {
    const demo = startDemo(...SMALL)
    await demo.printed(/ready at/)
    const service = serviceOf(demo.pid)
    demo.kill('SIGKILL')
    await demo.exited

    await expect.poll(() => existsSync(`/proc/${service}`), { timeout: 10_000 }).toBe(false)
  })

  test('that still starts, it ends it at once when it is told to', async () => {
    const demo = startDemo('--port', '0')
    await demo.printed(/on your machine/)
    while (readFileSync(children(demo.pid), 'utf8').trim() === '') await delay(5)
    const service = serviceOf(demo.pid)
    demo.kill('SIGHUP')

    expect((await demo.exited).code).toBe(0)
    expect(demo.stdout()).not.toContain('ready')
    expect(existsSync(`/proc/${service}`)).toBe(false)
  })
})
