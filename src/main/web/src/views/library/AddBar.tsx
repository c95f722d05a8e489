import { ClipboardPaste, Plus } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '../../ui/Button';

/** Files the server can turn into something to read. The server decides by content, this only filters the chooser. */
const ACCEPT = '.txt,.text,.md,.markdown,.html,.htm,.xhtml,text/plain,text/markdown,text/html';

interface Props {
  onFiles: (files: File[]) => void;
  onPaste: () => void;
}

export function AddBar({ onFiles, onPaste }: Props) {
  return (
    <div className="add-bar">
      <Button kind="outline" onClick={onPaste}>
        <ClipboardPaste aria-hidden /> Paste text
      </Button>
      <ChooseFiles kind="primary" onFiles={onFiles}>
        <Plus aria-hidden /> Add files
      </ChooseFiles>
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
  children: React.ReactNode;
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
