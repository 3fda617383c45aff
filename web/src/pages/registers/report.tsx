// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fileUrl, getText } from '@/api/client';
import { useLabels } from '@/app/labels';
import { Sheet } from '@/components/sheet';
import { Answer } from '@/components/states';

/** What an import read, changed and found odd: a stored blob, shown member by member. */
export function ImportReport({ digest, onClose }: { digest: string; onClose: () => void }) {
  const { t } = useTranslation();
  const report = useQuery({ queryKey: ['blob', digest], queryFn: ({ signal }) => getText(`/api/v1/blobs/${digest}`, signal), staleTime: Infinity });
  return (
    <Sheet title={t('register.report')} onClose={onClose}>
      <p className="mono">{digest}</p>
      <Answer of={report}>{(text) => <Report text={text} />}</Answer>
      <p><a href={fileUrl(digest)} download={`${digest.slice(7, 19)}.json`}>{t('register.download')}</a></p>
    </Sheet>
  );
}

function Report({ text }: { text: string }) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return <pre className="mono" tabIndex={0}>{text}</pre>;
  }
  return <Value value={value} depth={0} />;
}

const shownItems = 200;

function Value({ value, depth }: { value: unknown; depth: number }) {
  const { t } = useTranslation();
  const labels = useLabels();
  if (Array.isArray(value)) {
    return (
      <ol>
        {value.slice(0, shownItems).map((item, i) => (
          <li key={i} className={depth > 0 ? 'event' : undefined}><Value value={item} depth={depth + 1} /></li>
        ))}
        {value.length > shownItems && <li className="note">{t('register.more_items', { n: value.length - shownItems })}</li>}
      </ol>
    );
  }
  if (typeof value === 'object' && value !== null) {
    return (
      <dl className="facts">
        {Object.entries(value).map(([key, member]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>{labels.field(key)}</dt>
            <dd><Value value={member} depth={depth + 1} /></dd>
          </div>
        ))}
      </dl>
    );
  }
  const word = typeof value === 'string' ? labels.error(value) : undefined;
  return <>{word ?? String(value)}</>;
}
