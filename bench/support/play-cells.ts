import { alternate } from './alternate.ts'
import { type Cell, loadInWords, type PlayedCell, type Round } from './cells.ts'
import { startContestants } from './contestants.ts'
import { type Entrant, type Entrants, enter } from './entrants.ts'
import { type LoadJob, startLoadGenerator } from './load-generator.ts'
import { type Measurement, measure } from './measure.ts'

export type PlayOptions = {
  rounds: number
  /** Of each measurement. */
  durationMs: number
  /** Of each contestant in each cell, before anything counts. */
  warmUpMs: number
  /** Told before each measurement. */
  onStep: (what: string) => void
}

type Load = Pick<LoadJob, 'connections' | 'durationMs' | 'ratePerSecond'>
type Run = (entrant: Entrant, what: string, load: Load) => Promise<Measurement>

/**
 * Measures all cells with one DynamoDB: starts the contestants, checks and warms them up, and plays the cells' rounds.
 * @throws Error at any reply that is not as it should be, saying whose it was.
 */
export async function playCells(cells: readonly Cell[], options: PlayOptions): Promise<PlayedCell[]> {
  const { contestants, end } = await startContestants(cells[0]?.dynamodbMs ?? 0)
  const generator = startLoadGenerator()
  const run: Run = async (entrant, what, load) => {
    options.onStep(what)
    const { port, requests, marks, replyBytes } = entrant
    const measured = await measure(generator, entrant, { port, requests, marks, replyBytes, ...load })
    const { errors, firstError } = measured
    if (errors > 0)
      throw new Error(`${what}: ${errors} of ${measured.requests} replies were wrong, the first of them ${firstError}`)
    return measured
  }

  const entered: [Cell, Entrants][] = []
  for (const cell of cells) entered.push([cell, await enter(contestants, cell.workload)])
  // All of them first, as each brings the others' code out of its shape again; and at each number of connections, as other
  // code may answer one than many.
  for (const [cell, entrants] of entered) await warmUp(cell, entrants, run, options)
  const played: PlayedCell[] = []
  for (const [cell, entrants] of entered) played.push({ ...cell, rounds: await playRounds(cell, entrants, run, options) })
  generator.end()
  end()
  return played
}

async function warmUp(cell: Cell, { ours, bare, plain }: Entrants, run: Run, options: PlayOptions): Promise<void> {
  const { name, connections, ratePerSecond } = cell
  const load = { connections, durationMs: options.warmUpMs, ratePerSecond }
  for (const [who, entrant] of Object.entries({ ours, bare, plain })) {
    await run(entrant, `${name}, ${loadInWords(cell)}, warm-up, ${who}`, load)
  }
}

async function playRounds(cell: Cell, entrants: Entrants, run: Run, options: PlayOptions): Promise<Round[]> {
  const { name, connections, ratePerSecond } = cell
  const { rounds, durationMs } = options
  const play = (entrant: Entrant, who: string, round: number) =>
    run(entrant, `${name}, ${loadInWords(cell)}, round ${round} of ${rounds}, ${who}`, { connections, ratePerSecond, durationMs })

  const { bareSingle, ...others } = entrants
  if (bareSingle !== others.bare) return alternate(rounds, entrants, play)
  return (await alternate(rounds, others, play)).map((round) => ({ ...round, bareSingle: round.bare }))
}
