import type { components } from './schema';

type Schemas = components['schemas'];

export type User = Pick<Schemas['User'], 'id' | 'email' | 'name' | 'is_admin'>;
export type Library = Schemas['Library'];
export type Media = Schemas['Media'];
export type MediaSort = 'added' | 'opened' | 'title';
export type Fragment = Schemas['Fragment'];
export type Highlight = Schemas['Highlight'];
export type Model = Schemas['Model'];
export type Conversation = Schemas['Conversation'];
export type Message = Schemas['Message'];
export type Context = Schemas['Context'];
export type SendBody = Schemas['SendBody'];
export type Position = Schemas['Position'];

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
