import { useModels } from '../../state/queries';
import { Button } from '../../ui/Button';
import { ChooseFiles } from './AddBar';

interface Props {
  onFiles: (files: File[]) => void;
  onPaste: () => void;
  onSample: () => void;
}

/** An empty library: what to do first, second and third. */
export function FirstSteps({ onFiles, onPaste, onSample }: Props) {
  const models = useModels().data ?? [];
  const ready = models.filter((model) => model.available);
  return (
    <div className="empty">
      <h1>Start with something to read</h1>
      <p>Drop a text, Markdown or HTML file anywhere on this page.</p>
      <ol className="steps">
        <li>
          <span className="step" aria-hidden />
          <b>Add a document</b>
          <span className="step-actions">
            <Button kind="outline" onClick={onPaste}>
              Paste text
            </Button>
            <ChooseFiles kind="outline" onFiles={onFiles}>
              Choose files
            </ChooseFiles>
          </span>
        </li>
        <li>
          <span className="step" aria-hidden />
          <b>Select a passage, then Quote to chat</b>
        </li>
        <li>
          <span className="step" aria-hidden />
          <b>Ask</b>
          {ready.length > 0 && (
            <span className="fine">
              {ready.length === 1 ? ready[0]!.display_name : `${ready.length} models ready`}
            </span>
          )}
        </li>
      </ol>
      <Button kind="primary" onClick={onSample}>
        Open the sample
      </Button>
    </div>
  );
}
