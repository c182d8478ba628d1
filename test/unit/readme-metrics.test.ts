import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { METRICS, type Metric } from '../../src/metrics/catalog.ts'
import { PROJECT_ROOT } from '../support/child-process.ts'

const HEAD = ['| metric | type | unit | tags | when |', '|---|---|---|---|---|']

function rowOf([name, { type, unit, tags, when }]: [string, Metric]): string {
  const tagList = tags.map((tag) => `\`${tag}\``).join(', ')
  return `| \`${name}\` | ${type} | ${unit} | ${tagList} | ${when} |`
}

// To mend the README: put in what this test prints as expected.
test("the README's table of metrics is the catalog's, row by row", () => {
  const table = [...HEAD, ...Object.entries(METRICS).map(rowOf)]
  const lines = readFileSync(join(PROJECT_ROOT, 'README.md'), 'utf8').split('\n')
  const start = lines.indexOf(HEAD[0] ?? '')
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'))

  expect(lines.slice(start, end)).toEqual(table)
})
