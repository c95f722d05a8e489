import { ClipboardPaste, FilePlus, Globe } from 'lucide-react';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { asAddress } from '../../domain/address';
import { Button } from '../../ui/Button';

/** Files the server can turn into something to read. The server decides by content, this only filters the chooser. */
const ACCEPT =
  '.epub,.pdf,.html,.htm,.xhtml,.md,.markdown,.txt,.text,application/epub+zip,application/pdf,text/html,text/markdown,text/plain';

interface Props {
  onAddress: (url: string) => void;
  onFiles: (files: File[]) => void;
  onPaste: (text: string) => void;
}

/** The one place to bring something in: an address, files, or a text. */
export function AddBox({ onAddress, onFiles, onPaste }: Props) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const url = asAddress(text);
    setProblem(url === undefined);
    if (url === undefined) return;
    setText('');
    onAddress(url);
  };
  return (
    <div className="add-box" role="group" aria-label="Add to your library">
      <form className="add-address" onSubmit={submit} noValidate>
        <Globe aria-hidden />
        <input
          type="url"
          aria-label="Address of a web article"
          aria-invalid={problem}
          aria-describedby={problem ? 'add-problem' : undefined}
          placeholder="Address of an article"
          autoComplete="off"
          maxLength={2_048}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(false);
          }}
        />
        <Button
          type="submit"
          kind={text === '' ? 'quiet' : 'primary'}
          disabled={text.trim() === ''}
        >
          Add
        </Button>
      </form>
      <ChooseFiles kind="outline" onFiles={onFiles}>
        <FilePlus aria-hidden /> Files
      </ChooseFiles>
      <Button kind="outline" onClick={() => onPaste('')}>
        <ClipboardPaste aria-hidden /> Paste text
      </Button>
      {problem && (
        <p id="add-problem" className="media-failed" role="alert">
          That is not the address of a web page. It looks like https://example.org/an-article.
        </p>
      )}
    </div>
  );
}

export function ChooseFiles({
  kind,
  onFiles,
  children,
}: {
  kind: 'primary' | 'outline';
  onFiles: (files: File[]) => void;
  children: ReactNode;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button kind={kind} onClick={() => input.current!.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ACCEPT}
        aria-label="Files"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}
