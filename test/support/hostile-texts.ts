import fc from 'fast-check'

/** Texts that would end a tag, a line or a reader's patience in one of the formats, were they written as they are. */
export const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
  'a pipe': 'a|b',
  'tags of its own': 'x|c|#category:forged',
  "a line of DogStatsD's": 'x:1|c\ntest_store.http.request.count:1000000|c',
  "a line of Telegraf's": '\ntest_store.http.request.count,category=forged:1000000|c',
  'a carriage return': 'line\r\nbreak',
  'a line break alone': '\n',
  'a line break spelt out': String.raw`\n`,
  'a colon': 'x:1',
  'an equals sign': 'a=b,category=forged',
  'a hash': '#',
  'a comma': 'a,b',
  'a rate': '@0.0001',
  'a pipe and a rate': 'x|@0.0001',
  'a backslash at the end': 'back\\',
  'a backslash alone': '\\',
  'a space': ' ',
  'a tab': 'tab\tand space',
  'a no-break space': 'no-break\u00a0space',
  'a separator of lines and of paragraphs': 'line\u2028and\u2029paragraph',
  'an ideographic space': 'ideographic\u3000space',
  'a zero-width space': 'zero\u200bwidth',
  'a null': '\u0000',
  'controls above ASCII': '\u007f\u0085',
  'a byte order mark': '\ufeffmark',
  'a mark that turns text around': '\u202egnp.exe',
  'an emoji of several, joined': '👩\u200d👩\u200d👧\u200d👦',
  'a soft hyphen': 'soft\u00adhyphen',
  'a lone surrogate': '\ud800',
  'a lone surrogate before text': '\udfffsurrogate',
  'a character at the cut': `${'x'.repeat(99)}🦊`,
  '2,000 foxes': '🦊'.repeat(2000),
  '100,000 letters': 'n'.repeat(100_000),
  'a pipe beyond the cut': `${'e\u0301'.repeat(1000)}|c`,
  'a name of Object.prototype': '__proto__',
  'a method of Object.prototype': 'constructor',
  'an escape of URLs': '%0Aforged:1|c',
}

const SEPARATOR = fc.constantFrom(...'|,#:=@\\\n\r\t \0\u00a0\u2028\u200d\ufeff\ud83e\udd8a', 'forged:1|c', '|c', '\n')
const WORD = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 })

/** Any text that a client could send, most of it with something in it that has a meaning in a line. */
export const hostileText = fc.oneof(
  fc.constantFrom(...Object.values(HOSTILE_TEXTS)),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 150 }),
  fc.array(fc.oneof(SEPARATOR, WORD), { minLength: 1, maxLength: 40 }).map((parts) => parts.join('')),
)
