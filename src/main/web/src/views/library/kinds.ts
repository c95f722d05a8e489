import type { Media, Shelf } from '../../api/types';

/** What a reader calls each kind of document. */
export const KINDS: Record<Media['kind'], string> = {
  web_article: 'Article',
  epub: 'Book',
  pdf: 'PDF',
  text: 'Text',
  video: 'Video',
  podcast_episode: 'Episode',
};

/** The same of many. */
export const SHELVES: Record<Shelf, string> = {
  web_article: 'Articles',
  epub: 'Books',
  pdf: 'PDFs',
  text: 'Texts',
};

/** What is being done with a document that cannot be read yet. */
export const STAGES: Record<string, string> = {
  fetching: 'Fetching the page',
  queued: 'Waiting for its turn',
  reading: 'Reading it',
  extract: 'Reading the file',
  parse: 'Reading the file',
  images: 'Fetching the pictures',
  store: 'Putting it away',
};
