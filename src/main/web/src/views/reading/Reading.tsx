import {
  BookOpen,
  Highlighter,
  LibraryBig,
  MessageSquare,
  PanelLeft,
  PanelRight,
} from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo, useReducer, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Media } from '../../api/types';
import { entryAt } from '../../domain/contents';
import { placeLink } from '../../domain/place';
import type { Paper } from '../../reader/paper';
import { preferences, setPreference } from '../../state/preferences';
import { useContents, useOutline, usePosition } from '../../state/queries';
import { useStore } from '../../state/store';
import { IconButton } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { Separator } from '../../ui/Separator';
import { ChatPane } from '../chat/ChatPane';
import { BottomTabs } from '../shell/BottomTabs';
import { TopBar } from '../shell/TopBar';
import { LinkedPane, partName } from './LinkedPane';
import { MarkToolbar } from './MarkToolbar';
import { NoteDialog } from './NoteDialog';
import { PagesControls } from './PagesControls';
import { ReadingBar } from './ReadingBar';
import { ShortcutsDialog } from './ShortcutsDialog';
import { TextView } from './TextView';
import { useHighlightActions } from './useHighlightActions';
import { usePanes } from './usePanes';
import { useReadingAddress } from './useReadingAddress';
import { useReadingKeys } from './useReadingKeys';
import { useReadingPosition } from './useReadingPosition';
import { useSelected } from './useSelected';
import { useTravel } from './useTravel';

/** The engine that draws pages is large and most documents do without it. */
const PagesView = lazy(() => import('./PagesView'));

/** Widths in pixels between which the side panes can be dragged. */
const LEFT = { min: 220, max: 420 } as const;
const RIGHT = { min: 320, max: 720 } as const;

/** A document between what hangs on it and the chat about it. */
export function Reading({ media }: { media: Media }) {
  const navigate = useNavigate();
  const contents = useContents(media.id);
  const stated = useOutline(media.id).data;
  const position = usePosition(media.id);
  const { at, conversationId, openConversation } = useReadingAddress();
  const panes = usePanes();
  const { pane, setPane, leftShown, rightOpen, alone, toText } = panes;

  const { pdfView, zoom } = useStore(preferences);
  const hasPages = media.kind === 'pdf' && media.capabilities.can_download_file;
  const asPages = hasPages && pdfView === 'pages';

  const scroller = useRef<HTMLElement>(null);
  const [paper, setPaper] = useState<Paper>();
  const [version, changed] = useReducer((count: number) => count + 1, 0);
  const [help, setHelp] = useState(false);
  const [focusComposer, setFocusComposer] = useState(0);

  const canMark = media.capabilities.can_highlight && paper?.exact === true;
  const [selected, clearSelected] = useSelected(canMark ? paper : undefined);
  const { here, look, onScroll } = useReadingPosition(media.id, paper, position, at !== null);
  const { jump, go } = useTravel(paper, toText);

  const onLaid = useCallback(() => {
    changed();
    look();
  }, [look]);
  const found = useMemo(() => paper?.headings() ?? [], [paper, version]);
  const titles = useMemo(() => contents.data?.titled() ?? [], [contents.data]);
  const outline = stated?.length ? stated : titles.length > 1 ? titles : found;
  const current = contents.data ? entryAt(outline, contents.data, here) : -1;
  const unit = media.kind === 'pdf' ? 'Page' : 'Chapter';
  const chapter =
    outline[current]?.title ??
    (contents.data && here && partName(contents.data, here.fragment_id, unit));

  const step = (by: 1 | -1) => {
    const index = here ? (contents.data?.indexOf(here.fragment_id) ?? -1) : -1;
    const next = contents.data?.parts[index + by];
    if (next) void paper?.open({ fragment_id: next.id, text_offset: 0 });
  };

  const showChat = panes.toChat;
  const toChat = useCallback(() => {
    showChat();
    setFocusComposer((count) => count + 1);
  }, [showChat]);

  const slot = conversationId ?? 'new';
  const held = { media, contents: contents.data, paper, selected, clearSelected };
  const marks = useHighlightActions({ ...held, canMark, slot, toChat, jump });
  useReadingKeys({ ...held, marks, panes, step, showKeys: () => setHelp(true) });

  const pick = (x: number, y: number) =>
    marks.setActive(paper?.highlightAt(x, y, marks.activeId)?.id);

  return (
    <div
      className="app reading"
      style={panes.style}
      data-pane={pane}
      data-left={leftShown}
      data-right={rightOpen}
    >
      <TopBar>
        <IconButton
          label="Outline and highlights"
          className="hide-phone"
          aria-pressed={leftShown}
          onClick={panes.toggleLeft}
        >
          <PanelLeft />
        </IconButton>
        <IconButton
          label="Chat"
          className="hide-phone"
          aria-pressed={rightOpen}
          onClick={panes.toggleRight}
        >
          <PanelRight />
        </IconButton>
      </TopBar>

      <section
        className="side"
        aria-label="Outline, highlights and chats"
        role={alone('linked') ? 'main' : 'complementary'}
      >
        {alone('linked') && <h1 className="visually-hidden">Highlights in {media.title}</h1>}
        <div className="side-scroll">
          {contents.data && (
            <LinkedPane
              mediaId={media.id}
              contents={contents.data}
              outline={outline}
              current={current}
              unit={unit}
              highlights={marks.ordered}
              activeId={marks.activeId}
              conversationId={conversationId}
              onEntry={go}
              onHighlight={marks.show}
              onQuote={(highlight) => void marks.act('quote', { highlight })}
              onNote={marks.setNoteOn}
              onDelete={marks.remove}
              onConversation={(id) => {
                openConversation(id);
                toChat();
              }}
            />
          )}
        </div>
        {panes.leftDocked && (
          <Separator
            label="Width of the outline"
            value={panes.leftWidth}
            {...LEFT}
            grows="right"
            onChange={(value) => setPreference('leftWidth', value)}
          />
        )}
      </section>
      <div className="read-frame">
        <main
          className="read"
          ref={scroller}
          tabIndex={0}
          onScroll={onScroll}
          aria-label={media.title}
        >
          {contents.isError && (
            <ErrorNote error={contents.error} onRetry={() => void contents.refetch()} />
          )}
          {paper && !paper.exact && (
            <p className="banner" role="note">
              Passages of this document cannot be marked: its text and its layout do not agree.
            </p>
          )}
          {contents.isPending && <PaperSkeleton />}
          {contents.data && !asPages && (
            <TextView
              media={media}
              contents={contents.data}
              scroller={scroller}
              onPaper={setPaper}
              onChange={onLaid}
              onPick={pick}
              onLink={go}
            />
          )}
          {contents.data && asPages && (
            <Suspense fallback={<PaperSkeleton />}>
              <PagesView
                media={media}
                contents={contents.data}
                scroller={scroller}
                zoom={zoom}
                onPaper={setPaper}
                onPick={pick}
                onText={() => setPreference('pdfView', 'text')}
                onLink={go}
              />
            </Suspense>
          )}
        </main>
        {contents.data && (
          <ReadingBar
            media={media}
            contents={contents.data}
            here={here}
            chapter={chapter}
            onStep={step}
          >
            {hasPages && <PagesControls pages={asPages} />}
          </ReadingBar>
        )}
      </div>
      <section className="chat" aria-label="Chat" role={alone('chat') ? 'main' : undefined}>
        {alone('chat') && <h1 className="visually-hidden">Chat about {media.title}</h1>}
        {rightOpen && (
          <Separator
            label="Width of the chat"
            value={panes.rightWidth}
            {...RIGHT}
            grows="left"
            onChange={(value) => setPreference('rightWidth', value)}
          />
        )}
        <ChatPane
          conversationId={conversationId}
          focusComposer={focusComposer}
          placeholder="Ask about this document"
          onConversation={openConversation}
          onPlace={(place) =>
            place.media_id === media.id
              ? void jump(place)
              : void navigate(placeLink(place, conversationId))
          }
        />
      </section>

      <BottomTabs
        current={pane}
        tabs={[
          {
            id: 'library',
            label: 'Library',
            icon: <LibraryBig />,
            onSelect: () => void navigate('/'),
          },
          { id: 'read', label: 'Read', icon: <BookOpen />, onSelect: () => setPane('read') },
          {
            id: 'linked',
            label: 'Linked',
            icon: <Highlighter />,
            onSelect: () => setPane('linked'),
          },
          { id: 'chat', label: 'Chat', icon: <MessageSquare />, onSelect: () => setPane('chat') },
        ]}
      />

      {paper && (
        <MarkToolbar
          media={media}
          paper={paper}
          scroller={scroller}
          selected={selected}
          marks={marks}
        />
      )}
      {marks.noteOn && (
        <NoteDialog
          highlight={marks.noteOn}
          mediaId={media.id}
          onClose={() => marks.setNoteOn(undefined)}
        />
      )}
      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
      <p className="visually-hidden" role="status">
        {marks.announcement}
      </p>
    </div>
  );
}

function PaperSkeleton() {
  return (
    <div className="skeleton paper-skeleton" aria-hidden>
      <i />
      <i />
      <i />
      <i />
    </div>
  );
}
