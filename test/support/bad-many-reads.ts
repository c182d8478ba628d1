import { badPost, INVALID, LONG_CATEGORY, LONG_IDENTIFIER, shownName } from './bad-posts.ts'
import type { BadRequest } from './bad-requests.ts'

const read = badPost('/api/v1/get/items')

const wrongIdentifiers: BadRequest[] = [
  ...['null', 'true', '1', '1e400', '"victim"', '{}', '{"0":"victim"}', '[]'].flatMap((identifiers) =>
    read(`identifiers ${identifiers}`, `{"identifiers":${identifiers},"categories":{"cat":[]}}`, INVALID, '$.identifiers'),
  ),
  ...[
    'null',
    'true',
    '1',
    '1e400',
    '{}',
    '["victim"]',
    '""',
    '"\\ud800"',
    `"${LONG_IDENTIFIER}"`,
    `"${'é'.repeat(1025)}"`,
  ].flatMap((identifier) =>
    read(
      `the identifier ${identifier.slice(0, 20)}`,
      `{"identifiers":["victim",${identifier}],"categories":{"cat":[]}}`,
      INVALID,
      '$.identifiers[1]',
    ),
  ),
  ...read('no identifiers', '{"categories":{"cat":[]}}', INVALID, '$.identifiers'),
]

const wrongCategories: BadRequest[] = [
  ...['null', 'true', '1', '1e400', '"cat"', '[]', '["cat"]'].flatMap((categories) =>
    read(`categories ${categories}`, `{"identifiers":["victim"],"categories":${categories}}`, INVALID, '$.categories'),
  ),
  ...['null', 'true', '1', '1e400', '"f"', '{"f":1}', '[1]', '["f",null]'].flatMap((names) =>
    read(
      `the features ${names}`,
      `{"identifiers":["victim"],"categories":{"ok":[],"cat1":${names}}}`,
      INVALID,
      '$.categories.cat1',
    ),
  ),
  ...read('an empty category', '{"identifiers":["victim"],"categories":{"":[]}}', INVALID, "$.categories['']"),
  ...read(
    'a lone surrogate in a category',
    '{"identifiers":["victim"],"categories":{"\\ud800":[]}}',
    INVALID,
    "$.categories['\\ud800']",
  ),
  ...read(
    'a category of 1,025 bytes',
    `{"identifiers":["victim"],"categories":{"${LONG_CATEGORY}":[]}}`,
    INVALID,
    `$.categories${shownName(LONG_CATEGORY)}`,
  ),
  ...read('no categories member', '{"identifiers":["victim"]}', INVALID, '$.categories'),
]

const unknownMembers: BadRequest[] = ['foo', 'identifier', 'Identifiers', '__proto__', 'constructor'].flatMap((name) =>
  read(`the member ${name}`, `{"identifiers":["victim"],"categories":{"cat":[]},"${name}":["x"]}`, INVALID, `$.${name}`),
)

/** Bodies that a read of many entities refuses for what they say. */
export const badManyReads: readonly BadRequest[] = [...wrongIdentifiers, ...wrongCategories, ...unknownMembers]
