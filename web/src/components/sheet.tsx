// SPDX-License-Identifier: Apache-2.0
// A native dialog at the right edge: the browser keeps the focus inside, closes on Escape and gives the focus back.
import { ConfigProvider } from 'antd';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

const openPopup = ['select', 'picker', 'cascader'].map((kind) => `.ant-${kind}-dropdown:not(.ant-${kind}-dropdown-hidden)`).join();

export function Sheet({ title, onClose, children, foot }: {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  foot?: ReactNode;
}) {
  const { t } = useTranslation();
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null);
  useEffect(() => {
    const element = ref.current!;
    const before = document.activeElement as HTMLElement | null;
    element.showModal();
    setDialog(element);
    return () => {
      element.close();
      before?.focus?.();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className="sheet"
      aria-labelledby={id}
      onKeyDownCapture={(event) => {
        // Escape closes the innermost thing: first an open list or calendar (which sees to it), only then the sheet.
        if (event.key === 'Escape' && ref.current!.querySelector(openPopup)) event.preventDefault();
      }}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => event.target === ref.current && onClose()}
    >
      {/* What floats (lists of choices, calendars) must open inside the dialog's layer. */}
      <ConfigProvider getPopupContainer={() => dialog ?? document.body}>
        <div className="sheet-in">
          <div className="sheet-head">
            <h2 id={id}>{title}</h2>
            <button type="button" className="icon-button" onClick={onClose} aria-label={t('common.close')}>
              ×
            </button>
          </div>
          <div className="sheet-body" tabIndex={-1}>
            {children}
          </div>
          {foot && <div className="sheet-foot">{foot}</div>}
        </div>
      </ConfigProvider>
    </dialog>
  );
}
