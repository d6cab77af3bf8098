/** A type that only its own module makes, so that a bare string or number never stands in for it. */
export type Brand<Type, Name extends string> = Type & { readonly __brand: Name };
