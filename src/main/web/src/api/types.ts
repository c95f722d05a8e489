import type { components } from './schema';

type Schemas = components['schemas'];

export type User = Pick<Schemas['User'], 'id' | 'email' | 'name' | 'is_admin'>;
export type Library = Schemas['Library'];
export type Member = Schemas['Member'];
export type MemberRole = Schemas['MemberRole'];
export type Media = Schemas['Media'];
export type BroughtIn = Schemas['BroughtInAnswer']['data'];
export type MediaSort = 'added' | 'opened' | 'title';
/** The kinds that can be brought in, which lists can be narrowed to. */
export type Shelf = 'web_article' | 'epub' | 'pdf' | 'text';
export type Fragment = Schemas['Fragment'];
export type Highlight = Schemas['Highlight'];
export type Quad = Schemas['Quad'];
export type Model = Schemas['Model'];
export type Key = Schemas['Key'];
export type Connection = Schemas['Connection'];
export type NewConnection = Schemas['NewConnection'];
export type ConnectionChange = Schemas['ConnectionChange'];
export type Tested = Pick<Schemas['KeyTestAnswer']['data'], 'result' | 'message'>;
export type AdminModel = Schemas['AdminModel'];
export type ProviderHealth = Schemas['ProviderHealth'];
export type Standing = Schemas['Standing'];
export type NewModel = Schemas['NewModel'];
export type ModelChange = Schemas['ModelChange'];
export type Conversation = Schemas['Conversation'];
export type Message = Schemas['Message'];
export type KeyMode = Schemas['KeyMode'];
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
