import { EXIT } from './exit-status.ts'
import { type CommandWords, explainFailure } from './explain-failure.ts'
import { UsageError } from './usage-error.ts'

/** Runs a command to its exit status, and says on standard error what it did not do, and why. */
export async function runCommand(command: () => Promise<number>, words: CommandWords): Promise<void> {
  // Who reads what is said may go, or close the terminal: that ends no command, and is no status of one.
  process.stderr.on('error', () => {})
  try {
    process.exitCode = await command()
  } catch (error) {
    console.error(explainFailure(error, words))
    const isHelp = error instanceof UsageError && error.message === ''
    process.exitCode = isHelp ? EXIT.done : EXIT.notDone
  }
}
