// SPDX-License-Identifier: Apache-2.0
// A project on one A4 page, always: before it is printed, the page is laid out as paper in ever smaller type until it fits.
import { useEffect, useRef } from 'react';

// A4 upright with margins of 12 mm, at 96 px an inch, less the head of the page and a tenth, because
// type set on paper takes a little more room than on the screen.
const paperWidth = 703;
const paperHeight = 900;
const smallest = 0.45;

export function useOnePage<T extends HTMLElement>() {
  const page = useRef<T>(null);
  useEffect(() => {
    const root = document.documentElement;
    const before = () => {
      const element = page.current;
      if (!element) return;
      root.classList.add('paper');
      const { width } = element.style;
      for (let zoom = 1; zoom >= smallest; zoom -= 0.05) {
        root.style.setProperty('--paper-zoom', zoom.toFixed(2));
        element.style.width = `${paperWidth / zoom}px`;
        if (element.getBoundingClientRect().height <= paperHeight) break;
      }
      element.style.width = width;
    };
    const after = () => root.classList.remove('paper');
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
      after();
    };
  }, []);
  return page;
}
