import { type FileMetaData, parquetSchema, type SchemaTree } from 'hyparquet'
import { type Convert, convertLeaf } from './parquet-leaf.ts'

/** A column by name, and how its values, other than null, become JSON's. */
export type ParquetColumn = { name: string; convert: Convert }

/**
 * The columns of a file. Takes what says of a leaf what it stands for out of the metadata, so that the library hands out what is
 * stored: of its own it makes doubles of decimals, and times of milliseconds.
 * @throws FileError for a column whose type has no place in JSON.
 */
export function prepareColumns(metadata: FileMetaData): ParquetColumn[] {
  return parquetSchema(metadata).children.map((node) => ({ name: node.element.name, convert: convertNode(node) }))
}

function convertNode(node: SchemaTree): Convert {
  const { element, children } = node
  if (element.converted_type === 'MAP' || element.converted_type === 'MAP_KEY_VALUE') return convertMap(node)
  if (element.converted_type === 'LIST') return convertList(node)
  const convert = children.length > 0 ? convertStruct(children) : convertBare(node)
  return element.repetition_type === 'REPEATED' ? eachOf(convert) : convert
}

function convertBare({ element }: SchemaTree): Convert {
  const convert = convertLeaf(element)
  // Half-precision floats the library does read, and nobody else would know them from bytes.
  if (element.logical_type?.type === 'FLOAT16') return convert
  delete element.converted_type
  delete element.logical_type
  return convert
}

/** In a list of three levels the one between has no name of its own; older writers have two. */
function convertList({ children: [repeated] }: SchemaTree): Convert {
  if (!repeated) return eachOf((value) => value)
  const [only, ...others] = repeated.children
  if (only && others.length === 0) return eachOf(convertNode(only))
  return eachOf(repeated.children.length > 0 ? convertStruct(repeated.children) : convertBare(repeated))
}

/** Keys are the library's own affair: it makes an object's names of them. */
function convertMap({ children: [entry] }: SchemaTree): Convert {
  const value = entry?.children.find(({ element }) => element.name === 'value')
  const convert = orNull(value ? convertNode(value) : (member) => member)
  return (map) => withMembers(Object.entries(map as object).map(([name, member]) => [name, convert(member)]))
}

function convertStruct(children: readonly SchemaTree[]): Convert {
  const members = children.map((child) => ({ name: child.element.name, convert: orNull(convertNode(child)) }))
  return (struct) =>
    withMembers(members.map(({ name, convert }) => [name, convert((struct as Readonly<Record<string, unknown>>)[name])]))
}

function eachOf(convert: Convert): Convert {
  const convertItem = orNull(convert)
  return (list) => Array.from(list as Iterable<unknown>, convertItem)
}

/** A value that may be null. */
export function orNull(convert: Convert): Convert {
  return (value) => (value === undefined || value === null ? null : convert(value))
}

function withMembers(members: Iterable<readonly [string, unknown]>): object {
  const object: Record<string, unknown> = Object.create(null)
  for (const [name, value] of members) object[name] = value
  return object
}
