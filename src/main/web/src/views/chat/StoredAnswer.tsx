import { Copy, CircleStop } from 'lucide-react';
import { memo, useMemo } from 'react';
import { ApiError } from '../../api/errors';
import type { Message, Model } from '../../api/types';
import { wholeBlocks } from '../../domain/streamBlocks';
import { toast } from '../../state/toasts';
import { Button, IconButton } from '../../ui/Button';
import { copyText } from '../../ui/copyText';
import { ErrorNote } from '../../ui/ErrorNote';
import { Markdown } from './Markdown';

interface Props {
  message: Message;
  models: readonly Model[];
  /** The last of the conversation: only there does asking again make sense. */
  last: boolean;
  onAskAgain?: () => void;
  onEdit?: () => void;
}

export const StoredAnswer = memo(function StoredAnswer({
  message,
  models,
  last,
  onAskAgain,
  onEdit,
}: Props) {
  const blocks = useMemo(() => wholeBlocks(message.content), [message.content]);
  return (
    <div className="ai" role="group" aria-label="Answer">
      <Markdown blocks={blocks} growing={false} />
      {message.status === 'error' && (
        <ErrorNote error={failureOf(message)} onRetry={last ? onAskAgain : undefined}>
          {last && onEdit && (
            <Button kind="outline" onClick={onEdit}>
              Edit
            </Button>
          )}
        </ErrorNote>
      )}
      {message.status === 'complete' && (
        <p className="meta">
          {message.finish_reason === 'cancelled' && <CircleStop aria-hidden />}
          <span>{metaOf(message, models).join(' · ')}</span>
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
        </p>
      )}
    </div>
  );
});

function failureOf(message: Message): ApiError {
  return new ApiError({
    code: message.error_code ?? 'E_UNKNOWN',
    message: message.error_message ?? 'The answer failed.',
    status: 200,
  });
}

/** What the reader may want to know of an answer, shortest first. */
export function metaOf(
  { usage, model_id, finish_reason }: Message,
  models: readonly Model[],
): string[] {
  const model = models.find((one) => one.id === model_id)?.display_name ?? usage?.model_name;
  const tokens = usage?.total_tokens;
  return [
    finish_reason === 'cancelled' ? 'Stopped' : undefined,
    finish_reason === 'length' ? 'Cut at the longest answer' : undefined,
    finish_reason === 'content_filter' ? 'Cut by the provider’s filter' : undefined,
    model,
    tokens ? `${tokens.toLocaleString()} tokens` : undefined,
    usage?.key_mode_used === 'byok' ? 'your key' : undefined,
  ].filter((part) => part !== undefined);
}
