/**
 * What a CommonJS package exports, after a dynamic import: Node finds most names by reading its source, the bundle puts
 * all of them under `default`.
 */
export function exportsOf<Module extends object>(imported: Module): Module {
  return (imported as {default?: Module}).default ?? imported
}
