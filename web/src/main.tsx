// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import { Component, StrictMode, useEffect, useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Route, Routes } from 'react-router';
import './app/tokens.css';
import './app/base.css';
import './app/print.css';
import { pageAddress } from './api/ledger-address';
import { LabelsProvider } from './app/labels';
import { SessionGate } from './app/session';
import { Shell } from './app/shell';
import { antdTheme, startTheme, useTheme } from './app/theme';
import { later } from './components/later';
import { Failure } from './components/states';
import { startWords } from './i18n';
import { pageAt, pages, publicPages } from './routes';

type Locale = NonNullable<Parameters<typeof ConfigProvider>[0]['locale']>;
const SignIn = later(() => import('./pages/sign-in'));
const NotFound = later(() => import('./pages/not-found'));

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
const client = new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: true } } });

/** antd's own words and colours in the language and theme chosen. */
function Look({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const [locale, setLocale] = useState<Locale>();
  const theme = useTheme();
  useEffect(() => {
    void (i18n.language === 'en' ? import('./i18n/antd-en') : import('./i18n/antd-zh')).then((m) => setLocale(m.default));
  }, [i18n.language]);
  return (
    <ConfigProvider csp={{ nonce }} locale={locale} theme={antdTheme(theme)} wave={{ disabled: true }} button={{ autoInsertSpace: false }}>
      {children}
    </ConfigProvider>
  );
}

/** A page that fails must not take the window with it. */
class Guard extends Component<{ children: ReactNode }, { error: unknown }> {
  state = { error: undefined };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  render() {
    return this.state.error === undefined ? this.props.children : <Failure error={this.state.error} retry={() => location.reload()} />;
  }
}

function Site() {
  return (
    <Routes>
      <Route path="/sign-in" element={<SignIn />} />
      {publicPages.map(({ path, page: Page }) => (
        <Route key={path} path={path} element={<Page />} />
      ))}
      <Route
        element={
          <SessionGate>
            <Shell />
          </SessionGate>
        }
      >
        {pages.map(({ path, page: Page }) => (
          <Route key={path} path={path} element={<Page />} />
        ))}
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}

startTheme();
void startWords().then(() => {
  // Its code comes while the session is asked for.
  void pageAt(location.pathname.slice(pageAddress.base.length) || '/')?.page.bring().catch(() => undefined);
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Look>
          <LabelsProvider>
            <BrowserRouter basename={pageAddress.base || undefined}>
              <Guard>
                <Site />
              </Guard>
            </BrowserRouter>
          </LabelsProvider>
        </Look>
      </QueryClientProvider>
    </StrictMode>,
  );
});
