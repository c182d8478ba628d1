import { expect, test } from 'vitest'
import { formatDuration } from '../../src/cli/bulk/format.ts'
import { loadTable } from '../../src/cli/demo/load-table.ts'
import { createScreen } from '../../src/cli/demo/screen.ts'
import { startTally } from '../../src/cli/demo/tally.ts'

/** A terminal of so many columns, as far as a screen uses one. */
function startTerminal(columns: number) {
  const written: string[] = []
  const stream = { isTTY: true, columns, write: (text: string) => written.push(text) }
  return { screen: createScreen(stream as unknown as NodeJS.WriteStream), written }
}

test('what is drawn again and again takes a row of the terminal a line, however narrow that is', () => {
  const { screen, written } = startTerminal(40)

  screen.draw(['x'.repeat(100), 'y'.repeat(39)])
  screen.draw(['z'])

  expect(written).toEqual([`${'x'.repeat(39)}\n${'y'.repeat(39)}\n`, '\x1b[2A\x1b[0J', 'z\n'])
})

test('the table of the load fits 80 columns, with counts of any size', () => {
  const tally = { count: 1_234_567, unexpected: 999_999, durations: [12_345.6] }
  const lines = loadTable(
    new Map([
      ['write too late (409)', tally],
      ['read', startTally()],
    ]),
    1,
  )

  for (const line of lines) expect(line.length).toBeLessThan(80)
})

test.each([
  [0.2, '1s'],
  [59, '59s'],
  [61, '1m01s'],
  [3600, '1h00m'],
  [100_000, '27h46m'],
])('%d seconds are told as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})
