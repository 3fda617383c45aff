// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import { StrictMode, Suspense, useEffect, useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { lazy } from 'react';
import './app/tokens.css';
import './app/base.css';
import { LabelsProvider } from './app/labels';
import { SessionGate } from './app/session';
import { Shell } from './app/shell';
import { antdTheme, startTheme, useTheme } from './app/theme';
import { Failure } from './components/states';
import { startWords } from './i18n';
import { pages } from './routes';

type Locale = NonNullable<Parameters<typeof ConfigProvider>[0]['locale']>;
const SignIn = lazy(() => import('./pages/sign-in'));

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
    <ConfigProvider csp={{ nonce }} locale={locale} theme={antdTheme(theme)} wave={{ disabled: true }}>
      {children}
    </ConfigProvider>
  );
}

function PageError() {
  return <Failure error={null} retry={() => location.reload()} />;
}

const router = createBrowserRouter([
  { path: '/sign-in', element: <SignIn />, errorElement: <PageError /> },
  {
    element: (
      <SessionGate>
        <Shell />
      </SessionGate>
    ),
    errorElement: <PageError />,
    children: [
      ...pages.map(({ path, page: PageComponent, fixed }) => ({ path, element: <PageComponent />, handle: { fixed }, errorElement: <PageError /> })),
      { path: '*', lazy: async () => ({ Component: (await import('./pages/not-found')).default }) },
    ],
  },
]);

startTheme();
void startWords().then(() => {
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Look>
          <LabelsProvider>
            <Suspense fallback={null}>
              <RouterProvider router={router} />
            </Suspense>
          </LabelsProvider>
        </Look>
      </QueryClientProvider>
    </StrictMode>,
  );
});
