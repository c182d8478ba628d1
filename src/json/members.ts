/** Visits each member of an array or object that JSON.parse made. */
export function eachMember(container: object, visit: (key: PropertyKey, member: unknown) => void): void {
  if (Array.isArray(container)) {
    for (let index = 0; index < container.length; index += 1) visit(index, container[index])
  } else {
    for (const key of Object.keys(container)) visit(key, Reflect.get(container, key))
  }
}

/** Sets a member as JSON.parse would: `__proto__` is a name like any other. */
export function setMember(container: object, key: PropertyKey, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true })
  else Reflect.set(container, key, value)
}
