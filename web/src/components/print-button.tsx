// SPDX-License-Identifier: Apache-2.0
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Pages {
  hasNextPage: boolean;
  fetchNextPage: () => Promise<{ hasNextPage: boolean; data?: { pages: { rows: unknown[] }[] } }>;
}
/** More than a hundred sheets of paper: who wants them filters first, or takes the Excel file. */
const mostRows = 2_000;

/** Prints the page; a list that is read page by page is fetched whole before. */
export function PrintButton({ list }: { list?: Pages }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    for (let more = list?.hasNextPage ?? false; more && list; ) {
      const next = await list.fetchNextPage();
      const rows = next.data?.pages.reduce((n, page) => n + page.rows.length, 0) ?? mostRows;
      more = next.hasNextPage && rows < mostRows;
    }
    setBusy(false);
    // After the rows are drawn.
    setTimeout(() => window.print());
  };
  return <Button loading={busy} onClick={() => void start()} data-print>{t('common.print')}</Button>;
}
