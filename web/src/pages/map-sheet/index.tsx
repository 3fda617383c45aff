// SPDX-License-Identifier: Apache-2.0
// 挂图: the map and the numbered table of its projects on sheets of a fixed size. The browser prints what is seen here; lines
// and letters stay vectors, and lights are shapes with black outlines, so that a copy in black and white can be read.
import { Button } from 'antd';
import { useEffect, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { Board, MapView, ProjectList, ProjectRow } from '@/api/types';
import { useLabels } from '@/app/labels';
import { useReadPages } from '@/app/read';
import { useCarry, useHere } from '@/app/reading';
import { useShowStanding } from '@/app/standing';
import { lightParts } from '@/components/bar';
import { LightShape } from '@/components/light';
import { Answer } from '@/components/states';
import { count } from '@/format/day';
import { Centre } from '../map/centre';
import { groupsOf, isOverdue, useMap, useMapFilters, type Group, type Grouping } from '../map/data';
import { columnsOf, isSheetName, layOut, mapBox, pxPerMm, sheetSizes, type SheetName } from './layout';
import '../map/map.css';
import './sheet.css';

type Numbered = ProjectRow & { number: number };

function Column({ rows }: { rows: Numbered[] }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t('map.number')}</th>
          <th scope="col"><span className="hidden">{t('project.light')}</span></th>
          <th scope="col">{t('project.title')}</th>
          <th scope="col">{t('filter.unit')}</th>
          <th scope="col">{t('project.next')}</th>
          <th scope="col" className="num">{t('map.overdue_or_due')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((p) => (
          <tr key={p.id}>
            <td className="num">{p.number}</td>
            <td>
              <span className={`light light-${p.light.light}`}>
                <LightShape light={p.light.light} />
                <span className="hidden">{labels.value('Light', p.light.light)}</span>
              </span>
            </td>
            <td><span className="clip">{p.title_erased ? t('common.erased') : p.title}</span></td>
            <td><span className="clip">{p.owner_unit?.name ?? '–'}</span></td>
            <td><span className="clip">{p.next_milestone ? labels.milestone(p.next_milestone) : '–'}</span></td>
            <td className="num">{isOverdue(p) ? <b>{t('unit.days', { n: count(p.light.days ?? 0) })}</b> : (p.next_due_on ?? '–')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Sheets({ board, map, groups, by, rows, name }: { board: Board; map?: MapView; groups: Group[]; by: Grouping; rows: ProjectRow[]; name: SheetName }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const size = sheetSizes[name];
  const sheets = layOut(rows.map((p, i): Numbered => ({ ...p, number: i + 1 })), columnsOf(size));
  const { standing } = board;
  const numbers = new Map(rows.map((p, i) => [p.id, i + 1]));
  const style = { '--w': `${size.width}mm`, '--h': `${size.height}mm`, '--text': `${size.text}mm`, '--row': `${size.rowHeight}mm`, '--head': `${size.headHeight}mm`, '--column': `${size.columnWidth}mm` } as CSSProperties;
  return sheets.map((columns, i) => (
    <section key={i} className={`paper ${name}`} style={style} aria-label={t('map.sheet_of', { i: i + 1, n: sheets.length })}>
      <header>
        <div className="paper-title">{t('map.of', { name: standing.jurisdiction_name || standing.jurisdiction })}</div>
        <div className="paper-lights">
          {lightParts(board.lights).map(([light, n]) => (
            <span key={light} className={`light light-${light}`}><LightShape light={light} />{labels.value('Light', light)} {count(n)}</span>
          ))}
          <span>{t('map.all', { n: count(board.projects) })}</span>
        </div>
        <div className="paper-standing">{t('shell.printed', { day: standing.as_of, seq: standing.known_at })} · {t('map.sheet_of', { i: i + 1, n: sheets.length })}</div>
      </header>
      <div className="paper-body">
        {i === 0 && (
          <div className="paper-map" role="group" aria-label={t(`map.by_${by}`)}>
            <Centre map={map} board={board} groups={groups} by={by} fixed={mapBox(size)} text={size.text * pxPerMm} numbers={numbers} />
          </div>
        )}
        {columns.map((column) => (
          <Column key={column[0]!.id} rows={column} />
        ))}
      </div>
    </section>
  ));
}

export default function SheetPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const carry = useCarry();
  const [params] = useSearchParams();
  const { values } = useMapFilters();
  const here = useHere();
  const asked = params.get('size');
  const name: SheetName = isSheetName(asked) ? asked : 'a3';
  const { by = 'region', groups, counts, map } = useMap(values);
  const { list, rows, more } = useReadPages('/api/v1/projects', { ...values, sort: 'light' }, (p: ProjectList) => p.rows, 500);
  useShowStanding(counts.data?.standing);
  // A sheet on a wall has no "load more": all pages are fetched before it is offered for printing.
  useEffect(more, [more, rows.length]);
  const whole = list.data !== undefined && !list.hasNextPage;
  return (
    <div className="paper-page">
      <div className="page-head">
        <h1>{t('map.sheet')}</h1>
        <span className="note" role="status">{t('map.shown', { n: count(rows.length) })}</span>
        <div className="right">
          <span className="seg" role="group" aria-label={t('map.paper')}>
            {(Object.keys(sheetSizes) as SheetName[]).map((s) => (
              <Link key={s} to={here({ size: s })} replace aria-current={s === name ? 'true' : undefined}>{s.toUpperCase()}</Link>
            ))}
          </span>
          <Button type="primary" disabled={!whole} onClick={() => print()}>{t('common.print')}</Button>
          <Button onClick={() => void navigate(carry('/map', { ...values }))}>{t('map.leave')}</Button>
        </div>
      </div>
      <p className="note paper-hint">{t('map.sheet_hint')}</p>
      <Answer of={counts}>
        {(board) => (
          <Answer of={groups}>
            {(g) => (
              <div className="paper-view" tabIndex={0} role="group" aria-label={t('map.sheet')} data-whole={whole}>
                <Sheets board={board} map={map.data} groups={groupsOf(g, by)} by={by} rows={rows} name={name} />
              </div>
            )}
          </Answer>
        )}
      </Answer>
    </div>
  );
}
