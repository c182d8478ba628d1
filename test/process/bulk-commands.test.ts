import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runBulk } from '../support/bulk-cli.ts'
import { PROJECT_ROOT } from '../support/child-process.ts'
import { STACK_LINE } from '../support/service-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const row = (identifier: string) =>
  `{"identifier":"${identifier}","category":"c","features":{"f":1},"source":"s","compute_id":"i"}`

function inFolder() {
  const folder = temporaryFolder()
  const settings = { DYNAMODB_ENDPOINT: 'embedded', EMBEDDED_DATA_DIR: join(folder, 'data') }
  return { folder, settings, file: (name: string) => join(folder, name) }
}

/** A command of the README in a shell, as a person would give it. */
function shell(command: string, env: Record<string, string>) {
  const { PATH = '', HOME = '' } = process.env
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd: PROJECT_ROOT,
    env: { PATH, HOME, ...env },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('what `npm run export > FILE` makes is rows and nothing else, and comes back by `npm run import`', async () => {
  const { settings, file } = inFolder()
  writeFileSync(file('in.ndjson'), `${row('a')}\n${row('b')}\n`)
  expect((await runBulk('import', [file('in.ndjson')], settings)).code).toBe(0)

  expect(shell(`npm run export -- --table-type bright_uid > ${file('out.ndjson')}`, settings).status).toBe(0)
  const text = readFileSync(file('out.ndjson'), 'utf8')
  expect(text.trimEnd().split('\n').toSorted()).toEqual([row('a'), row('b')])

  const back = shell(`npm run import -- --table-type account_id ${file('out.ndjson')}`, settings)
  expect(back.status).toBe(0)
  expect(back.stdout).toMatch(/^ +2 {2}written$/m)
  const piped = shell('npm run --silent export -- --table-type account_id | sort', settings)
  expect(piped.stdout).toBe(`${row('a')}\n${row('b')}\n`)
})

test('what stands in a file already stays, where an export is added to it', async () => {
  const { settings, file } = inFolder()
  writeFileSync(file('in.ndjson'), `${row('a')}\n`)
  writeFileSync(file('out.ndjson'), 'before\n')
  await runBulk('import', [file('in.ndjson')], settings)

  shell(`npm run --silent export >> ${file('out.ndjson')}`, settings)

  expect(readFileSync(file('out.ndjson'), 'utf8')).toBe(`before\n${row('a')}\n`)
})

test('several files are imported one after the other, and counted together', async () => {
  const { settings, file } = inFolder()
  writeFileSync(file('one.ndjson'), `${row('a')}\nbad\n`)
  writeFileSync(file('two.csv'), 'identifier,n\nb,1\n,2\n')

  const { code, stdout } = await runBulk('import', [file('one.ndjson'), file('two.csv'), '--category', 'c'], settings)

  expect(code).toBe(1)
  expect(stdout).toMatch(/^ +4 {2}rows$/m)
  expect(stdout).toMatch(/^ +2 {2}written$/m)
  expect(stdout).toContain(`2  rejected  (line and reason of each in ${file('one.ndjson')}.rejects, ${file('two.csv')}.rejects)`)
})

test.each([
  [[], 'Name at least one FILE'],
  [['rows.txt'], 'is it NDJSON, CSV or Parquet?'],
  [['a.csv', 'a.csv'], 'a.csv is named twice'],
  [['a.csv', '--table-type', 'users'], '--table-type must be one of: bright_uid, account_id'],
  [['a.csv', '--ttl', '0'], '--ttl: ttl must be whole seconds'],
  [['a.csv', '--event-time', 'now'], '--event-time: event_time must be a time'],
  [['a.csv', '--concurrency', '65'], '--concurrency must be a whole number from 1 to 64'],
  [['a.csv', '--delimiter', ',,'], '--delimiter must be one character'],
  [['a.csv', '--source', ''], '--source is empty'],
  [['a.csv', '--source', 's'.repeat(257)], '--source must be 1 to 256 characters'],
  [['a.csv', '--event-time', ''], '--event-time is empty'],
  [['a.csv', './a.csv'], 'a.csv is named twice'],
  [['dir/a.ndjson.rejects'], 'is it NDJSON, CSV or Parquet?'],
  [['a.csv', '--nonsense'], "Unknown option '--nonsense'"],
])('import %j ends with 2, and says what is wrong and what there is', async (args, fault) => {
  const { code, stdout, stderr } = await runBulk('import', args, { DYNAMODB_ENDPOINT: 'embedded', EMBEDDED_DATA_DIR: 'memory' })

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(fault)
  expect(stderr).toContain('npm run import -- --table-type')
  expect(stderr).not.toMatch(STACK_LINE)
})

test('a file that is not there, or is none of its kind, ends it before anything is written', async () => {
  const { settings, file } = inFolder()
  writeFileSync(file('good.ndjson'), `${row('a')}\n`)
  writeFileSync(file('bad.parquet'), 'no parquet at all, though long enough to look for a footer in')
  for (const bad of ['missing.csv', 'bad.parquet']) {
    const { code, stdout, stderr } = await runBulk('import', [file('good.ndjson'), file(bad), '--category', 'c'], settings)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/cannot be read|is not a Parquet file/)
    expect(stderr).not.toMatch(STACK_LINE)
  }
  expect((await runBulk('export', [], settings)).stdout).toBe('')
})

test('rejects and checkpoint may be kept elsewhere, in a folder that is made; where that cannot be, nothing is begun', async () => {
  const { settings, file } = inFolder()
  writeFileSync(file('in.ndjson'), `${row('a')}\nbad\n`)

  const kept = await runBulk('import', [file('in.ndjson'), '--state-dir', file('new/state')], settings)
  expect(kept.code).toBe(1)
  expect(readFileSync(file('new/state/in.ndjson.rejects'), 'utf8')).toMatch(/^\{"line":2,/)

  const refused = await runBulk('import', [file('in.ndjson'), '--state-dir', file('in.ndjson/state')], settings)
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('Name another folder by --state-dir')
  expect(refused.stderr).not.toMatch(STACK_LINE)
})

test.each([['--segments', '0'], ['--table-type', 'x'], ['more']])('export %s %s ends with 2 and its usage', async (...args) => {
  const { code, stderr } = await runBulk(
    'export',
    args.filter((arg) => arg !== undefined),
    {},
  )

  expect(code).toBe(2)
  expect(stderr).toContain('npm run --silent export -- --table-type')
  expect(stderr).not.toMatch(STACK_LINE)
})

test('who reads the progress may go: the import goes on, and ends with its own status and summary', async () => {
  const { settings, file } = inFolder()
  writeFileSync(file('in.ndjson'), `${row('a')}\n${row('b')}\n`)
  const command = `{ ${process.execPath} src/cli/import.ts ${file('in.ndjson')} 2>&1 1>${file('summary')}; echo $? > ${file('status')}; } | true`

  shell(command, settings)

  expect(readFileSync(file('status'), 'utf8')).toBe('0\n')
  expect(readFileSync(file('summary'), 'utf8')).toMatch(/^ +2 {2}written$/m)
})
