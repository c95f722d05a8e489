package lectern.reading;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.db.TestingDatabase;
import lectern.library.Fragment;
import lectern.library.Media;
import lectern.library.TestingLibrary;
import lectern.library.document.Format;
import lectern.reading.Highlight.Change;
import lectern.reading.Highlight.Create;
import lectern.reading.Highlight.ListInFragment;
import lectern.reading.Highlight.ListInMedia;
import lectern.reading.Quote.Kind;
import lectern.reading.Quote.Target;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReadingVerticleTest {
  @RegisterExtension static final TestingDatabase DATABASE = new TestingDatabase();

  /** Two blocks; the astral letter is the code point at 25. */
  private static final String TEXT =
      "First words.\n\nThe letter \ud835\udcb3 is one. " + "é".repeat(100);

  private static TestingLibrary library;

  private UUID ann;
  private UUID bob;
  private Fragment fragment;

  @BeforeAll
  static void open() {
    library = new TestingLibrary(DATABASE);
    await(library.vertx.deployVerticle(new ReadingVerticle(library.bus, library.database)));
  }

  @AfterAll
  static void close() {
    library.close();
  }

  @BeforeEach
  void aReaderWithAText() {
    ann = library.user();
    bob = library.user();
    fragment = library.read(ann, TEXT, Format.TEXT);
  }

  private static void refused(Code code, ThrowingCallable asking) {
    assertThatThrownBy(asking)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  private Highlight mark(int start, int end) {
    return library.ask(
        Create.ADDRESS, new Create(ann, fragment.id(), start, end, HighlightColor.YELLOW));
  }

  private static Highlight change(
      UUID viewer,
      UUID id,
      @Nullable Integer start,
      @Nullable Integer end,
      @Nullable HighlightColor color) {
    return library.ask(Change.ADDRESS, new Change(viewer, id, start, end, color));
  }

  private static Annotation.Written note(UUID viewer, UUID highlight, String body) {
    return library.ask(Annotation.Put.ADDRESS, new Annotation.Put(viewer, highlight, body));
  }

  @Test
  void a_highlight_holds_the_text_at_its_code_points_and_around_it() {
    Highlight marked = mark(25, 26);

    assertThat(marked.exact()).isEqualTo("\ud835\udcb3");
    assertThat(marked.prefix()).isEqualTo("First words.\n\nThe letter ");
    assertThat(marked.suffix()).isEqualTo(" is one. " + "é".repeat(55));
    assertThat(marked.annotation()).isNull();
    assertThat(library.ask(Highlight.Find.ADDRESS, new Highlight.Find(ann, marked.id())))
        .isEqualTo(marked);
  }

  @Test
  void a_selection_that_ends_between_blocks_ends_with_its_block() {
    Highlight marked = mark(0, 13);

    assertThat(marked.exact()).isEqualTo("First words.");
    assertThat(marked.endOffset()).isEqualTo(12);
    assertThat(marked.prefix()).isEmpty();
  }

  @Test
  void a_passage_outside_the_text_is_refused() {
    int length = TEXT.codePointCount(0, TEXT.length());

    assertThat(mark(0, length).exact()).isEqualTo(TEXT);
    refused(Code.E_HIGHLIGHT_INVALID_RANGE, () -> mark(0, length + 1));
    refused(Code.E_HIGHLIGHT_INVALID_RANGE, () -> mark(5, 5));
    refused(Code.E_HIGHLIGHT_INVALID_RANGE, () -> mark(Integer.MAX_VALUE - 5, Integer.MAX_VALUE));
    refused(Code.E_HIGHLIGHT_INVALID_RANGE, () -> mark(12, 14));
  }

  @Test
  void the_same_passage_is_marked_once_by_each_reader() {
    mark(0, 5);
    Highlight other = mark(6, 11);

    refused(
        Code.E_HIGHLIGHT_CONFLICT,
        () ->
            library.ask(Create.ADDRESS, new Create(ann, fragment.id(), 0, 5, HighlightColor.BLUE)));
    refused(Code.E_HIGHLIGHT_CONFLICT, () -> change(ann, other.id(), 0, 5, null));
    assertThat(mark(0, 6).exact()).isEqualTo("First ");
  }

  @Test
  void highlights_come_in_reading_order_and_are_the_viewers_own() {
    UUID last = mark(20, 24).id();
    UUID first = mark(0, 5).id();
    UUID second = mark(0, 11).id();

    assertThat(
            library
                .ask(ListInFragment.ADDRESS, new ListInFragment(ann, fragment.id()))
                .highlights())
        .extracting(Highlight::id)
        .containsExactly(first, second, last);
    assertThat(
            library.ask(ListInMedia.ADDRESS, new ListInMedia(ann, fragment.mediaId())).highlights())
        .hasSize(3);
    refused(
        Code.E_MEDIA_NOT_FOUND,
        () -> library.ask(ListInFragment.ADDRESS, new ListInFragment(bob, fragment.id())));
    refused(
        Code.E_MEDIA_NOT_FOUND,
        () -> library.ask(ListInMedia.ADDRESS, new ListInMedia(bob, fragment.mediaId())));
    refused(
        Code.E_MEDIA_NOT_FOUND,
        () -> library.ask(Highlight.Find.ADDRESS, new Highlight.Find(bob, first)));
    refused(
        Code.E_MEDIA_NOT_FOUND,
        () -> library.ask(Highlight.Delete.ADDRESS, new Highlight.Delete(bob, first)));
  }

  @Test
  void a_change_takes_the_text_anew_and_no_change_writes_nothing() {
    Highlight marked = mark(0, 5);

    Highlight moved = change(ann, marked.id(), null, 12, HighlightColor.PINK);
    assertThat(moved.exact()).isEqualTo("First words.");
    assertThat(moved.color()).isEqualTo(HighlightColor.PINK);
    assertThat(moved.updatedAt()).isAfter(marked.updatedAt());
    assertThat(change(ann, marked.id(), null, null, null)).isEqualTo(moved);
    refused(Code.E_HIGHLIGHT_INVALID_RANGE, () -> change(ann, marked.id(), 12, null, null));
    refused(Code.E_MEDIA_NOT_FOUND, () -> change(bob, marked.id(), 1, null, null));
  }

  @Test
  void a_document_that_is_not_ready_is_not_marked() {
    Highlight marked = mark(0, 5);
    DATABASE.execute(
        "update media set processing_status = 'failed' where id = '%s'"
            .formatted(fragment.mediaId()));

    refused(Code.E_MEDIA_NOT_READY, () -> mark(6, 11));
    refused(Code.E_MEDIA_NOT_READY, () -> change(ann, marked.id(), null, null, null));
    refused(Code.E_MEDIA_NOT_READY, () -> note(ann, marked.id(), "x"));
    library.ask(Highlight.Delete.ADDRESS, new Highlight.Delete(ann, marked.id()));
  }

  @Test
  void a_note_is_written_replaced_and_removed() {
    Highlight marked = mark(0, 5);

    assertThat(note(ann, marked.id(), "One").created()).isTrue();
    Annotation.Written second = note(ann, marked.id(), "Two");
    assertThat(second.created()).isFalse();
    assertThat(
            library.ask(Highlight.Find.ADDRESS, new Highlight.Find(ann, marked.id())).annotation())
        .isEqualTo(second.annotation());
    refused(Code.E_INVALID_REQUEST, () -> note(ann, marked.id(), " \n\u2003"));
    refused(Code.E_INVALID_REQUEST, () -> note(ann, marked.id(), "x".repeat(10_001)));
    assertThat(note(ann, marked.id(), "\ud835\udcb3".repeat(10_000)).created()).isFalse();
    refused(Code.E_MEDIA_NOT_FOUND, () -> note(bob, marked.id(), "x"));
    Annotation.Delete delete = new Annotation.Delete(ann, marked.id());
    library.ask(Annotation.Delete.ADDRESS, delete);
    library.ask(Annotation.Delete.ADDRESS, delete);
    assertThat(
            library.ask(Highlight.Find.ADDRESS, new Highlight.Find(ann, marked.id())).annotation())
        .isNull();
  }

  private static Map<Target, Quote> quotes(UUID viewer, Target... targets) {
    return await(Quotes.find(library.database.pool(), viewer, List.of(targets)));
  }

  @Test
  void a_quote_has_the_passage_the_note_and_the_blocks_around_it() {
    Fragment text =
        library.read(
            ann, "Far.\n\nBefore.\n\nThe \ud835\udcb3 here.\n\nAfter.\n\nFar off.", Format.TEXT);
    Highlight marked =
        library.ask(Create.ADDRESS, new Create(ann, text.id(), 19, 20, HighlightColor.GREEN));
    Annotation noted = note(ann, marked.id(), "Why?").annotation();
    Target media = new Target(Kind.MEDIA, text.mediaId());
    Target highlight = new Target(Kind.HIGHLIGHT, marked.id());
    Target annotation = new Target(Kind.ANNOTATION, noted.id());

    Map<Target, Quote> found = quotes(ann, media, highlight, annotation);

    Quote quote = Objects.requireNonNull(found.get(annotation));
    assertThat(quote.exact()).isEqualTo("\ud835\udcb3");
    assertThat(quote.note()).isEqualTo("Why?");
    assertThat(quote.window()).isEqualTo("Before.\n\nThe \ud835\udcb3 here.\n\nAfter.");
    assertThat(quote.title()).isEqualTo("Far.");
    assertThat(quote.quotable()).isTrue();
    assertThat(Objects.requireNonNull(found.get(highlight)).note()).isNull();
    assertThat(Objects.requireNonNull(found.get(media)).exact()).isEmpty();
    assertThat(quotes(bob, media, highlight, annotation)).isEmpty();
  }

  @Test
  void without_blocks_a_quote_has_the_text_around_it_and_a_long_one_is_cut() {
    Fragment text = library.read(ann, "é\ud835\udcb3".repeat(5000), Format.TEXT);
    Highlight marked =
        library.ask(Create.ADDRESS, new Create(ann, text.id(), 5000, 5010, HighlightColor.GREEN));
    Target target = new Target(Kind.HIGHLIGHT, marked.id());

    String blocks = Objects.requireNonNull(quotes(ann, target).get(target)).window();
    DATABASE.execute("delete from fragment_block where fragment_id = '" + text.id() + "'");
    String fallback = Objects.requireNonNull(quotes(ann, target).get(target)).window();

    assertThat(blocks.codePointCount(0, blocks.length())).isEqualTo(Window.CAP);
    assertThat(fallback).isEqualTo("é\ud835\udcb3".repeat(605));
  }

  @Test
  void highlights_of_a_shared_document_stay_their_authors_own() {
    UUID marked = mark(0, 5).id();
    DATABASE.execute(
        """
        insert into membership (library_id, user_id, role)
        select id, '%s', 'member' from library where owner_user_id = '%s'
        """
            .formatted(bob, ann));

    Media seen = library.ask(Media.Find.ADDRESS, new Media.Find(bob, fragment.mediaId()));
    assertThat(seen.capabilities().canHighlight()).isTrue();
    assertThat(
            library.ask(ListInMedia.ADDRESS, new ListInMedia(bob, fragment.mediaId())).highlights())
        .isEmpty();
    assertThat(quotes(bob, new Target(Kind.HIGHLIGHT, marked))).isEmpty();
  }
}
