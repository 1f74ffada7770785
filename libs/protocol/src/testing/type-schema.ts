import ts from 'typescript';
import type { JsonSchema } from './data-schema.ts';

/** Makes JSON Schemas of TypeScript types. Interfaces become entries of `definitions`, by name. */
export class TypeSchemas {
  readonly definitions: Record<string, JsonSchema> = {};
  readonly #checker: ts.TypeChecker;
  readonly #module: ts.SourceFile;

  constructor(file: string) {
    const options = { strict: true, allowImportingTsExtensions: true, noEmit: true, experimentalDecorators: true };
    const program = ts.createProgram([file], {
      ...options,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    });
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`${file} cannot be read.`);
    this.#checker = program.getTypeChecker();
    this.#module = source;
  }

  /** The type that the module exports under this name. */
  exported(name: string): ts.Type {
    const module = this.#checker.getSymbolAtLocation(this.#module);
    const found = module && this.#checker.getExportsOfModule(module).find((one) => one.getName() === name);
    if (found === undefined) throw new Error(`The wire exports no ${name}.`);
    return this.#checker.getDeclaredTypeOfSymbol(
      found.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(found) : found,
    );
  }

  /** The properties of an object type, in the order of their declaration. */
  properties(type: ts.Type): readonly { name: string; type: ts.Type; optional: boolean; comment: string }[] {
    return type.getProperties().map((property) => ({
      name: property.getName(),
      type: this.#checker.getTypeOfSymbol(property),
      optional: (property.flags & ts.SymbolFlags.Optional) !== 0,
      comment: ts.displayPartsToString(property.getDocumentationComment(this.#checker)),
    }));
  }

  schemaOf(type: ts.Type): JsonSchema {
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: this.#checker.typeToString(type) === 'true' };
    if (type.flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
    // An id is a string with a brand.
    if (type.flags & ts.TypeFlags.String || type.isIntersection()) return this.#stringOrIntersection(type);
    if (type.isUnion()) return this.#union(type);
    if (this.#checker.isArrayType(type)) return this.#array(type);
    return this.#object(type);
  }

  #stringOrIntersection(type: ts.Type): JsonSchema {
    if (!type.isIntersection() || type.types.some(({ flags }) => flags & ts.TypeFlags.String)) {
      return { type: 'string' };
    }
    return this.#fields(type);
  }

  #union(type: ts.UnionType): JsonSchema {
    const members = type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const isBoolean = members.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral).length === 2;
    const others = members.filter(({ flags }) => !isBoolean || !(flags & ts.TypeFlags.BooleanLiteral));
    const schemas = [...(isBoolean ? [{ type: 'boolean' }] : []), ...others.map((member) => this.schemaOf(member))];
    const [only] = schemas;
    if (schemas.length === 1 && only !== undefined) return only;
    const sorted = schemas.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
    return sorted.every((schema) => 'const' in schema)
      ? { enum: sorted.map((schema) => schema.const) }
      : { anyOf: sorted };
  }

  #array(type: ts.Type): JsonSchema {
    const [item] = this.#checker.getTypeArguments(type as ts.TypeReference);
    return { type: 'array', ...(item === undefined ? {} : { items: this.schemaOf(item) }) };
  }

  #object(type: ts.Type): JsonSchema {
    const symbol = type.getSymbol();
    if (symbol === undefined || !(symbol.flags & ts.SymbolFlags.Interface)) return this.#fields(type);
    const name = symbol.getName();
    if (!Object.hasOwn(this.definitions, name)) {
      this.definitions[name] = {};
      this.definitions[name] = this.#fields(type);
    }
    return { $ref: `#/$defs/${name}` };
  }

  #fields(type: ts.Type): JsonSchema {
    const properties = this.properties(type).toSorted((one, other) => (one.name < other.name ? -1 : 1));
    return {
      type: 'object',
      properties: Object.fromEntries(properties.map((property) => [property.name, this.schemaOf(property.type)])),
      required: properties.filter(({ optional }) => !optional).map(({ name }) => name),
    };
  }
}
