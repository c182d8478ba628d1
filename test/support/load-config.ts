import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, type Environment, loadConfig } from '../../src/config.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** loadConfig in a folder that holds these files. */
export function load(environment: Environment, files: Record<string, string> = {}) {
  const folder = temporaryFolder()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return loadConfig(environment, folder)
}

/** The ConfigError that load throws for this. */
export function faultOf(environment: Environment, files?: Record<string, string>): ConfigError {
  try {
    load(environment, files)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('the configuration was accepted')
}
