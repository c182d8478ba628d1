import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT, startChild } from '../support/child-process.ts'
import { opsPath } from '../support/ops-files.ts'
import { requireProgram } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** How a program ended, and all that it said. */
async function run(program: string, ...args: string[]) {
  const child = startChild({ command: requireProgram([program]), args, cwd: PROJECT_ROOT, env: {} })
  const { code } = await child.exited
  return { code, output: child.output() }
}

test('promtool accepts the configuration of Prometheus', async () => {
  const { code, output } = await run('promtool', 'check', 'config', opsPath('prometheus/prometheus.yml'))

  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') })
})

test('promtool accepts the rules', async () => {
  const { code, output } = await run('promtool', 'check', 'rules', opsPath('prometheus/alerts.yml'))

  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('8 rules found') })
})

test('each alert fires in trouble, and keeps still in a calm', async () => {
  expect(await run('promtool', 'test', 'rules', opsPath('prometheus/alerts.test.yml'))).toMatchObject({ code: 0 })
})

test('statsd_exporter accepts the mapping, and would say so if it did not', async () => {
  const broken = join(temporaryFolder(), 'mapping.yml')
  writeFileSync(broken, 'mappings: [{ match: "feature_store.*", name: "a-b" }]')

  const [good, bad] = [opsPath('statsd-exporter/mapping.yml'), broken].map((path) =>
    run('statsd_exporter', `--statsd.mapping-config=${path}`, '--check-config'),
  )

  expect(await good).toMatchObject({ code: 0 })
  expect(await bad).toMatchObject({ code: 1 })
})
