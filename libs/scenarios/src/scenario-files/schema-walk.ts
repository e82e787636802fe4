import { z } from 'zod';
import type { Path } from './scenario-fault.js';
import { isTree } from './merge-layers.js';

/** The schema without what makes it optional or nullable. */
export function bare(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodExactOptional
  ) {
    return bare(schema.unwrap() as z.ZodType);
  }
  return schema;
}

/** The branch of a union that a value means: by its shape, and by `kind` where there is one. */
export function branchFor(schema: z.ZodType, value: unknown): z.ZodType {
  const plain = bare(schema);
  if (!(plain instanceof z.ZodUnion)) return plain;
  const options = (plain.options as readonly z.ZodType[]).map(bare);
  const objects = options.filter((option) => option instanceof z.ZodObject);
  if (Array.isArray(value)) {
    return options.find((option) => option instanceof z.ZodArray) ?? plain;
  }
  if (isTree(value)) {
    const byKind = objects.find((option) => {
      const kind = (option.shape as Record<string, z.ZodType>)['kind'];
      return kind instanceof z.ZodLiteral && kind.values.has(value['kind'] as string);
    });
    return byKind ?? (objects.length === 1 ? (objects[0] ?? plain) : plain);
  }
  return options.find((option) => option.safeParse(value).success) ?? plain;
}

/** The schema of the value at a path, following the branches that the value takes. */
export function schemaAt(root: z.ZodType, path: Path, value: unknown): z.ZodType | undefined {
  let schema = branchFor(root, value);
  let here: unknown = value;
  for (const key of path) {
    const next = childSchema(schema, key);
    if (next === undefined) return undefined;
    here = Array.isArray(here)
      ? (here[Number(key)] as unknown)
      : isTree(here)
        ? here[key]
        : undefined;
    schema = branchFor(next, here);
  }
  return schema;
}

function childSchema(schema: z.ZodType, key: string | number): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) {
    return (schema.shape as Readonly<Record<string, z.ZodType>>)[String(key)];
  }
  if (schema instanceof z.ZodRecord) {
    const accepts = (schema.keyType as unknown as z.ZodType).safeParse(String(key)).success;
    return accepts ? (schema.valueType as z.ZodType) : undefined;
  }
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  return undefined;
}

/** Keys that a map may have; none for what is no map, or takes any name. */
export function keysOf(schema: z.ZodType | undefined): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const key of path) {
    if (Array.isArray(here)) here = here[Number(key)] as unknown;
    else if (isTree(here)) here = here[String(key)];
    else return undefined;
  }
  return here;
}
