// SPDX-License-Identifier: Apache-2.0
// Shown instead of a page whose address does not say in which of several ledgers it is, or names one that is not served here.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { addressIn, pageAddress } from '@/api/ledger-address';
import { Loading } from '@/components/states';
import { useLedgers } from './ledgers';

export function WhichLedger({ path, last, gone = false }: { path: string; last?: string; gone?: boolean }) {
  const { t } = useTranslation();
  const { data } = useLedgers();
  // The first page is every ledger's own, and shows no record: the one used last will do.
  const to = path === '/' && last !== undefined ? addressIn(last, path) : undefined;
  useEffect(() => {
    if (to) location.replace(to);
  }, [to]);
  if (to || !data) return <Loading />;
  return (
    <main className="sign-in">
      <div className="card" data-which-ledger>
        <h1>{t(gone ? 'sign_in.gone_title' : 'sign_in.which_title')}</h1>
        <p>{t(gone ? 'sign_in.gone' : 'sign_in.which', { code: pageAddress.ledger, path })}</p>
        <ul className="which">
          {data.rows.map(({ jurisdiction, name }) => (
            <li key={jurisdiction}><a href={addressIn(jurisdiction, path)}>{name}</a></li>
          ))}
        </ul>
      </div>
    </main>
  );
}
