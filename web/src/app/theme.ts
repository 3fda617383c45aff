// SPDX-License-Identifier: Apache-2.0
// The colours of tokens.css as antd's tokens, and which of the two themes is chosen.
import { theme, type ThemeConfig } from 'antd';
import { useSyncExternalStore } from 'react';

export type ThemeName = 'light' | 'dark';

export const tokens = {
  light: {
    bg: '#f3f5f9', card: '#ffffff', ink: '#16202e', ink2: '#4a5568', ink3: '#5a6578', line: '#e1e6ee', line2: '#eef1f6',
    brand: '#1b4b9b', brand2: '#e8effa', 'on-brand': '#ffffff', 'red-text': '#b3261e', edge: '#8591a5',
  },
  dark: {
    bg: '#071526', card: '#0d2038', ink: '#eaf1fb', ink2: '#b5c4db', ink3: '#9db0cb', line: '#1d3656', line2: '#162c49',
    brand: '#6ea8ff', brand2: '#14305a', 'on-brand': '#071526', 'red-text': '#ff8a80', edge: '#5f7699',
  },
} as const;

export function antdTheme(name: ThemeName): ThemeConfig {
  const t = tokens[name];
  return {
    algorithm: name === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: t.brand, colorInfo: t.brand, colorLink: t.brand, colorError: t['red-text'],
      colorBgBase: t.card, colorBgContainer: t.card, colorBgElevated: t.card, colorTextBase: t.ink,
      colorText: t.ink, colorTextSecondary: t.ink2, colorTextTertiary: t.ink3, colorTextDescription: t.ink3,
      colorTextPlaceholder: t.ink3, colorBorder: t.edge, colorBorderSecondary: t.line, colorTextLightSolid: t['on-brand'],
      controlItemBgActive: t.brand2, controlItemBgHover: t.line2, borderRadius: 6, fontSize: 14, motion: false,
      fontFamily: 'inherit',
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none' },
      Form: { labelColor: t.ink2, itemMarginBottom: 14, verticalLabelPadding: '0 0 4px' },
      Segmented: { itemSelectedBg: t.card, trackBg: t.line2, itemColor: t.ink2, itemSelectedColor: t.brand },
    },
  };
}

const listeners = new Set<() => void>();
let current: ThemeName = 'light';

function show(name: ThemeName): void {
  document.documentElement.dataset.theme = name;
}

export function startTheme(): void {
  current = localStorage.getItem('landfall.theme') === 'dark' ? 'dark' : 'light';
  show(current);
  // Paper is white: printing uses the light theme whatever the screen shows.
  addEventListener('beforeprint', () => show('light'));
  addEventListener('afterprint', () => show(current));
}

export function setTheme(name: ThemeName): void {
  current = name;
  localStorage.setItem('landfall.theme', name);
  show(name);
  for (const tell of listeners) tell();
}

export function useTheme(): ThemeName {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => current,
  );
}
