// SPDX-License-Identifier: Apache-2.0
// What part of the map is seen: a scale and a shift, moved by wheel, drag, keys and buttons alike.
import { useEffect, useRef, useState, type PointerEvent, type RefObject } from 'react';

export interface View {
  scale: number;
  x: number;
  y: number;
}
export const whole: View = { scale: 1, x: 0, y: 0 };
const most = 16;

interface Size {
  width: number;
  height: number;
}

/** Never farther out than the whole, never so far aside that nothing is left to see. */
export function bounded({ scale, x, y }: View, size: Size): View {
  const s = Math.min(most, Math.max(1, scale));
  const clamp = (v: number, length: number) => Math.min(0, Math.max(length * (1 - s), v));
  return { scale: s, x: clamp(x, size.width), y: clamp(y, size.height) };
}
/** The point stays where it is on the screen. */
export function zoomed(view: View, by: number, at: { x: number; y: number }, size: Size): View {
  const scale = Math.min(most, Math.max(1, view.scale * by));
  const f = scale / view.scale;
  return bounded({ scale, x: at.x - (at.x - view.x) * f, y: at.y - (at.y - view.y) * f }, size);
}

export function useView(box: RefObject<HTMLDivElement | null>, size: Size | undefined) {
  const [view, setView] = useState(whole);
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const middle = size && { x: size.width / 2, y: size.height / 2 };
  const zoom = (by: number) => size && setView((v) => zoomed(v, by, middle!, size));
  const pan = (x: number, y: number) => size && setView((v) => bounded({ ...v, x: v.x + x, y: v.y + y }, size));
  useEffect(() => {
    const element = box.current;
    if (!element || !size) return;
    // React listens passively, and could not keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const at = element.getBoundingClientRect();
      setView((v) => zoomed(v, event.deltaY < 0 ? 1.25 : 0.8, { x: event.clientX - at.left, y: event.clientY - at.top }, size));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [box, size]);
  const pointer = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button === 0) drag.current = { x: event.clientX, y: event.clientY, moved: false };
    },
    onPointerMove: (event: PointerEvent) => {
      const d = drag.current;
      if (!d || event.buttons === 0) return;
      const [x, y] = [event.clientX - d.x, event.clientY - d.y];
      if (!d.moved && Math.hypot(x, y) < 4) return;
      drag.current = { x: event.clientX, y: event.clientY, moved: true };
      pan(x, y);
    },
    // A drag that ends on a region is no click on it.
    onClickCapture: (event: { stopPropagation: () => void }) => {
      if (drag.current?.moved) event.stopPropagation();
      drag.current = null;
    },
  };
  const onKey = (key: string): boolean => {
    const step = 60;
    const moves: Record<string, () => void> = {
      ArrowLeft: () => pan(step, 0), ArrowRight: () => pan(-step, 0), ArrowUp: () => pan(0, step), ArrowDown: () => pan(0, -step),
      '+': () => zoom(1.5), '=': () => zoom(1.5), '-': () => zoom(1 / 1.5), '0': () => setView(whole),
    };
    moves[key]?.();
    return key in moves;
  };
  return { view, zoom, reset: () => setView(whole), pointer, onKey };
}
