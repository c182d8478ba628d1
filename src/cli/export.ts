import { EXIT } from './bulk/exit-status.ts'
import { watchInterruption } from './bulk/interruption.ts'
import { runCommand } from './bulk/run-command.ts'
import { EXPORT_USAGE, readExportOptions } from './export/export-options.ts'
import { exportTable } from './export/export-table.ts'

const STOPPED = 'The export is incomplete'

// Who reads the rows may go: `npm run export | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') console.error(`${STOPPED}: ${error.message}`)
  process.exit(EXIT.notDone)
})

/** `npm run export`: writes a table's live items to standard output, in the form that an import reads. */
await runCommand(
  () => {
    const options = readExportOptions(process.argv.slice(2), process.env)
    return exportTable(options, process.env, watchInterruption())
  },
  { usage: EXPORT_USAGE, stopped: STOPPED },
)
process.stdout.write('', () => process.exit())
