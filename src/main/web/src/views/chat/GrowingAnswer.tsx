import { LoaderCircle } from 'lucide-react';
import type { Model } from '../../api/types';
import type { Answer } from '../../state/answers';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { Markdown } from './Markdown';

interface Props {
  answer: Answer;
  models: readonly Model[];
  onRetry: () => void;
  onEdit: () => void;
}

export function GrowingAnswer({ answer, models, onRetry, onEdit }: Props) {
  const { phase, blocks, question } = answer;
  const model = models.find((one) => one.id === question?.modelId);
  const growing = phase !== 'failed' && phase !== 'done';
  return (
    <div className="ai" role="group" aria-label="Answer">
      <Markdown blocks={blocks} growing={growing} />
      {phase === 'failed' ? (
        <ErrorNote error={answer.error} onRetry={onRetry}>
          {question && answer.assistantMessageId === undefined && (
            <Button kind="outline" onClick={onEdit}>
              Edit
            </Button>
          )}
        </ErrorNote>
      ) : (
        <p className="meta">
          {growing && <LoaderCircle className="spin" aria-hidden />}
          {[words(answer), model?.display_name].filter(Boolean).join(' · ')}
        </p>
      )}
    </div>
  );
}

function words({ phase, stopping, blocks, thinking }: Answer): string {
  if (phase === 'reconnecting') return 'Connection lost, reconnecting';
  if (stopping && phase !== 'done') return 'Stopping';
  if (phase === 'sending' || (phase === 'growing' && blocks.length === 0))
    return thinking ? 'Thinking' : 'Waiting for the first words';
  return phase === 'growing' ? 'Answering' : '';
}
