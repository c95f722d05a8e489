import { useModels } from '../../state/queries';
import { Link } from 'react-router';
import { Button } from '../../ui/Button';
import { AddBox } from './AddBox';

interface Props {
  onAddress: (url: string) => void;
  onFiles: (files: File[]) => void;
  onPaste: (text: string) => void;
  onSample: () => void;
}

/** An empty library: what to do first, second and third. */
export function FirstSteps({ onAddress, onFiles, onPaste, onSample }: Props) {
  const models = useModels().data ?? [];
  const ready = models.filter((model) => model.available);
  return (
    <div className="empty">
      <h1>Start with something to read</h1>
      <p>A book, a PDF, an article, a text: drop it anywhere on this page.</p>
      <ol className="steps">
        <li>
          <span className="step" aria-hidden />
          <b>Add a document</b>
          <AddBox onAddress={onAddress} onFiles={onFiles} onPaste={onPaste} />
        </li>
        <li>
          <span className="step" aria-hidden />
          <b>Select a passage, then Quote to chat</b>
        </li>
        <li>
          <span className="step" aria-hidden />
          <b>Ask</b>
          <Link to="/settings" className="fine">
            {ready.length === 0
              ? 'Connect a model'
              : ready.length === 1
                ? ready[0]!.display_name
                : `${ready.length} models ready`}
          </Link>
        </li>
      </ol>
      <Button kind="primary" onClick={onSample}>
        Open the sample
      </Button>
    </div>
  );
}
