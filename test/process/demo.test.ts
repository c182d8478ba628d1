import { join } from 'node:path'
import { expect, test } from 'vitest'
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
