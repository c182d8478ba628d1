import { spawnSync } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')
const rules = new URL('../../biome.json', import.meta.url)

/** What the project's linter says of a file in that place. */
async function lint(file: string, source: string): Promise<string> {
  const folder = temporaryFolder()
  await mkdir(dirname(join(folder, file)), { recursive: true })
  await writeFile(join(folder, file), source)
  await copyFile(rules, join(folder, 'biome.json'))
  const args = [biome, 'lint', '--vcs-enabled=false', '--colors=off', file]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  expect(stdout + stderr).toContain('Checked 1 file')
  return stdout + stderr
}

function importing(module: string, name = 'x'): string {
  return `import { ${name} } from '${module}'\n\nexport const y = ${name}\n`
}

test.for([
  ['src/json/x.ts', '../errors.ts'],
  ['src/errors.ts', './features/limits.ts'],
  ['src/errors.ts', 'zod'],
  ['src/metrics/x.ts', '../config.ts'],
  ['src/metrics/x.ts', '../errors.ts'],
  ['src/log/x.ts', '../errors.ts'],
  ['src/features/x.ts', '../request-scope.ts'],
  ['src/features/x.ts', '../dynamodb/tables.ts'],
  ['src/features/x.ts', '../plugins/problem.ts'],
  ['src/features/x.ts', 'fastify'],
  ['src/features/x.ts', 'zod'],
  ['src/config.ts', './dynamodb/store.ts'],
  ['src/config.ts', './errors.ts'],
  ['src/dynamodb/x.ts', '../controllers/read-features.ts'],
  ['src/dynamodb/x.ts', '../routes/health.ts'],
  ['src/dynamodb/x.ts', '../log/logger.ts'],
  ['src/dynamodb/x.ts', '../metrics/catalog.ts'],
  ['src/dynamodb/x.ts', 'fastify'],
  ['src/dynamodb/x.ts', 'hot-shots'],
  ['src/controllers/x.ts', '../dynamodb/client.ts'],
  ['src/controllers/x.ts', '@aws-sdk/client-dynamodb'],
  ['src/controllers/x.ts', 'fastify'],
  ['src/controllers/x.ts', '../api-keys.ts'],
  ['src/routes/v1/x.ts', '../../api-keys.ts'],
  ['src/dynamodb/x.ts', '../api-keys.ts'],
  ['src/api-keys.ts', './errors.ts'],
  ['src/plugins/x.ts', '../controllers/read-features.ts'],
  ['src/plugins/x.ts', '../dynamodb/tables.ts'],
  ['src/plugins/x.ts', '../routes/health.ts'],
  ['src/routes/v1/x.ts', '../../dynamodb/feature-crud.ts'],
  ['src/routes/v1/x.ts', '../../json/json-path.ts'],
  ['src/routes/v1/x.ts', '@aws-sdk/client-dynamodb'],
  ['src/app.ts', './dynamodb/store.ts'],
  ['src/app.ts', './server.ts'],
  ['src/cli/x.ts', '../routes/health.ts'],
  ['src/cli/x.ts', '../app.ts'],
  ['src/cli/x.ts', 'fastify'],
  ['src/a-new-room/x.ts', '../dynamodb/store.ts'],
  ['src/a-new-file.ts', '@aws-sdk/client-dynamodb'],
] as const)('%s may not import %s', async ([file, module]) => {
  const verdict = await lint(file, importing(module))

  expect(verdict).toContain('noRestrictedImports')
})

test.for([
  ['src/controllers/x.ts', '../dynamodb/feature-crud.ts', 'FeatureCrud', 'createFeatureCrud'],
  ['src/routes/v1/x.ts', '../../controllers/read-features.ts', 'FeatureReader', 'createFeatureReader'],
  ['src/routes/v1/x.ts', '../../controllers/delete-features.ts', 'FeatureEraser', 'createFeatureEraser'],
  ['src/app.ts', './controllers/controllers.ts', 'Controllers', 'createControllers'],
  ['src/plugins/x.ts', '../metrics/metrics.ts', 'Metrics', 'createMetrics'],
  ['src/dynamodb/x.ts', '../metrics/metrics.ts', 'Metrics', 'createMetrics'],
  ['src/controllers/x.ts', '../metrics/metrics.ts', 'Metrics', 'createMetrics'],
] as const)('%s may import from %s the type %s and not %s', async ([file, module, type, value]) => {
  const ofType = await lint(file, importing(module, type))
  const ofValue = await lint(file, importing(module, value))

  expect(ofType).not.toContain('noRestrictedImports')
  expect(ofValue).toContain('noRestrictedImports')
})

test.for([
  ['src/plugins/x.ts', '../json/parse-json.ts'],
  ['src/features/x.ts', '../errors.ts'],
  ['src/dynamodb/x.ts', '../features/limits.ts'],
  ['src/app.ts', './routes/health.ts'],
  ['src/cli/x.ts', '../dynamodb/store.ts'],
  ['src/server.ts', './dynamodb/store.ts'],
] as const)('%s may import %s', async ([file, module]) => {
  const verdict = await lint(file, importing(module))

  expect(verdict).not.toContain('noRestrictedImports')
})

test.for([
  ['src/config.ts', true],
  ['src/dynamodb/x.ts', true],
  ['src/server.ts', false],
  ['src/cli/x.ts', false],
] as const)('%s reading the environment is a fault: %s', async ([file, isFault]) => {
  const verdict = await lint(file, 'export const y = process.env.PORT\n')

  expect(verdict.includes('noProcessEnv')).toBe(isFault)
})
