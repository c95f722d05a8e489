import type { Media } from '../../api/types';

/** What a reader calls each kind of document. */
export const KINDS: Record<Media['kind'], string> = {
  web_article: 'Article',
  epub: 'Book',
  pdf: 'PDF',
  text: 'Text',
  video: 'Video',
  podcast_episode: 'Episode',
};
