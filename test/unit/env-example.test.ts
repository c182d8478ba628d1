import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'dotenv'
import { describe, expect, test } from 'vitest'
import { loadConfig, settings } from '../../src/config.ts'
import { PROJECT_ROOT } from '../support/child-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

type Example = { name: string; value: string; active: boolean; lineAbove: string }

// A setting without a default stands behind a `#`, with a value as an example.
const SETTING = /^(# )?([A-Z][A-Z0-9_]*)=(.*)$/

const examples = readExamples(readFileSync(join(PROJECT_ROOT, '.env.example'), 'utf8'))
const schemas = new Map(Object.entries(settings.shape))

function readExamples(text: string): Example[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const [, hash, name, value] = SETTING.exec(line) ?? []
    if (name === undefined || value === undefined) return []
    return [{ name, value, active: hash === undefined, lineAbove: lines[index - 1] ?? '' }]
  })
}

function schemaOf(name: string) {
  const schema = schemas.get(name)
  if (!schema) throw new Error(`${name} is no setting`)
  return schema
}

describe('.env.example', () => {
  test('names every setting once, in the order of the schema, and nothing else', () => {
    expect(examples.map(({ name }) => name)).toEqual([...schemas.keys()])
  })

  test.each(examples)('$name has a comment above it', ({ lineAbove }) => {
    expect(lineAbove).toMatch(/^# .*\w/)
    expect(lineAbove).not.toMatch(SETTING)
  })

  test.each(examples)('$name has a valid value', ({ name, value }) => {
    expect(schemaOf(name).safeParse(value).error?.issues).toBeUndefined()
    expect(value).not.toBe('')
  })

  test.each(examples.filter(({ active }) => active))('$name is set to its default', ({ name, value }) => {
    const schema = schemaOf(name)

    expect(schema.parse(value)).toEqual(schema.parse(undefined))
  })

  test.each(examples.filter(({ active }) => !active))('$name, behind a #, has no default', ({ name }) => {
    expect(schemaOf(name).parse(undefined)).toBeUndefined()
  })

  test('copied to .env as it is, it changes nothing', () => {
    const folder = temporaryFolder()
    copyFileSync(join(PROJECT_ROOT, '.env.example'), join(folder, '.env'))

    expect(loadConfig({}, folder)).toEqual(loadConfig({}, temporaryFolder()))
  })
})

describe.each(['development', 'staging', 'production'])('.env.%s', (environment) => {
  const file = `.env.${environment}`

  test('holds known settings only', () => {
    const names = Object.keys(parse(readFileSync(join(PROJECT_ROOT, file))))

    expect(names).not.toEqual([])
    expect(names.filter((name) => !schemas.has(name))).toEqual([])
  })

  test('loads with its own ENVIRONMENT', () => {
    const folder = temporaryFolder()
    copyFileSync(join(PROJECT_ROOT, file), join(folder, file))

    const config = loadConfig({ ENVIRONMENT: environment, AUTH: 'off' }, folder)

    expect(config).toMatchObject({
      ENVIRONMENT: environment,
      ...(environment === 'development' ? {} : { store: { endpoint: 'aws' } }),
    })
  })
})
