import { checkFeatureName } from '../../features/check-names.ts'
import { FileError } from '../bulk/file-error.ts'

/** Where a file of columns has its keys and its features. */
export type Columns = {
  identifier: number
  /** Undefined: every row has the category that the command names. */
  category: number | undefined
  features: readonly { name: string; index: number }[]
}

/**
 * Finds the columns of a row's key; all others are features.
 * @throws FileError where a column is missing, there twice, or cannot be a feature's name.
 */
export function findColumns(names: readonly string[], category: string | undefined): Columns {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new FileError(`two columns are named ${JSON.stringify(twice)}`)
  const identifierAt = names.indexOf('identifier')
  if (identifierAt === -1)
    throw new FileError(`there is no column identifier; the columns are ${names.join(', ')}${hintAt(names)}`)
  const categoryAt = names.indexOf('category')
  if (categoryAt === -1 && category === undefined) throw new FileError('there is no column category; name one by --category')
  const features = names
    .map((name, index) => ({ name, index }))
    .filter(({ index }) => index !== identifierAt && index !== categoryAt)
  for (const { name } of features) {
    const fault = checkFeatureName(name)
    if (fault !== undefined)
      throw new FileError(
        `the column ${JSON.stringify(name)} cannot be a feature: its name ${fault}${name === '' ? INDEX_HINT : ''}`,
      )
  }
  return { identifier: identifierAt, category: categoryAt === -1 ? undefined : categoryAt, features }
}

const INDEX_HINT = ' (pandas writes its index so: index=False leaves it out)'

/** What a person may have meant, where one separator was taken for another. */
function hintAt([only = '', ...others]: readonly string[]): string {
  const [found] = /[;\t|]/.exec(only) ?? []
  if (others.length > 0 || found === undefined) return ''
  return `; what separates them may be --delimiter '${found === '\t' ? '\\t' : found}'`
}
