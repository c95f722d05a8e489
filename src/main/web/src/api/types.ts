import type { components } from './schema';

type Schemas = components['schemas'];

export type User = Pick<Schemas['User'], 'id' | 'email' | 'name' | 'is_admin'>;
export type Library = Schemas['Library'];
export type Member = Schemas['Member'];
export type MemberRole = Schemas['MemberRole'];
export type Media = Schemas['Media'];
export type MediaSort = 'added' | 'opened' | 'title';
/** The kinds that can be brought in, which lists can be narrowed to. */
export type Shelf = 'web_article' | 'epub' | 'pdf' | 'text';
export type Fragment = Schemas['Fragment'];
export type Highlight = Schemas['Highlight'];
export type Model = Schemas['Model'] & {
  connection?: { id: string; name: string } | null;
  key_modes?: KeyMode[];
};
export type Conversation = Schemas['Conversation'];
export type Message = Schemas['Message'];
export type KeyMode = Schemas['KeyMode'];
export type Context = Schemas['Context'];
export type SendBody = Schemas['SendBody'];
export type Position = Schemas['Position'];

/** A parallelogram around a run of glyphs, in points from the lower left corner of its page. */
export interface Quad {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  x3: number;
  y3: number;
  x4: number;
  y4: number;
}

/** Who may make an account: the first person, anybody, nobody, or those with a code. */
export type Registration = 'first' | 'open' | 'closed' | 'invitation';

export interface Session {
  user: User | null;
  registration: Registration;
}

export interface Page<T> {
  data: T[];
  page: { next_cursor: string | null; previous_cursor?: string | null };
}

/** The reader's key for a provider, without the key. */
export interface Key {
  id: string;
  provider: string;
  key_fingerprint: string;
  status: 'untested' | 'valid' | 'invalid' | 'revoked';
  last_tested_at: string | null;
}

/** A model server of the reader's own. */
export interface Connection {
  id: string;
  name: string;
  base_url: string;
  key_fingerprint: string | null;
  status: 'untested' | 'valid' | 'invalid';
  problem: string | null;
  model_count: number;
}

export type NewConnection = Pick<Connection, 'name' | 'base_url'> & { api_key?: string };
export type ConnectionChange = Partial<NewConnection>;

/** What a test of a key or a server came to. */
export interface Tested {
  result: 'works' | 'rejected' | 'unproven';
  message: string;
}

/** A model as an administrator sees it. */
export interface AdminModel {
  id: string;
  provider: string;
  model_name: string;
  display_name: string;
  max_context_tokens: number;
  max_output_tokens: number;
  prices: { above: number; input: number | null; output: number | null }[];
  hidden: boolean;
  added: boolean;
  set: string[];
  fallback_model_id: string | null;
  switched_on: boolean;
}

export type NewModel = Pick<
  AdminModel,
  'provider' | 'model_name' | 'max_context_tokens' | 'max_output_tokens'
> & { display_name?: string };

export interface ModelChange {
  hidden?: boolean;
  display_name?: string | null;
  max_context_tokens?: number | null;
  max_output_tokens?: number | null;
  prices?: null;
  fallback_model_id?: string | null;
}

/** How a connection to a provider, or a model there, has been doing. */
export interface Standing {
  id: string;
  state: 'closed' | 'open' | 'half_open';
  reason: string | null;
  last_success_at: string | null;
  last_failure_at: string | null;
  attempts: number;
  failures: number;
  next_probe_at: string | null;
}

export interface ProviderHealth {
  provider: string;
  own: boolean;
  base_url: string | null;
  standing: Standing;
  models: { model_name: string; standing: Standing }[];
}
