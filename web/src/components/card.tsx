// SPDX-License-Identifier: Apache-2.0
import { useId, type ReactNode } from 'react';

export function Card({ title, note, children, className, flush }: {
  title: ReactNode;
  note?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
}) {
  const id = useId();
  return (
    <section className={`card ${className ?? ''}`} aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {note !== undefined && <div className="note">{note}</div>}
      </div>
      {flush ? children : <div className="card-body">{children}</div>}
    </section>
  );
}
