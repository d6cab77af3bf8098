import type { ServiceModel, Shape } from '@millrace/aws-model';

export interface ShapeContext<Compiled> {
  readonly model: ServiceModel;
  readonly name: string;
  /** The compiled form of another shape of the model; it may lead back to this one. */
  readonly of: (name: string) => Compiled;
}

export type Compile<Compiled> = (shape: Shape, context: ShapeContext<Compiled>) => Compiled;

/**
 * Compiles a shape once per model, so that nothing is looked up per value. `defer` makes what stands for a
 * shape while it is being compiled itself: only recursion passes through it.
 */
export const perShape = <Compiled>(
  compile: Compile<Compiled>,
  defer: (finished: () => Compiled) => Compiled,
): ((model: ServiceModel, name: string) => Compiled) => {
  const compilers = new WeakMap<ServiceModel, (name: string) => Compiled>();
  return (model, name) => {
    const of = compilers.get(model) ?? compiler(model, compile, defer);
    compilers.set(model, of);
    return of(name);
  };
};

const compiler = <Compiled>(
  model: ServiceModel,
  compile: Compile<Compiled>,
  defer: (finished: () => Compiled) => Compiled,
): ((name: string) => Compiled) => {
  const done = new Map<string, Compiled>();
  const of = (name: string): Compiled => {
    const known = done.get(name);
    if (known !== undefined) return known;
    const shape = model.shapes[name];
    if (!shape) throw new Error(`no shape ${name} in ${model.name}`);
    let compiled: Compiled | undefined;
    done.set(
      name,
      defer(() => {
        if (compiled === undefined) throw new Error(`${name} is used while it is being compiled`);
        return compiled;
      }),
    );
    compiled = compile(shape, { model, name, of });
    done.set(name, compiled);
    return compiled;
  };
  return of;
};
