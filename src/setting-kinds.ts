import { isIP } from 'node:net'
import { z } from 'zod'
import { parseApiKeys } from './api-keys.ts'

// The kinds of values that settings have, read from text, each with what it says of a bad one.

export const boolean = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0'], { error: 'must be true, false, 1 or 0' }))
  .transform((text) => text === 'true' || text === '1')

export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`
  return z.string().regex(/^\d+$/, { error }).transform(Number).pipe(z.number({ error }).min(min, { error }).max(max, { error }))
}

export function oneOf<const Choices extends readonly [string, ...string[]]>(choices: Choices) {
  return z.enum(choices, { error: `must be one of: ${choices.join(', ')}` })
}

export const tableName = z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/, { error: 'must be 3 to 255 of a-z, A-Z, 0-9, _ . -' })

export const endpoint = z.string().refine((text) => text === 'embedded' || text === 'aws' || isHttpUrl(text), {
  error: 'must be "embedded", "aws" or an http(s) URL',
})

const NAMED_RANGES = ['loopback', 'linklocal', 'uniquelocal']

export const trustedProxies = z
  .string()
  .refine((text) => ['true', 'false'].includes(text.toLowerCase()) || listOf(text).every(isAddressRange), {
    error: `must be true, false, or IP addresses, CIDR ranges, ${NAMED_RANGES.join(', ')}, joined by commas`,
  })
  .transform((text) => (['true', 'false'].includes(text.toLowerCase()) ? text.toLowerCase() === 'true' : listOf(text)))

export const hostName = z
  .string()
  .regex(/^[\w.:-]+$/, { error: 'must be a host name, an IP address or "off"' })
  .transform((text) => (text.toLowerCase() === 'off' ? 'off' : text))

export const onOrOff = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['on', 'off'], { error: 'must be on or off' }))

export const apiKeys = z.string().transform((text, context) => {
  const { keys, faults } = parseApiKeys(text)
  for (const message of faults) context.addIssue({ code: 'custom', message })
  return keys
})

export const origins = z
  .string()
  .refine((text) => text === '*' || listOf(text).every(isOrigin), {
    error: 'must be origins such as https://app.example.com, joined by commas, or *',
  })
  .transform((text) => listOf(text).map((origin) => origin.toLowerCase()))

function listOf(text: string): string[] {
  return text.split(',').map((item) => item.trim())
}

function isAddressRange(text: string): boolean {
  if (NAMED_RANGES.includes(text)) return true
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (family === 4 ? 32 : 128))
}

export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
}

function isOrigin(text: string): boolean {
  return isHttpUrl(text) && !text.includes('*') && new URL(text).origin === text.toLowerCase()
}
