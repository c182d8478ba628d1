import { badPost, INVALID, LONG_CATEGORY, LONG_IDENTIFIER, shownName } from './bad-posts.ts'
import type { BadRequest } from './bad-requests.ts'

const write = badPost('/api/v1/items')

/** Bodies that a write of many entities refuses for what they say. */
export const badManyWrites: readonly BadRequest[] = [
  ...['null', 'true', '1', '1e400', '"f"', '[]', '[{"cat":{"f":9}}]', '{}'].flatMap((entity) =>
    write(`the entity ${entity}`, `{"victim":{"cat":{"f":9}},"u1":${entity}}`, INVALID, '$.u1'),
  ),
  ...['null', 'true', '1', '1e400', '"f"', '[]', '[{"f":9}]'].flatMap((features) =>
    write(`the category ${features}`, `{"victim":{"cat":{"f":9},"bad":${features}}}`, INVALID, '$.victim.bad'),
  ),
  ...write('an empty identifier', '{"victim":{"cat":{"f":9}},"":{"cat":{}}}', INVALID, "$['']"),
  ...write('a lone surrogate in an identifier', '{"\\udbff":{"cat":{}}}', INVALID, "$['\\udbff']"),
  ...write('an identifier of 2,049 bytes', `{"${LONG_IDENTIFIER}":{"cat":{}}}`, INVALID, `$${shownName(LONG_IDENTIFIER)}`),
  ...write(
    'an identifier of 2,050 bytes in 1,025 characters',
    `{"${'é'.repeat(1025)}":{"cat":{}}}`,
    INVALID,
    `$${shownName('é'.repeat(1025))}`,
  ),
  ...write('an empty category', '{"victim":{"":{"f":9}}}', INVALID, "$.victim['']"),
  ...write('a category of 1,025 bytes', `{"victim":{"${LONG_CATEGORY}":{}}}`, INVALID, `$.victim${shownName(LONG_CATEGORY)}`),
  ...write('the category __proto__', '{"victim":{"cat":{"f":9},"__proto__":{"f":1}}}', INVALID, '$.victim.__proto__'),
  ...write('the feature __proto__', '{"victim":{"cat":{"f":9,"__proto__":1}}}', INVALID, '$.victim.cat.__proto__'),
  ...write('an empty feature name', '{"victim":{"cat":{"":1}}}', INVALID, "$.victim.cat['']"),
  ...write('a number too large', '{"victim":{"cat":{"f":[9,1e126]}}}', INVALID, '$.victim.cat.f[1]'),
  ...write('a lone surrogate in a value', '{"victim":{"cat":{"f":"\\udfff"}}}', INVALID, '$.victim.cat.f'),
  ...write('100,000 levels', `{"victim":{"cat":{"f":${'['.repeat(100_000)}${']'.repeat(100_000)}}}}`, INVALID),
]
