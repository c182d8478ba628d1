/** The texts of some values with commas between: what an array or an object has within. An array's own join copies each text. */
export function joinTexts<Value>(values: Iterable<Value>, toText: (value: Value) => string): string {
  let texts = ''
  for (const value of values) texts += (texts === '' ? '' : ',') + toText(value)
  return texts
}
