import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { UsageError } from '../../src/cli/bulk/usage-error.ts'
import { readDemoOptions } from '../../src/cli/demo/demo-options.ts'
import { readExportOptions } from '../../src/cli/export/export-options.ts'
import { readImportOptions } from '../../src/cli/import/import-options.ts'

// As `npm run import --dry-run a.csv` makes them: npm keeps the options, and passes the rest on.
test.each([
  ['import --dry-run', () => readImportOptions(['a.csv'], { npm_config_dry_run: 'true' }), '--dry-run'],
  ['import --table-type', () => readImportOptions(['a.csv'], { npm_config_table_type: 'account_id' }), '--table-type'],
  ['import --ttl', () => readImportOptions(['a.csv'], { npm_config_ttl: '5' }), '--ttl'],
  ['export --table-type', () => readExportOptions([], { npm_config_table_type: 'account_id' }), '--table-type'],
  ['demo --once', () => readDemoOptions([], { npm_config_once: 'true' }), '--once'],
])('%s without -- before it was taken by npm, and is refused', (_, read, option) => {
  expect(read).toThrow(UsageError)
  expect(read).toThrow(`npm took ${option} for an option of its own: put -- before the options`)
})

test('what npm says of itself is no option of ours', () => {
  const env = { npm_config_user_agent: 'npm/11', npm_config_dry_run: '', npm_config_restart: 'false' }

  expect(readImportOptions(['a.csv', '--dry-run'], env)).toMatchObject({ dryRun: true, restart: false })
})

test('paths are those of the folder that npm was called in', () => {
  const { files, stateDir } = readImportOptions(['a.csv', '/b.csv', '--state-dir', 's'], { INIT_CWD: resolve('src') })

  expect(files.map(({ path }) => path)).toEqual([resolve('src/a.csv'), '/b.csv'])
  expect(stateDir).toBe(resolve('src/s'))
  expect(readImportOptions(['a.csv'], { INIT_CWD: process.cwd() }).files[0]?.path).toBe('a.csv')
})

test.each([
  ['\\t', '\t'],
  ['\t', '\t'],
  [';', ';'],
])('the delimiter %j is %j', (written, meant) => {
  expect(readImportOptions(['a.csv', '--delimiter', written], {}).delimiter).toBe(meant)
})

test.each([readImportOptions, readExportOptions, readDemoOptions])('--help is asked for without a fault', (read) => {
  for (const help of ['--help', '-h']) expect(() => read([help], {})).toThrow(new UsageError(''))
})
