// SPDX-License-Identifier: Apache-2.0
// Borders from a GeoJSON file: said where they come from, looked at as they would be drawn, then drawn, all or none.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '@/actions/commands';
import { ApiError, postBorders } from '@/api/client';
import type { BordersReport, MapRegion, MapView } from '@/api/types';
import { useLabels, useProblemText } from '@/app/labels';
import { forgetFacts, useRead } from '@/app/read';
import { RecordLink, To } from '@/app/reading';
import { holds, useSession } from '@/app/session-context';
import { useShowStanding } from '@/app/standing';
import { Card } from '@/components/card';
import { Empty, Failure } from '@/components/states';
import { DayInput } from '@/form/day-input';
import { count } from '@/format/day';
import { language } from '@/i18n';
import { CountyMap } from '@/map';
import { boxOf, project, type Geometry } from '@/map/geometry';
import { featureOf, placeIn, type FeatureSeen, type FilePlace } from './findings';
import './borders.css';

const systems = ['cgcs2000', 'wgs84', 'gcj02'] as const;
const permission = 'place.write';

interface Said {
  system?: (typeof systems)[number];
  source: string;
  approval: string;
  effective_on?: string;
  code_member: string;
}
interface Refusal {
  text: string;
  field?: string;
  place: FilePlace;
  seen?: FeatureSeen;
}

/** What the server would draw, as the map draws it. */
function Preview({ report, said, standing }: { report: BordersReport; said: Said; standing: MapView['standing'] }) {
  const { t } = useTranslation();
  const shapes = useMemo(() => new Map(report.rows.map((r) => [r.code, JSON.parse(r.geometry!) as Geometry])), [report]);
  const regions = report.rows.map((r): MapRegion => ({ ...r.region, code: r.code, shape: r.code, source: said.source, source_erased: false, approval: said.approval || undefined }) as MapRegion);
  return <CountyMap map={{ standing, regions, located: 0, projects: [] }} shapes={shapes} groups={[]} label={t('border.preview')} />;
}

/** A border that was refused, as it stands in the file, with the spot marked. */
function Fault({ seen, place }: { seen: FeatureSeen; place: FilePlace }) {
  const { t } = useTranslation();
  const bounds = boxOf([], seen.rings.flat());
  if (!bounds) return null;
  const [width, height] = [520, 340];
  const p = project(bounds, width, height, 24);
  return (
    <svg className="border-fault" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('border.fault_drawn')}>
      {seen.rings.map((ring, i) => <polyline key={i} points={ring.map(([lon, lat]) => `${p.x(lon).toFixed(1)},${p.y(lat).toFixed(1)}`).join(' ')} />)}
      {place.at && <circle cx={p.x(place.at[0])} cy={p.y(place.at[1])} r="11" />}
    </svg>
  );
}

function Found({ report }: { report: BordersReport }) {
  const { t } = useTranslation();
  const labels = useLabels();
  return (
    <>
      <div className="table-box" tabIndex={0} role="group" aria-label={t('border.rows')}>
        <table className="data compact">
          <thead>
            <tr>
              <th scope="col">{t('filter.region')}</th>
              <th scope="col">{t('border.code')}</th>
              <th scope="col" className="num">{t('border.points_read')}</th>
              <th scope="col" className="num">{t('border.points_kept')}</th>
            </tr>
          </thead>
          <tbody>
            {report.rows.map((r) => (
              <tr key={r.code} data-border={r.code}>
                <td>{r.region.name}</td>
                <td>{r.code}</td>
                <td className="num">{count(r.points_read)}</td>
                <td className="num">{count(r.points_kept)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(report.unknown_codes.length > 0 || report.findings.length > 0) && (
        <ul className="border-notes">
          {report.unknown_codes.length > 0 && <li>{t('border.unknown', { codes: report.unknown_codes.join(', ') })}</li>}
          {report.findings.map((f, i) => {
            const { feature } = placeIn(f.place);
            return <li key={i}>{feature !== undefined && t('border.feature', { n: feature })} {labels.error(f.code) ?? f.code}</li>;
          })}
        </ul>
      )}
    </>
  );
}

function Field({ label, note, fault, id, children }: { label: string; note?: string; fault?: string; id: string; children: ReactNode }) {
  return (
    <div className="border-field">
      <label htmlFor={id}>{label}</label>
      {children}
      {note && <p className="note" id={`${id}-note`}>{note}</p>}
      {fault && <p className="fault" id={`${id}-fault`}>{fault}</p>}
    </div>
  );
}

function Borders() {
  const { t } = useTranslation();
  const labels = useLabels();
  const problem = useProblemText();
  const client = useQueryClient();
  const map = useRead<MapView>('/api/v1/map');
  useShowStanding(map.data?.standing);
  const id = useId();
  const [file, setFile] = useState<File>();
  const [said, setSaid] = useState<Said>({ source: '', approval: '', code_member: 'adcode' });
  const [report, setReport] = useState<BordersReport>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  // One key for what was looked at: sent again after a lost answer, it is drawn once.
  const key = useRef(newKey());
  useEffect(() => {
    if (refusal) box.current?.focus();
  }, [refusal]);
  // What was looked at is no longer what would be drawn.
  const change = (patch: Partial<Said>) => {
    setSaid((now) => ({ ...now, ...patch }));
    setReport(undefined);
    setRefusal(undefined);
  };
  const take = (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    change({});
  };
  const refuse = async (error: unknown, chosen: File) => {
    const field = error instanceof ApiError ? error.field : undefined;
    const place = placeIn(field);
    setRefusal({ text: problem(error), field, place, seen: place.feature === undefined ? undefined : featureOf(await chosen.text(), place.feature) });
  };
  const send = async (dry_run: boolean) => {
    if (!file || !said.system || said.source.trim() === '') {
      const field = !file ? 'file' : !said.system ? 'system' : 'source';
      setRefusal({ text: t(`border.needs_${field}`), field, place: {} });
      return;
    }
    setBusy(true);
    setRefusal(undefined);
    if (dry_run) key.current = newKey();
    try {
      const { approval, code_member, source, ...rest } = said;
      const query = { ...rest, source: source.trim(), approval: approval.trim() || undefined, code_member: code_member.trim() || undefined, dry_run };
      setReport(await postBorders<BordersReport>(query, file, key.current, language()));
      if (!dry_run) forgetFacts(client);
    } catch (error) {
      setReport(undefined);
      await refuse(error, file);
    } finally {
      setBusy(false);
    }
  };
  const done = report !== undefined && report.seq > 0;
  const faultOf = (field: string) => (refusal?.field === field ? refusal.text : undefined);
  const aria = (field: string, note = true) => ({
    id: `${id}-${field}`, 'aria-invalid': faultOf(field) ? (true as const) : undefined,
    'aria-describedby': [note && `${id}-${field}-note`, faultOf(field) && `${id}-${field}-fault`].filter(Boolean).join(' ') || undefined,
  });
  return (
    <>
      <nav className="crumbs" aria-label={t('common.crumbs')}>
        <ol>
          <li><To to="/registers/regions">{t('register.regions')}</To></li>
          <li aria-current="page">{t('border.title')}</li>
        </ol>
      </nav>
      <div className="page-head"><h1>{t('border.title')}</h1></div>
      <div className="borders">
        <form
          className={over ? 'card border-form over' : 'card border-form'}
          noValidate
          onSubmit={(e) => { e.preventDefault(); void send(true); }}
          onDragOver={(e) => { e.preventDefault(); setOver(true); }}
          onDragLeave={() => setOver(false)}
          onDrop={(e) => { e.preventDefault(); setOver(false); take(e.dataTransfer.files[0]); }}
        >
          <p className="note">{t('border.about')}</p>
          {refusal && (
            <div className="problem" role="alert" tabIndex={-1} ref={box} data-refusal>
              <p>{refusal.text}</p>
              {refusal.place.feature !== undefined && (
                <p>
                  {t('border.feature', { n: refusal.place.feature })} {refusal.seen?.name}
                  {refusal.place.at && ` · ${t('border.at', { longitude: refusal.place.at[0].toFixed(5), latitude: refusal.place.at[1].toFixed(5) })}`}
                </p>
              )}
            </div>
          )}
          <Field id={`${id}-file`} label={t('border.file')} note={t('border.file_note')} fault={faultOf('file')}>
            <div className="border-file">
              <input {...aria('file')} type="file" accept=".geojson,.json,application/geo+json" disabled={busy} onChange={(e) => take(e.target.files?.[0])} />
              <label htmlFor={`${id}-file`} className="button">{t('border.choose_file')}</label>
              {file && <span data-chosen>{file.name}</span>}
            </div>
          </Field>
          <Field id={`${id}-system`} label={t('border.system')} note={t('border.system_note')} fault={faultOf('system')}>
            <Select
              {...aria('system')} value={said.system} onChange={(system) => change({ system })} placeholder={t('border.choose')} aria-required
              options={systems.map((s) => ({ value: s, label: labels.value('CoordinateSystem', s) }))} style={{ width: '100%' }} disabled={busy}
            />
          </Field>
          <Field id={`${id}-source`} label={t('border.source')} note={t('border.source_note')} fault={faultOf('source')}>
            <Input {...aria('source')} value={said.source} maxLength={200} onChange={(e) => change({ source: e.target.value })} disabled={busy} required />
          </Field>
          <Field id={`${id}-approval`} label={t('border.approval')} note={t('border.approval_note')} fault={faultOf('approval')}>
            <Input {...aria('approval')} value={said.approval} maxLength={40} onChange={(e) => change({ approval: e.target.value })} disabled={busy} />
          </Field>
          <div className="border-pair">
            <Field id={`${id}-effective_on`} label={t('border.from')} fault={faultOf('effective_on')}>
              <DayInput {...aria('effective_on', false)} value={said.effective_on ?? map.data?.standing.as_of} onChange={(effective_on) => change({ effective_on })} />
            </Field>
            <Field id={`${id}-code_member`} label={t('border.member')} note={t('border.member_note')} fault={faultOf('code_member')}>
              <Input {...aria('code_member')} value={said.code_member} maxLength={60} onChange={(e) => change({ code_member: e.target.value })} disabled={busy} />
            </Field>
          </div>
          <Button type={report ? 'default' : 'primary'} htmlType="submit" loading={busy} data-check>{t('border.check')}</Button>
        </form>
        <Card title={t(done ? 'border.drawn' : refusal?.seen ? 'border.in_file' : 'border.preview')} flush className="border-preview" note={report && t('border.count', { n: report.rows.length })}>
          {report && map.data ? (
            <>
              {done ? (
                <div className="success" role="status" data-record={report.seq}>
                  {t('border.done', { n: report.rows.length })} <RecordLink seq={report.seq} /> · <To to="/map">{t('border.see')}</To>
                </div>
              ) : (
                <div className="border-bar">
                  <span role="status">{t('border.look')}</span>
                  <Button type="primary" loading={busy} data-confirm onClick={() => void send(false)}>{t('border.confirm', { n: report.rows.length })}</Button>
                </div>
              )}
              {!done && <Preview report={report} said={said} standing={map.data.standing} />}
              <Found report={report} />
            </>
          ) : refusal?.seen && refusal.seen.rings.length > 0 ? (
            <Fault seen={refusal.seen} place={refusal.place} />
          ) : (
            <Empty text={t('border.nothing_yet')} />
          )}
        </Card>
      </div>
    </>
  );
}

export default function BordersPage() {
  return holds(useSession(), permission) ? <Borders /> : <Failure error={new ApiError(403, 'access.denied', '')} />;
}
