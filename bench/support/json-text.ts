const LINE_WIDTH = 130

/** JSON as this project's formatter writes it: lists of numbers in one line where they fit, all else a member a line. */
export function jsonText(value: unknown): string {
  return `${format(value, '', '')}\n`
}

/** `name` is what stands before the value in its line. */
function format(value: unknown, indent: string, name: string): string {
  const inner = `${indent}  `
  if (isNumbers(value)) return name + formatNumbers(value, indent, name.length)
  if (Array.isArray(value))
    return (
      name +
      wrap(
        '[',
        ']',
        indent,
        value.map((each) => format(each, inner, '')),
      )
    )
  if (typeof value !== 'object' || value === null) return name + JSON.stringify(value)
  const members = Object.entries(value).map(([key, member]) => format(member, inner, `${JSON.stringify(key)}: `))
  return name + wrap('{', '}', indent, members)
}

function wrap(open: string, close: string, indent: string, parts: readonly string[]): string {
  if (parts.length === 0) return open + close
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'number')
}

/** As many in a line as fit. */
function formatNumbers(numbers: readonly number[], indent: string, before: number): string {
  const texts = numbers.map((number) => JSON.stringify(number))
  const line = `[${texts.join(', ')}]`
  if (indent.length + before + `${line},`.length <= LINE_WIDTH) return line
  const lines: string[] = []
  for (const text of texts) {
    const last = lines.at(-1)
    const longer = `${last}, ${text}`
    if (last !== undefined && `${indent}  ${longer},`.length <= LINE_WIDTH) lines[lines.length - 1] = longer
    else lines.push(text)
  }
  return wrap('[', ']', indent, lines)
}
