import type { Message, Model } from '../../api/types';
import { cost, seconds } from '../../domain/amounts';

interface Props {
  message: Message;
  usage: NonNullable<Message['usage']>;
  models: readonly Model[];
}

const KEYS = { byok: 'Your own', platform: 'This server’s', none: 'None needed' } as const;

/** What an answer took, and whom it went through. Lines nothing is known of are left out. */
export function AnswerDetails({ message, usage, models }: Props) {
  const count = (tokens: number | null) => tokens?.toLocaleString();
  const facts: [string, string | undefined][] = [
    ['Answered by', usage.model_name],
    ['Asked for', usage.model_requested ?? undefined],
    ['Provider', providerName(usage.provider, message, models)],
    ['Question', suffixed(count(usage.prompt_tokens), 'tokens')],
    ['of it cached', suffixed(count(usage.cached_tokens || null), 'tokens')],
    ['Answer', suffixed(count(usage.completion_tokens), 'tokens')],
    ['of it reasoning', suffixed(count(usage.reasoning_tokens || null), 'tokens')],
    ['Cost', usage.cost_usd_micros === null ? undefined : cost(usage.cost_usd_micros)],
    ['First words', usage.first_token_ms === null ? undefined : seconds(usage.first_token_ms)],
    ['In all', usage.latency_ms === null ? undefined : seconds(usage.latency_ms)],
    ['Key', usage.key_mode_used ? KEYS[usage.key_mode_used] : undefined],
    ['Request', usage.provider_request_id ?? undefined],
  ];
  return (
    <div className="details">
      <dl>
        {facts.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {usage.attempts.length > 1 && (
        <>
          <p className="cap">Attempts</p>
          <ol>
            {usage.attempts.map((attempt, i) => (
              <li key={i}>
                <span>{attempt.model_name}</span>
                <span className="fine">
                  {[
                    (attempt.error_class ?? attempt.outcome).replaceAll('_', ' ').toLowerCase(),
                    attempt.latency_ms === null ? undefined : seconds(attempt.latency_ms),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

function suffixed(value: string | undefined, unit: string): string | undefined {
  return value === undefined ? undefined : `${value} ${unit}`;
}

function providerName(provider: string, message: Message, models: readonly Model[]): string {
  const model = models.find((one) => one.id === message.model_id);
  return model?.connection?.name ?? PROVIDERS[provider] ?? provider;
}

/** What readers call the providers. */
export const PROVIDERS: Record<string, string> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  gemini: 'Google Gemini',
  local: 'On this machine',
  extracts: 'Built in',
  connection: 'Your own server',
};
