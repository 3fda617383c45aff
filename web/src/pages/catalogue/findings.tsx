// SPDX-License-Identifier: Apache-2.0
// What is wrong with a catalogue or a draft: the place, a circle with its path, and what to do.
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CatalogueFindingRow } from '@/api/types';
import { useName } from '../guide/frame';

export function Findings({ rows }: { rows: CatalogueFindingRow[] }) {
  const { i18n } = useTranslation();
  const name = useName();
  return (
    <ul className="cat-findings" data-findings>
      {rows.map((f, i) => (
        <li key={`${f.code} ${f.where?.id} ${i}`} data-finding={f.code}>
          {f.path.length > 0 ? (
            <b className="cat-path">
              {f.path.map((step, at) => (
                // The first matter of a circle stands in it twice.
                <Fragment key={`${step.id} ${at}`}>{at > 0 && <i> → </i>}<span title={step.id}>{name(step)}</span></Fragment>
              ))}
            </b>
          ) : (
            f.where && <b><Link to={`/catalogue/matters/${f.where.id}`}>{name(f.where)}</Link></b>
          )}{' '}
          <span>{i18n.language === 'en' ? f.en : f.zh}</span>{' '}
          {f.path.length === 0 && f.detail && <span className="note mono">{f.detail}</span>}
        </li>
      ))}
    </ul>
  );
}
