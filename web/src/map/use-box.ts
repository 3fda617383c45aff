// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState, type RefObject } from 'react';

/** The size of a box in px, so that a drawing keeps its text at text size; undefined until it is known. */
export function useBox(): [RefObject<HTMLDivElement | null>, { width: number; height: number } | undefined] {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ width: number; height: number }>();
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setSize({ width: Math.max(200, entry.contentRect.width), height: Math.max(160, entry.contentRect.height) }));
    if (ref.current) observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
