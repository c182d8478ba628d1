import { watchInterruption } from './bulk/interruption.ts'
import { runCommand } from './bulk/run-command.ts'
import { importFiles } from './import/import-files.ts'
import { IMPORT_USAGE, readImportOptions } from './import/import-options.ts'

// Of an import, too, only the summary is said there.
process.stdout.on('error', () => {})

/** `npm run import`: writes the rows of files as the API's writes do. */
await runCommand(
  () => {
    const options = readImportOptions(process.argv.slice(2), process.env)
    return importFiles(options, process.env, watchInterruption())
  },
  {
    usage: IMPORT_USAGE,
    stopped: 'The import has stopped',
    next: 'Run the same command again to continue.',
  },
)
process.exit()
