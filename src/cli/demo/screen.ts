import { styleText } from 'node:util'

export type Screen = ReturnType<typeof createScreen>

/** What the demo says: lines that stay, and on a terminal a part that is drawn again and again. */
export function createScreen(stream: NodeJS.WriteStream) {
  let drawn = 0
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream })

  function erase(): void {
    if (drawn > 0) stream.write(`\x1b[${drawn}A\x1b[0J`)
    drawn = 0
  }

  return {
    title: (text: string) => paint('bold', text),
    good: (text: string) => paint('green', text),
    bad: (text: string) => paint('red', text),
    faint: (text: string) => paint('dim', text),

    say(text = ''): void {
      erase()
      stream.write(`${text}\n`)
    },

    /** Draws plain lines in the place of those drawn before, cut at the terminal's width; where there is no terminal, nothing. */
    draw(lines: readonly string[]): void {
      if (!stream.isTTY) return
      erase()
      // One that wraps would be two, of which only one is erased.
      stream.write(`${lines.map((line) => line.slice(0, stream.columns - 1)).join('\n')}\n`)
      drawn = lines.length
    },
  }
}
