import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PROJECT_ROOT, startChild } from '../support/child-process.ts'
import { bearer, hashIn } from '../support/key-holders.ts'
import { PRODUCTION } from '../support/production-log.ts'
import { STACK_LINE, startService } from '../support/service-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const TWO_LINES = /^key, [^:\n]*: +(fs_[\w-]{43})\nits line, [^:\n]*: +([\w.-]+:(?:read|write):[0-9a-f]{64})\n$/

/** Runs the command to its end. */
async function createKey(...args: readonly string[]) {
  const command = { command: process.execPath, args: [join(PROJECT_ROOT, 'src/cli/create-key.ts'), ...args] }
  const child = startChild({ ...command, cwd: temporaryFolder(), env: {} })
  const { code } = await child.exited
  return { code, stdout: child.stdout(), stderr: child.stderr() }
}

/** The key and the entry that were printed. */
function printed(stdout: string): { key: string; entry: string } {
  const [, key, entry] = TWO_LINES.exec(stdout) ?? []
  if (key === undefined || entry === undefined) throw new Error(`not a key and its line: ${stdout}`)
  return { key, entry }
}

test('the line that is printed lets the key that is printed in, to what its scope names, and no other key', async () => {
  const [reader, writer, stranger] = await Promise.all([
    createKey('scoring', 'read'),
    createKey('nightly-job', 'write'),
    createKey('scoring', 'write'),
  ])
  const { ENVIRONMENT, DYNAMODB_ENDPOINT, EMBEDDED_DATA_DIR } = PRODUCTION
  const API_KEYS = [reader, writer].map(({ stdout }) => printed(stdout).entry).join('\n')
  const { url } = await startService({ ENVIRONMENT, DYNAMODB_ENDPOINT, EMBEDDED_DATA_DIR, API_KEYS })

  const statuses = []
  for (const { stdout } of [writer, reader, stranger]) {
    const headers = { 'content-type': 'application/json', ...bearer(printed(stdout).key) }
    const written = await fetch(`${url}/api/v1/items/user`, { method: 'POST', headers, body: '{"cat":{"f":1}}' })
    const read = await fetch(`${url}/api/v1/get/item/user/cat`, { headers })
    statuses.push([written.status, read.status])
  }

  expect(statuses).toEqual([
    [200, 200],
    [403, 200],
    [401, 401],
  ])
})

test('nothing but the key and its line is printed, and never the same twice', async () => {
  const [first, second] = await Promise.all([createKey('scoring', 'read'), createKey('scoring', 'read')])

  expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(TWO_LINES), stderr: '' })
  expect(second).toMatchObject({ code: 0, stdout: expect.stringMatching(TWO_LINES), stderr: '' })
  expect(printed(first.stdout).entry).toMatch(/^scoring:read:/)
  expect(printed(first.stdout).key).not.toBe(printed(second.stdout).key)
  expect(hashIn(printed(first.stdout).entry)).not.toBe(hashIn(printed(second.stdout).entry))
})

describe('what it cannot make a key of is refused with a sentence, how it is used, and the exit code 1:', () => {
  test.for([
    ['nothing', []],
    ['a name alone', ['scoring']],
    ['a scope that there is not', ['scoring', 'admin']],
    ['a name that no entry can have', ['a:b', 'read']],
    ['more than a name and a scope', ['scoring', 'read', 'write']],
  ] as const)('%s', async ([, args]) => {
    const { code, stdout, stderr } = await createKey(...args)

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^.*\w.*\n.*npm run key -- NAME SCOPE/)
    expect(stderr).not.toMatch(STACK_LINE)
  })
})

test('npm run key makes one, too', async () => {
  const args = ['run', '--silent', 'key', '--', 'scoring', 'write']
  const child = startChild({ command: 'npm', args, cwd: PROJECT_ROOT, env: {} })

  const { code } = await child.exited

  expect(code).toBe(0)
  expect(printed(child.stdout()).entry).toMatch(/^scoring:write:/)
})
