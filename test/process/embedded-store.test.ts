import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { launchService, readFeature, STACK_LINE, startService, writeFeature } from '../support/service-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startWriters } from '../support/writers.ts'

const KILLS = 5
const WRITES_BEFORE_A_KILL = 40

test('a restart finds what was written', async () => {
  const EMBEDDED_DATA_DIR = temporaryFolder()
  const first = await startService({ EMBEDDED_DATA_DIR })
  expect(await writeFeature(first.url, 'user123', 'kept')).toBe(200)
  first.kill('SIGTERM')
  await first.exited

  const second = await startService({ EMBEDDED_DATA_DIR })

  expect(await readFeature(second.url, 'user123')).toBe('kept')
})

test('a kill -9 right after an answered write loses nothing', async () => {
  const EMBEDDED_DATA_DIR = temporaryFolder()
  let service = await startService({ EMBEDDED_DATA_DIR })

  for (let round = 1; round <= KILLS; round += 1) {
    expect(await writeFeature(service.url, 'user123', round)).toBe(200)
    service.kill('SIGKILL')
    expect(await service.exited).toEqual({ code: null, signal: 'SIGKILL' })

    service = await startService({ EMBEDDED_DATA_DIR })
    expect(await readFeature(service.url, 'user123')).toBe(round)
  }
})

test('a kill -9 among many writes in flight loses no answered one', async () => {
  const EMBEDDED_DATA_DIR = temporaryFolder()
  let service = await startService({ EMBEDDED_DATA_DIR })

  for (let round = 1; round <= KILLS; round += 1) {
    const writers = startWriters(service.url, `round-${round}`)
    await writers.answered(WRITES_BEFORE_A_KILL)
    service.kill('SIGKILL')
    await service.exited
    const written = await writers.finished

    service = await startService({ EMBEDDED_DATA_DIR })
    for (const { identifier, answered, sent } of written) {
      const stored = Number((await readFeature(service.url, identifier)) ?? 0)
      // The write that the kill left without an answer may have been applied or not.
      expect(stored).toBeGreaterThanOrEqual(answered)
      expect(stored).toBeLessThanOrEqual(sent)
    }
  }
})

describe('one folder, one process', () => {
  test('a second one on the same folder exits 1, names the folder and leaves the first at work', async () => {
    const EMBEDDED_DATA_DIR = temporaryFolder()
    const first = await startService({ EMBEDDED_DATA_DIR })

    const second = launchService({ EMBEDDED_DATA_DIR })

    expect(await second.exited).toEqual({ code: 1, signal: null })
    expect(second.stderr()).toMatch(/another process/i)
    expect(second.stderr()).toContain(EMBEDDED_DATA_DIR)
    expect(second.stderr().trim().split('\n')).toHaveLength(1)
    expect(await writeFeature(first.url, 'user123', 'still at work')).toBe(200)
  })

  test('of two started at once on a new folder one serves, and the other exits 1 with the message', async () => {
    const EMBEDDED_DATA_DIR = temporaryFolder()
    const [one, other] = [launchService({ EMBEDDED_DATA_DIR }), launchService({ EMBEDDED_DATA_DIR })]

    const loser = await Promise.race([one.exited.then(() => one), other.exited.then(() => other)])
    const winner = loser === one ? other : one
    const [, url] = await winner.printed(/Server listening at (http:\/\/[^\s"]+)/)

    expect(await loser.exited).toEqual({ code: 1, signal: null })
    expect(loser.stderr()).toMatch(/another process/i)
    expect(loser.stderr()).not.toMatch(STACK_LINE)
    expect(await writeFeature(String(url), 'user123', 'at work')).toBe(200)
  })
})

test('EMBEDDED_DATA_DIR=memory writes nothing to disk', async () => {
  const cwd = temporaryFolder()
  const service = await startService({ EMBEDDED_DATA_DIR: 'memory' }, cwd)

  expect(await writeFeature(service.url, 'user123', 'forgotten')).toBe(200)
  expect(await readFeature(service.url, 'user123')).toBe('forgotten')
  service.kill('SIGTERM')
  expect(await service.exited).toEqual({ code: 0, signal: null })

  expect(readdirSync(cwd)).toEqual([])
})

test('a relative folder, missing parents included, is made where the service is started', async () => {
  const cwd = temporaryFolder()

  const service = await startService({ EMBEDDED_DATA_DIR: 'deep/er' }, cwd)

  expect(await writeFeature(service.url, 'user123', 1)).toBe(200)
  expect(statSync(join(cwd, 'deep/er')).isDirectory()).toBe(true)
})

describe('a data folder that cannot be one', () => {
  function aFile(): string {
    const file = join(temporaryFolder(), 'a-file')
    writeFileSync(file, 'not a folder')
    return file
  }

  test.each([
    ['is a file', aFile],
    ['lies inside a file', () => join(aFile(), 'data')],
    // Nobody, root included, makes a file or folder in Linux's /sys.
    ['cannot be made', () => '/sys/feature-store'],
    ['cannot be written to', () => '/sys'],
  ])('when it %s, the process exits 1 and names it in one sentence', async (_, path) => {
    const EMBEDDED_DATA_DIR = path()

    const service = launchService({ EMBEDDED_DATA_DIR })

    expect(await service.exited).toEqual({ code: 1, signal: null })
    expect(service.stderr()).toContain(EMBEDDED_DATA_DIR)
    expect(service.stderr()).toMatch(/cannot be opened: \w+.*EMBEDDED_DATA_DIR/)
    expect(service.stderr()).not.toMatch(STACK_LINE)
    expect(service.output()).not.toContain('listening')
  })
})
