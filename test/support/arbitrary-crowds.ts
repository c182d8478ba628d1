import fc from 'fast-check'
import { FAULT_KINDS, type FaultRates } from './random-faults.ts'
import { CATEGORIES, type Category } from './store-model.ts'

/** What one client does to one category, or reads of several, of one of two entities. */
export type Operation = { entity: number; category: Category } & (
  | { kind: 'read'; consistent: boolean }
  | { kind: 'read several'; categories: Category[]; consistent: boolean }
  | { kind: 'read and hang up'; consistent: boolean; turns: number }
  | { kind: 'write' }
  | { kind: 'delete' }
)

/** What each client does, one thing after the other, all of them side by side. */
export type Crowd = { clients: Operation[][]; weather: Weather }

/** `lateMs`: by how much the answers of reads that pass come late, in turn; they are true of an earlier time. */
export type Weather = { seed: number; rates: FaultRates; lateMs: number[] }

const WEATHERS: FaultRates[] = [
  {},
  { delay: 0.5 },
  { partialBatch: 0.6, delay: 0.2 },
  { throttle: 0.3, partialBatch: 0.3 },
  { hang: 0.1, delay: 0.3, reset: 0.1 },
  { applyThenReset: 0.2, applyThenError: 0.2, error: 0.1 },
  { noAnswer: 0.1, halfReply: 0.1, partialBatch: 0.2 },
  Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0.04])),
]

const PLAIN = { noNullPrototype: true } as const
// Mostly reads of one kind and one entity, so that many share calls.
const entity = fc.oneof({ arbitrary: fc.constant(0), weight: 5 }, fc.constant(1))
const where = { entity, category: fc.constantFrom(...CATEGORIES) }
const consistent = fc.oneof({ arbitrary: fc.constant(false), weight: 4 }, fc.constant(true))
const categories = fc.shuffledSubarray([...CATEGORIES], { minLength: 1 })
const lateMs = fc.array(fc.oneof(fc.constant(0), fc.nat(40)), { minLength: 1, maxLength: 5 })

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { arbitrary: fc.record({ ...where, kind: fc.constant('read' as const), consistent }, PLAIN), weight: 10 },
  {
    arbitrary: fc.record({ ...where, kind: fc.constant('read several' as const), categories, consistent }, PLAIN),
    weight: 4,
  },
  {
    arbitrary: fc.record({ ...where, kind: fc.constant('read and hang up' as const), consistent, turns: fc.nat(8) }, PLAIN),
    weight: 2,
  },
  { arbitrary: fc.record({ ...where, kind: fc.constant('write' as const) }, PLAIN), weight: 3 },
  { arbitrary: fc.record({ ...where, kind: fc.constant('delete' as const) }, PLAIN), weight: 1 },
)

/** Crowds of clients that read and write the same few categories, in any weather. */
export const crowds: fc.Arbitrary<Crowd> = fc.record(
  {
    clients: fc.array(fc.array(operation, { minLength: 1, maxLength: 8, size: 'max' }), {
      minLength: 2,
      maxLength: 40,
      size: 'max',
    }),
    weather: fc.record({ seed: fc.nat(), rates: fc.constantFrom(...WEATHERS), lateMs }, PLAIN),
  },
  PLAIN,
)
