// SPDX-License-Identifier: Apache-2.0
// Verifies one record in the visitor's own browser. Stands alone, without the shell and without an account, and asks no
// server anything unless the visitor takes the proof of a served record.
import { StrictMode, useEffect, useMemo, useState, type DragEvent } from 'react';
import { createRoot } from 'react-dom/client';
import '@/app/tokens.css';
import '@/app/base.css';
import './verify.css';
import { checkProofFile, checks, fetchProof, proofIn, type ProofReport } from '@/api/proof-file';
import { firstLanguage, wordsOf } from './words';

const fileBytesMax = 2 << 20;
const marks = { holds: '✓', wrong: '✗', unknown: '–' } as const;

type Words = ReturnType<typeof wordsOf>;

function Page() {
  const [language, setLanguage] = useState(firstLanguage);
  const t = useMemo(() => wordsOf(language), [language]);
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [seq, setSeq] = useState(() => new URLSearchParams(location.search).get('seq') ?? '');
  const [vkey, setVkey] = useState('');
  const [ownWord, setOwnWord] = useState(false);
  const [witnesses, setWitnesses] = useState('');
  const [report, setReport] = useState<ProofReport | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `${t('verify.title')} · Landfall`;
  }, [language, t]);

  // Any change makes the last answer one about something else.
  const forget = () => {
    setReport(null);
    setProblem(null);
  };
  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    forget();
    if (chosen.size > fileBytesMax) return setProblem('verify.too_large');
    setFile({ name: chosen.name, text: proofIn(new Uint8Array(await chosen.arrayBuffer())) });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  };
  const get = async () => {
    forget();
    const proof = await fetchProof(seq, new URLSearchParams(location.search).get('ledger') ?? '');
    if (!proof) return setProblem('verify.fetch_failed');
    setFile({ name: `${seq}.tlog-proof`, text: proof.proof_file });
    setVkey(proof.verifier_key);
    setOwnWord(true);
  };
  const run = async () => {
    forget();
    if (!file) return;
    try {
      setReport(await checkProofFile(file.text, vkey, witnesses.split('\n').filter((line) => line.trim())));
    } catch {
      setProblem('verify.bad_key');
    }
  };

  return (
    <main className="verify" onDragOver={(e) => e.preventDefault()} onDrop={drop}>
      <header>
        <h1>{t('verify.title')}</h1>
        <button type="button" className="plain" onClick={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')}>{t('verify.language')}</button>
      </header>
      <p>{t('verify.intro')}</p>
      <form
        className="card"
        onSubmit={(e) => {
          e.preventDefault();
          void run();
        }}
      >
        <label className="pick">
          <span>{t('verify.file')}</span>
          <input type="file" className="hidden" accept=".tlog-proof,.pdf,text/plain,application/pdf" onChange={(e) => void take(e.target.files?.[0])} />
          <span className="chosen"><span className="button">{t('verify.choose')}</span> <span className="note">{file ? file.name : t('verify.none')}</span></span>
        </label>
        <div className="served">
          <label>
            <span>{t('verify.served')}</span>
            <input inputMode="numeric" pattern="[0-9]*" placeholder={t('verify.seq')} aria-label={t('verify.seq')} value={seq} onChange={(e) => setSeq(e.target.value)} />
          </label>
          <button type="button" disabled={!/^[1-9][0-9]*$/.test(seq)} onClick={() => void get()}>{t('verify.fetch')}</button>
        </div>
        <label>
          <span>{t('verify.vkey')}</span>
          <input
            className="mono"
            required
            spellCheck={false}
            autoComplete="off"
            value={vkey}
            onChange={(e) => {
              forget();
              setVkey(e.target.value);
              setOwnWord(false);
            }}
          />
          <span className={ownWord ? 'own-word' : 'note'}>{t(ownWord ? 'verify.own_word' : 'verify.vkey_help')}</span>
        </label>
        <label>
          <span>{t('verify.witnesses')}</span>
          <textarea
            className="mono"
            rows={2}
            spellCheck={false}
            value={witnesses}
            onChange={(e) => {
              forget();
              setWitnesses(e.target.value);
            }}
          />
          <span className="note">{t('verify.witnesses_help')}</span>
        </label>
        <button type="submit" className="run" disabled={!file || !vkey.trim()}>{t('verify.run')}</button>
      </form>
      <div role="status">
        {problem && <p className="problem">{t(problem)}</p>}
        {report && <Verdict report={report} t={t} />}
      </div>
      <p className="note">{t('verify.without')}</p>
    </main>
  );
}

function Verdict({ report, t }: { report: ProofReport; t: Words }) {
  const tone = report.standing === 'verified' ? 'success' : report.standing === 'faulty' ? 'problem' : 'caution';
  return (
    <section className="card result" data-standing={report.standing}>
      <p className={tone}><strong>{t(`verify.standing_${report.standing}`)}</strong></p>
      <ol className="check-steps">
        {checks.map((name) => {
          const outcome = report.outcomes[name];
          return (
            <li key={name} data-check={name} data-outcome={outcome ?? 'not_reached'}>
              <b className={outcome === 'wrong' ? 'bad' : outcome === 'holds' ? undefined : 'idle'} aria-hidden="true">{outcome ? marks[outcome] : '·'}</b>
              <span>{t(`verify.check_${name}`)} <span className="note">{t(outcome ? `verify.${outcome}` : 'verify.not_reached')}</span></span>
            </li>
          );
        })}
      </ol>
      {report.seq !== undefined && (
        <>
          <h2>{t('verify.record', { seq: report.seq })}</h2>
          <dl className="facts">
            <dt>{t('verify.log')}</dt><dd>{report.origin}</dd>
            <dt>{t('verify.size')}</dt><dd>{report.size}</dd>
            <dt>{t('verify.at')}</dt><dd>{report.at}</dd>
            <dt>{t('verify.by')}</dt><dd>{report.by}</dd>
            <dt>{t('verify.command')}</dt><dd className="mono">{report.command}</dd>
            {report.leafHash && <><dt>{t('verify.leaf_hash')}</dt><dd className="mono">{report.leafHash}</dd></>}
            {report.root && <><dt>{t('verify.root')}</dt><dd className="mono">{report.root}</dd></>}
          </dl>
          {report.witnesses.map((w) => <p key={w.name}>{t('verify.cosigned', { name: w.name, at: w.at.toISOString() })}</p>)}
          <ul className="events">
            {report.events.map((event, i) => (
              <li key={i}>
                <span className="mono">{event.type}</span> <span className="note">{event.on}</span>
                {event.payload === undefined ? <span className="note"> {t('verify.withheld', { cls: event.class })}</span> : <pre className="mono" tabIndex={0}>{event.payload}</pre>}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

// The theme that was chosen in the shell, else the system's.
const theme = localStorage.getItem('landfall.theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
document.documentElement.dataset.theme = theme;
createRoot(document.getElementById('root')!).render(<StrictMode><Page /></StrictMode>);
