import { CircleStop, Copy, Info, RefreshCw } from 'lucide-react';
import { memo, useMemo } from 'react';
import { ApiError } from '../../api/errors';
import type { Message, Model } from '../../api/types';
import { wholeBlocks } from '../../domain/streamBlocks';
import { toast } from '../../state/toasts';
import { IconButton } from '../../ui/Button';
import { copyText } from '../../ui/copyText';
import { ErrorNote } from '../../ui/ErrorNote';
import { Popover } from '../../ui/Popover';
import { AnswerDetails } from './AnswerDetails';
import { Markdown } from './Markdown';

interface Props {
  message: Message;
  models: readonly Model[];
  /** Asks the question again, of the model chosen in the composer or of another. */
  onAskAgain: ((modelId?: string) => void) | undefined;
}

export const StoredAnswer = memo(function StoredAnswer({ message, models, onAskAgain }: Props) {
  const blocks = useMemo(() => wholeBlocks(message.content), [message.content]);
  const { usage } = message;
  return (
    <div className="ai" role="group" aria-label="Answer">
      <Markdown blocks={blocks} growing={false} />
      {message.status === 'error' && (
        <ErrorNote error={failureOf(message)} retryAt={retryAt(message)} onRetry={onAskAgain} />
      )}
      {message.status !== 'pending' && (
        <div className="meta">
          {message.finish_reason === 'cancelled' && <CircleStop aria-hidden />}
          <span>{metaOf(message, models).join(' · ')}</span>
          {message.content !== '' && (
            <IconButton
              label="Copy the answer"
              onClick={() =>
                void copyText(message.content).then((done) =>
                  toast(done ? 'Copied' : 'Copying is not allowed here.'),
                )
              }
            >
              <Copy />
            </IconButton>
          )}
          {onAskAgain && message.status === 'complete' && (
            <Popover label="Answer again" side="above" trigger={<RefreshCw />}>
              {(close) => (
                <AnswerAgain
                  models={models}
                  current={message.model_id}
                  onAsk={(id) => (close(), onAskAgain(id))}
                />
              )}
            </Popover>
          )}
          {usage && (
            <Popover label="What this answer took" side="above" trigger={<Info />}>
              {() => <AnswerDetails message={message} usage={usage} models={models} />}
            </Popover>
          )}
        </div>
      )}
    </div>
  );
});

function AnswerAgain({
  models,
  current,
  onAsk,
}: {
  models: readonly Model[];
  current: string | null;
  onAsk: (modelId: string) => void;
}) {
  const ready = models.filter((model) => model.available);
  const same = ready.find((model) => model.id === current);
  const others = ready.filter((model) => model !== same);
  return (
    <div className="again" role="group" aria-label="Answer again">
      {same && (
        <button type="button" className="row" onClick={() => onAsk(same.id)}>
          Answer again<small>{same.display_name}</small>
        </button>
      )}
      {others.length > 0 && <p className="cap">With another model</p>}
      {others.map((model) => (
        <button key={model.id} type="button" className="row" onClick={() => onAsk(model.id)}>
          {model.display_name}
        </button>
      ))}
      {ready.length === 0 && <p className="hint">No model can be asked at the moment.</p>}
    </div>
  );
}

function failureOf(message: Message): ApiError {
  return new ApiError({
    code: message.error_code ?? 'E_UNKNOWN',
    message: message.error_message ?? 'The answer failed.',
    status: 200,
  });
}

/** When the provider may be asked again, as it said itself. */
function retryAt({ usage, updated_at }: Message): number | undefined {
  const wait = usage?.retry_after_seconds;
  return wait ? new Date(updated_at).getTime() + wait * 1_000 : undefined;
}

/** What the reader may want to know of an answer at a glance: who gave it, and whether it is whole. */
export function metaOf(
  { usage, model_id, finish_reason, status }: Message,
  models: readonly Model[],
): string[] {
  const asked = models.find((one) => one.id === model_id)?.display_name;
  const instead = usage?.model_requested ? usage.model_name : undefined;
  const model = instead ?? asked ?? usage?.model_name;
  return [
    finish_reason === 'cancelled' ? 'Stopped' : undefined,
    finish_reason === 'length' ? 'Cut at the longest answer' : undefined,
    finish_reason === 'content_filter' ? 'Cut by the provider’s filter' : undefined,
    status === 'error' && instead === undefined ? asked : model,
    instead && asked ? `asked for ${asked}` : undefined,
    usage?.key_mode_used === 'byok' ? 'your key' : undefined,
  ].filter((part) => part !== undefined);
}
