// SPDX-License-Identifier: Apache-2.0
// Evidence by its digest: a picture where it is one, and always the file to keep.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fileUrl } from '@/api/client';

function One({ digest }: { digest: string }) {
  const { t } = useTranslation();
  const [picture, setPicture] = useState(true);
  const path = fileUrl(digest);
  const short = digest.slice(7, 19);
  return (
    <li>
      {picture && <img src={path} alt={t('evidence.picture', { digest: short })} onError={() => setPicture(false)} loading="lazy" />}
      <a href={path} download>{t('evidence.file')} <span className="mono">{short}…</span></a>
    </li>
  );
}

export function Evidence({ digests }: { digests: string[] }) {
  if (digests.length === 0) return null;
  return <ul className="evidence">{digests.map((d) => <One key={d} digest={d} />)}</ul>;
}
