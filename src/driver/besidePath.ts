/** The name of a file of the language with its ending, which an include or import may leave out. */
export function withEnding(name: string): string {
  return name.endsWith(".lang") ? name : `${name}.lang`;
}

/** The path of `name` seen from the file that includes it. Absolute names stay. */
export function besidePath(from: string, name: string): string {
  if (name.startsWith("/")) return name;
  const slash = from.lastIndexOf("/");
  return slash < 0 ? name : from.slice(0, slash + 1) + name;
}
