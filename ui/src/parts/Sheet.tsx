// A question in front of the page: a dialog on a desk, a sheet from below on a phone.  The browser's own
// <dialog> keeps the focus inside, closes on Escape and gives the focus back.
import { useEffect, useId, useRef, type MouseEvent, type ReactNode } from 'react';
import { useHere } from '../lib/session';
import { Icon, drawings } from './Icon';
import './sheet.css';

interface Props {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Sheet({ title, open, onClose, children }: Props): ReactNode {
  const { t } = useHere();
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const at = box.current;
    if (!at || at.open === open) return;
    if (open) at.showModal();
    else at.close();
  }, [open]);
  const outside = (e: MouseEvent): void => {
    if (e.target === box.current) onClose();
  };
  return (
    <dialog className="ask" ref={box} aria-labelledby={id} onClose={onClose} onClick={outside}>
      <div className="ask-in">
        <div className="ask-head">
          <h2 id={id}>{title}</h2>
          <button type="button" className="ask-close" aria-label={t('close')} onClick={onClose}>
            <Icon d={drawings.close} />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
