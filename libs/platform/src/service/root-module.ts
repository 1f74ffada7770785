import type { DynamicModule } from '@nestjs/common';

class RootModule {}

/** The root module of an application: these modules, with values that every class of them can inject, by their tokens. */
export function rootModule(
  imports: readonly DynamicModule[],
  values: readonly (readonly [symbol, unknown])[],
): DynamicModule {
  return {
    module: RootModule,
    global: true,
    imports: [...imports],
    providers: values.map(([provide, useValue]) => ({ provide, useValue })),
    exports: values.map(([token]) => token),
  };
}
