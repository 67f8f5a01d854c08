/** What a value becomes in a vector file: bytes are hex there. */
export type Hexed<T> = T extends Uint8Array
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Hexed<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Hexed<T[Key]> }
      : T;
