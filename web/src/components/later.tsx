// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState, type ComponentType } from 'react';

export type Later<P> = ComponentType<P> & { bring: () => Promise<unknown> };

/**
 * A component whose code is fetched when it is first shown, or earlier by `bring`; `Meanwhile` stands in its place. A fetch that fails
 * is thrown to the nearest guard, and tried again by the next who shows it.
 *
 * Not React.lazy: React holds back what leaves a Suspense boundary until 300 ms have passed since the last fallback was shown, and a
 * page stands behind two of them.
 */
export function later<P extends object>(load: () => Promise<{ default: ComponentType<P> }>, Meanwhile?: ComponentType): Later<P> {
  let found: ComponentType<P> | undefined;
  let coming: Promise<ComponentType<P>> | undefined;
  const bring = () =>
    (coming ??= load().then(
      (module) => (found = module.default),
      (error: unknown) => {
        coming = undefined;
        throw error;
      },
    ));
  function Shown(props: P) {
    const [Found, setFound] = useState(() => found);
    const [failed, setFailed] = useState<{ error: unknown }>();
    useEffect(() => {
      if (Found) return;
      let gone = false;
      bring().then(
        (module) => void (gone || setFound(() => module)),
        (error: unknown) => void (gone || setFailed({ error })),
      );
      return () => {
        gone = true;
      };
    }, [Found]);
    if (failed) throw failed.error;
    if (Found) return <Found {...props} />;
    return Meanwhile ? <Meanwhile /> : null;
  }
  return Object.assign(Shown, { bring });
}
