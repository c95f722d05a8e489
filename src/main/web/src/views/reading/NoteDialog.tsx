import { useState, type FormEvent } from 'react';
import { calls } from '../../api/calls';
import { asApiError, type ApiError } from '../../api/errors';
import type { Highlight } from '../../api/types';
import { shorten } from '../../domain/codePoints';
import { useApp } from '../../state/app';
import { changeHighlights } from '../../state/queries';
import { Dialog } from '../../ui/Dialog';
import { DialogActions } from '../../ui/DialogActions';
import { ErrorNote } from '../../ui/ErrorNote';

/** Longest note the server keeps, in characters. */
const LONGEST_NOTE = 10_000;

interface Props {
  highlight: Highlight;
  mediaId: string;
  onClose: () => void;
}

/** Writing the note of a highlight. An emptied note is removed; a failed save keeps the text. */
export function NoteDialog({ highlight, mediaId, onClose }: Props) {
  const { queries } = useApp();
  const before = highlight.annotation?.body ?? '';
  const [text, setText] = useState(before);
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);

  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    if (text === before) return onClose();
    setBusy(true);
    try {
      const annotation =
        text.trim() === ''
          ? (await calls.deleteNote(highlight.id), null)
          : await calls.note(highlight.id, text);
      changeHighlights(queries, mediaId, (all) =>
        all.map((one) => (one.id === highlight.id ? { ...one, annotation } : one)),
      );
      onClose();
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };

  return (
    <Dialog title="Note" onClose={onClose}>
      <form className="note" onSubmit={(event) => void save(event)}>
        <blockquote className={`quote hl-edge-${highlight.color}`}>
          {shorten(highlight.exact, 300)}
        </blockquote>
        <textarea
          aria-label="Note"
          rows={6}
          autoFocus
          maxLength={LONGEST_NOTE}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
          }}
        />
        {error && <ErrorNote error={error} />}
        <DialogActions label="Save" disabled={busy} onCancel={onClose}>
          <span className="fine spring">Ctrl + Enter saves</span>
        </DialogActions>
      </form>
    </Dialog>
  );
}
