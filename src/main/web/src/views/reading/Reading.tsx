import {
  BookOpen,
  Highlighter,
  LibraryBig,
  MessageSquare,
  PanelLeft,
  PanelRight,
} from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Media } from '../../api/types';
import type { Paper } from '../../reader/paper';
import { setPreference } from '../../state/preferences';
import { useFragments, usePosition } from '../../state/queries';
import { IconButton } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { Separator } from '../../ui/Separator';
import { ChatPane } from '../chat/ChatPane';
import { BottomTabs } from '../shell/BottomTabs';
import { TopBar } from '../shell/TopBar';
import { LinkedPane } from './LinkedPane';
import { MarkToolbar } from './MarkToolbar';
import { NoteDialog } from './NoteDialog';
import { PaperView } from './PaperView';
import { parsePlace, placeLink, type Place } from './place';
import { ShortcutsDialog } from './ShortcutsDialog';
import { useHighlightActions } from './useHighlightActions';
import { usePanes } from './usePanes';
import { useReadingAddress } from './useReadingAddress';
import { useReadingKeys } from './useReadingKeys';
import { useReadingPosition } from './useReadingPosition';
import { useSelected } from './useSelected';

/** Widths in pixels between which the side panes can be dragged. */
const LEFT = { min: 220, max: 420 } as const;
const RIGHT = { min: 320, max: 720 } as const;

/** How long a jump's target stays lit. */
const FLASH_MS = 900;

/** A document between what hangs on it and the chat about it. */
export function Reading({ media }: { media: Media }) {
  const navigate = useNavigate();
  const fragments = useFragments(media.id, true);
  const position = usePosition(media.id);
  const { at, conversationId, openConversation } = useReadingAddress();
  const panes = usePanes();
  const { pane, setPane, leftShown, rightOpen, alone, toText } = panes;

  const scroller = useRef<HTMLElement>(null);
  const [paper, setPaper] = useState<Paper>();
  const [help, setHelp] = useState(false);
  const [focusComposer, setFocusComposer] = useState(0);

  const canMark = media.capabilities.can_highlight && paper?.exact === true;
  const [selected, clearSelected] = useSelected(canMark ? paper : undefined);
  const { currentHeading, onScroll } = useReadingPosition(
    media.id,
    paper,
    scroller,
    position,
    at !== null,
  );

  const jump = useCallback(
    (place: Place) => {
      toText();
      if (!paper || !scroller.current) return;
      paper.scrollTo(place, scroller.current);
      paper.flash(place);
      setTimeout(() => paper.flash(undefined), FLASH_MS);
    },
    [paper, toText],
  );
  useEffect(() => {
    const place = parsePlace(at);
    if (paper && place) jump(place);
  }, [paper, at, jump]);

  const showChat = panes.toChat;
  const toChat = useCallback(() => {
    showChat();
    setFocusComposer((count) => count + 1);
  }, [showChat]);

  const slot = conversationId ?? 'new';
  const held = { media, paper, selected, clearSelected };
  const marks = useHighlightActions({ ...held, canMark, slot, toChat, jump });
  useReadingKeys({ ...held, scroller, marks, panes, showKeys: () => setHelp(true) });

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
          <LinkedPane
            mediaId={media.id}
            headings={paper?.headings() ?? []}
            currentHeading={currentHeading}
            highlights={marks.ordered}
            activeId={marks.activeId}
            conversationId={conversationId}
            onHeading={(heading) => {
              toText();
              heading.element.scrollIntoView({ block: 'start' });
            }}
            onHighlight={marks.show}
            onQuote={(highlight) => void marks.act('quote', { highlight })}
            onNote={marks.setNoteOn}
            onDelete={marks.remove}
            onConversation={(id) => {
              openConversation(id);
              toChat();
            }}
          />
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
      <main
        className="read"
        ref={scroller}
        tabIndex={0}
        onScroll={onScroll}
        aria-label={media.title}
      >
        {fragments.isError && (
          <ErrorNote error={fragments.error} onRetry={() => void fragments.refetch()} />
        )}
        {paper && !paper.exact && (
          <p className="banner" role="note">
            Passages of this document cannot be marked: its text and its layout do not agree.
          </p>
        )}
        {fragments.data && (
          <PaperView
            media={media}
            fragments={fragments.data}
            onPaper={setPaper}
            onPick={(x, y) => marks.setActive(paper?.highlightAt(x, y, marks.activeId)?.id)}
          />
        )}
      </main>
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
              ? jump(place)
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
