// SPDX-License-Identifier: Apache-2.0
// What every list offers of its sheet: out as it stands with its filters, an empty one, and back.
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '@/actions/commands';
import { getFile, type Query } from '@/api/client';
import { useProblemText } from '@/app/labels';
import { To, useReading } from '@/app/reading';
import { keepFile } from '@/components/keep-file';
import { sheetLists, type SheetList } from '@/components/sheet-lists';
import { language } from '@/i18n';
import './sheet-menu.css';

export function SheetMenu({ list, query }: { list: SheetList; query?: Query }) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const reading = useReading();
  const commands = useCommands();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const { reads } = sheetLists[list];
  const writes: readonly string[] = sheetLists[list].commands;
  const mayWrite = commands.some((c) => c.allowed && writes.includes(c.name));

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);

  const fetchFile = async (path: string, asked: Query | undefined, name: string) => {
    setBusy(true);
    setFailed('');
    try {
      keepFile(await getFile(path, asked, language()), `${name}.xlsx`);
      setOpen(false);
      button.current?.focus();
    } catch (error) {
      setFailed(problem(error));
    } finally {
      setBusy(false);
    }
  };
  const word = t(`excel.list_${list}`);
  const today = new Date().toISOString().slice(0, 10);
  return (
    <div
      className="sheet-menu" ref={box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <Button ref={button} aria-expanded={open} aria-haspopup="true" loading={busy} onClick={() => { setOpen(!open); setFailed(''); }} data-excel>
        Excel <span aria-hidden="true">▾</span>
      </Button>
      {open && (
        <ul>
          <li>
            <button type="button" data-export onClick={() => void fetchFile(`/api/v1/sheets/${list}.xlsx`, reads === 'facts' ? { ...query, ...reading } : query, `${word}-${reading.as_of ?? today}`)}>
              {t('excel.export')}
            </button>
          </li>
          {mayWrite && (
            <>
              <li><button type="button" data-template onClick={() => void fetchFile(`/api/v1/sheets/${list}/template`, undefined, t('excel.template_name', { list: word }))}>{t('excel.template')}</button></li>
              <li><To to={`/sheets/${list}`}>{t('excel.import')}</To></li>
            </>
          )}
          {failed && <li className="problem" role="alert">{failed}</li>}
        </ul>
      )}
    </div>
  );
}
