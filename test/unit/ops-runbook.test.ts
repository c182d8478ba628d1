import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/child-process.ts'
import { opsPath, readAlerts, readDashboard } from '../support/ops-files.ts'

const readme = readFileSync(join(PROJECT_ROOT, 'README.md'), 'utf8')
const runbook = /^### Runbook\n(?<text>[\s\S]*?)(?=^## |(?![\s\S]))/m.exec(readme)?.groups?.text ?? ''

test('the Runbook has a part for each alert, under the heading that its runbook_url leads to, and for no other', () => {
  const headings = [...runbook.matchAll(/^#### (\w+)$/gm)].map(([, name]) => name)

  expect(headings).toEqual(readAlerts().map(({ alert }) => alert))
})

test('the panels that it sends to are on the dashboard', () => {
  const titles = readDashboard().panels.map(({ title }) => title)
  const named = [...runbook.matchAll(/(?<!\*)\*([A-Z][^*]+)\*(?!\*)/g)].map(([, title = '']) => title)

  expect(named.filter((title) => !titles.some((known) => known.startsWith(title)))).toEqual([])
  expect(named.length).toBeGreaterThan(0)
})

test.each(['aws/policy-service.json', 'aws/tables.yaml'])('%s is shown as it is', (file) => {
  expect(readme).toContain(readFileSync(opsPath(file), 'utf8'))
})
