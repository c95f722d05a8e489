import { useState, type FormEvent } from 'react';
import { calls } from '../../api/calls';
import { asApiError, type ApiError } from '../../api/errors';
import type { Media } from '../../api/types';
import { toast } from '../../state/toasts';
import { Dialog } from '../../ui/Dialog';
import { DialogActions } from '../../ui/DialogActions';
import { ErrorNote } from '../../ui/ErrorNote';
import { Field } from '../../ui/Field';

const FORMATS = { text: 'Plain text', markdown: 'Markdown', html: 'HTML' } as const;

type Format = keyof typeof FORMATS;

interface Props {
  /** What was pasted already. */
  text: string;
  /** The library it goes to besides the reader's own. */
  libraryId: string | undefined;
  onClose: () => void;
  onDone: (media: Media) => void;
}

export function PasteDialog({ text: given, libraryId, onClose, onDone }: Props) {
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const [text, setText] = useState(given);
  const [format, setFormat] = useState<Format>('text');

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get('title') ?? '').trim();
    setBusy(true);
    try {
      const { media, duplicate } = await calls.paste({
        text,
        format,
        ...(title !== '' && { title }),
        ...(libraryId !== undefined && { library_id: libraryId }),
      });
      if (duplicate) toast(`“${media.title}” is in your library already.`);
      onClose();
      onDone(media);
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };

  return (
    <Dialog title="Paste a text" onClose={onClose}>
      <form className="paste" onSubmit={(event) => void submit(event)}>
        <Field
          label="Title"
          name="title"
          maxLength={255}
          hint="Left empty, it is taken from the text."
        />
        <div className="field">
          <label htmlFor="paste-text">Text</label>
          <textarea
            id="paste-text"
            rows={10}
            required
            autoFocus
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <fieldset className="choices">
          <legend>Format</legend>
          {(Object.keys(FORMATS) as Format[]).map((key) => (
            <label key={key} className="check">
              <input
                type="radio"
                name="format"
                checked={format === key}
                onChange={() => setFormat(key)}
              />
              <span>{FORMATS[key]}</span>
            </label>
          ))}
        </fieldset>
        {error && <ErrorNote error={error} />}
        <DialogActions label="Add and read" disabled={busy || text.trim() === ''} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
