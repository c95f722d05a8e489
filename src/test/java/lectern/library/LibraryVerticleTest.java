package lectern.library;

import static java.nio.charset.StandardCharsets.UTF_8;
import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.db.TestingDatabase;
import lectern.library.BroughtIn.OpenSample;
import lectern.library.BroughtIn.Paste;
import lectern.library.Library.AddMedia;
import lectern.library.Library.RemoveMedia;
import lectern.library.Media.Sort;
import lectern.library.Upload.Abort;
import lectern.library.Upload.Chunk;
import lectern.library.Upload.Finish;
import lectern.library.document.Format;
import lectern.net.Guard;
import lectern.net.GuardedClient;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LibraryVerticleTest {
  @RegisterExtension static final TestingDatabase DATABASE = new TestingDatabase();

  private static TestingLibrary library;

  private UUID ann;
  private UUID bob;

  @BeforeAll
  static void open() {
    library = new TestingLibrary(DATABASE);
  }

  @BeforeEach
  void people() {
    ann = library.user();
    bob = library.user();
  }

  @AfterAll
  static void close() {
    library.close();
  }

  private static void refused(Code code, ThrowingCallable asking) {
    assertThatThrownBy(asking)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  private static Library create(UUID viewer, String name) {
    return library.ask(Library.Create.ADDRESS, new Library.Create(viewer, name));
  }

  private static List<Media> media(UUID viewer, @Nullable UUID in, Sort sort) {
    return library
        .ask(Media.ListOwn.ADDRESS, new Media.ListOwn(viewer, in, null, sort, 100, null))
        .media();
  }

  private static void join(UUID user, UUID to, String role) {
    DATABASE.execute(
        "insert into membership (library_id, user_id, role) values ('%s', '%s', '%s')"
            .formatted(to, user, role));
  }

  private static UUID defaultOf(UUID user) {
    return await(Libraries.ensureDefault(library.database.pool(), user));
  }

  @Test
  void a_user_seen_twenty_times_at_once_has_one_default_library() {
    List<Future<UUID>> asked =
        IntStream.range(0, 20)
            .mapToObj(i -> Libraries.ensureDefault(library.database.pool(), ann))
            .toList();

    List<UUID> ids = new ArrayList<>();
    asked.forEach(each -> ids.add(await(each)));
    List<Library> seen =
        library.ask(Library.ListOwn.ADDRESS, new Library.ListOwn(ann, 100)).libraries();
    assertThat(ids).containsOnly(seen.getFirst().id()).hasSize(20);
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().name()).isEqualTo("My Library");
    assertThat(seen.getFirst().isDefault()).isTrue();
    assertThat(seen.getFirst().role()).isEqualTo(Role.ADMIN);
  }

  @Test
  void a_default_library_without_its_membership_is_repaired() {
    UUID id = defaultOf(ann);
    DATABASE.execute("delete from membership where user_id = '" + ann + "'");

    assertThat(defaultOf(ann)).isEqualTo(id);
    assertThat(library.ask(Library.Find.ADDRESS, new Library.Find(ann, id)).role())
        .isEqualTo(Role.ADMIN);
  }

  @Test
  void which_of_many_documents_can_be_read_is_said_of_each_of_them() {
    UUID own = library.paste(ann, "Ann's", Format.TEXT).media().id();
    UUID other = library.paste(bob, "Bob's", Format.TEXT).media().id();
    UUID none = UUID.randomUUID();

    assertThat(readable(ann, List.of(own, other, none, own)))
        .isEqualTo(Map.of(own, true, other, false, none, false));
    assertThat(readable(ann, List.of())).isEmpty();
    refused(
        Code.E_INVALID_REQUEST,
        () -> readable(ann, Stream.generate(UUID::randomUUID).limit(1_001).toList()));
  }

  private static Map<UUID, Boolean> readable(UUID viewer, List<UUID> ids) {
    return library.ask(Media.Readable.ADDRESS, new Media.Readable(viewer, ids)).readable();
  }

  @Test
  void a_library_is_made_renamed_and_deleted_by_its_administrator_alone() {
    Library made = create(ann, "  Essays ");
    join(bob, made.id(), "member");

    assertThat(made.name()).isEqualTo("Essays");
    refused(
        Code.E_FORBIDDEN,
        () -> library.ask(Library.Rename.ADDRESS, new Library.Rename(bob, made.id(), "x")));
    refused(
        Code.E_LIBRARY_NOT_FOUND,
        () -> library.ask(Library.Find.ADDRESS, new Library.Find(library.user(), made.id())));
    assertThat(
            library
                .ask(Library.Rename.ADDRESS, new Library.Rename(ann, made.id(), "Letters"))
                .name())
        .isEqualTo("Letters");
    library.ask(Library.Delete.ADDRESS, new Library.Delete(ann, made.id()));
    refused(
        Code.E_LIBRARY_NOT_FOUND,
        () -> library.ask(Library.Find.ADDRESS, new Library.Find(ann, made.id())));
  }

  @Test
  void names_are_not_blank_and_default_libraries_stay() {
    UUID own = defaultOf(ann);

    refused(Code.E_NAME_INVALID, () -> create(ann, " \t"));
    refused(Code.E_NAME_INVALID, () -> create(ann, "x".repeat(101)));
    refused(
        Code.E_DEFAULT_LIBRARY_FORBIDDEN,
        () -> library.ask(Library.Delete.ADDRESS, new Library.Delete(ann, own)));
    refused(
        Code.E_DEFAULT_LIBRARY_FORBIDDEN,
        () -> library.ask(Library.Rename.ADDRESS, new Library.Rename(ann, own, "x")));
    refused(
        Code.E_INVALID_REQUEST,
        () -> library.ask(Library.ListOwn.ADDRESS, new Library.ListOwn(ann, 0)));
  }

  @Test
  void a_pasted_text_becomes_readable_with_a_title_and_capabilities() {
    BroughtIn in = library.paste(ann, "# On Ants\n\nThey *work*.", Format.MARKDOWN);
    Media media = library.settled(ann, in.media().id());

    assertThat(in.duplicate()).isFalse();
    assertThat(media.title()).isEqualTo("On Ants");
    assertThat(media.processingStatus()).isEqualTo("ready_for_reading");
    assertThat(media.capabilities())
        .isEqualTo(new Capabilities(true, true, true, true, false, true));
    Fragment fragment = library.fragments(ann, media.id()).getFirst();
    assertThat(fragment.canonicalText()).isEqualTo("On Ants\n\nThey work.");
    assertThat(fragment.htmlSanitized()).contains("data-o=\"9\"");
    assertThat(
            library.ask(Fragment.Outline.ADDRESS, new Fragment.Outline(ann, media.id())).entries())
        .containsExactly(new Fragment.Entry("On Ants", 1, fragment.id(), 0, 0));
  }

  @Test
  void a_text_without_a_title_is_called_by_its_first_words_and_a_given_title_stays() {
    UUID plain = library.paste(ann, "Some words\n\nand more", Format.TEXT).media().id();
    UUID given =
        library
            .ask(Paste.ADDRESS, new Paste(ann, "Mine", "# Theirs\n\nx", Format.MARKDOWN, null))
            .media()
            .id();

    assertThat(library.settled(ann, plain).title()).isEqualTo("Some words");
    assertThat(library.settled(ann, given).title()).isEqualTo("Mine");
  }

  @Test
  void the_same_text_is_stored_once_for_each_reader_even_when_it_comes_at_once() {
    List<Future<BroughtIn>> asked =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    library.bus.ask(
                        Paste.ADDRESS, new Paste(ann, null, "Same words", Format.TEXT, null)))
            .toList();

    List<BroughtIn> answers = new ArrayList<>();
    asked.forEach(each -> answers.add(await(each)));
    assertThat(answers).filteredOn(answer -> !answer.duplicate()).hasSize(1);
    assertThat(answers)
        .extracting(answer -> answer.media().id())
        .containsOnly(answers.getFirst().media().id());
    assertThat(library.paste(bob, "Same words", Format.TEXT).duplicate()).isFalse();
  }

  @Test
  void the_sample_is_opened_once() {
    BroughtIn first = library.ask(OpenSample.ADDRESS, new OpenSample(ann));
    BroughtIn second = library.ask(OpenSample.ADDRESS, new OpenSample(ann));

    assertThat(second.media().id()).isEqualTo(first.media().id());
    assertThat(second.duplicate()).isTrue();
    assertThat(library.settled(ann, first.media().id()).title())
        .isEqualTo("The Reader with a Pencil");
    assertThat(media(ann, null, Sort.ADDED)).hasSize(1);
  }

  @Test
  void nothing_in_a_text_is_a_refusal_or_a_failure_with_a_sentence() {
    refused(Code.E_INVALID_REQUEST, () -> library.paste(ann, " \n ", Format.TEXT));
    UUID hidden = library.paste(ann, "<p hidden>x</p>", Format.HTML).media().id();

    Media failed = library.settled(ann, hidden);
    assertThat(failed.processingStatus()).isEqualTo("failed");
    assertThat(failed.failureStage()).isEqualTo("extract");
    assertThat(failed.lastErrorCode()).isEqualTo("E_INVALID_FILE_TYPE");
    assertThat(failed.lastErrorMessage()).contains("no text");
    assertThat(failed.capabilities().canRead()).isFalse();
  }

  private Upload begin(String filename) {
    return library.begin(ann, filename);
  }

  private BroughtIn upload(String filename, byte[] bytes) {
    return library.upload(ann, filename, bytes);
  }

  private static long rows(String table) {
    return await(library.database.pool().query("select count(*) from " + table).execute())
        .iterator()
        .next()
        .getLong(0);
  }

  @Test
  void a_file_of_several_chunks_is_read_as_a_whole() {
    String text = "A line of words.\n\n".repeat(20_000);

    BroughtIn in = upload("Ein Büchlein.txt", text.getBytes(UTF_8));
    Media media = library.settled(ann, in.media().id());

    assertThat(media.title()).isEqualTo("Ein Büchlein");
    assertThat(media.kind()).isEqualTo("text");
    assertThat(library.fragments(ann, media.id()).getFirst().canonicalText())
        .isEqualTo(text.strip());
    BroughtIn again = upload("other.txt", text.getBytes(UTF_8));
    assertThat(again.duplicate()).isTrue();
    assertThat(again.media().id()).isEqualTo(media.id());
  }

  @Test
  void a_page_is_an_article_called_by_its_title() {
    BroughtIn in = upload("page.html", "<title>A Page</title><p>x".getBytes(UTF_8));

    Media media = library.settled(ann, in.media().id());
    assertThat(media.kind()).isEqualTo("web_article");
    assertThat(media.title()).isEqualTo("A Page");
  }

  @Test
  void a_refused_or_aborted_upload_leaves_nothing() {
    long before = rows("media");

    Upload binary = begin("a.txt");
    refused(
        Code.E_INVALID_FILE_TYPE,
        () -> library.ask(binary.chunks(), new Chunk(binary.id(), 0, new byte[1000])));
    Upload disguised = begin("b.pdf");
    refused(
        Code.E_INVALID_FILE_TYPE,
        () ->
            library.ask(disguised.chunks(), new Chunk(disguised.id(), 0, "Words".getBytes(UTF_8))));
    Upload large = begin("b.txt");
    byte[] full = "x".repeat(Upload.CHUNK_BYTES).getBytes(UTF_8);
    library.ask(large.chunks(), new Chunk(large.id(), 0, full));
    library.ask(large.chunks(), new Chunk(large.id(), 1, full));
    refused(
        Code.E_FILE_TOO_LARGE, () -> library.ask(large.chunks(), new Chunk(large.id(), 2, full)));
    Upload disorder = begin("c.txt");
    refused(
        Code.E_INVALID_REQUEST,
        () -> library.ask(disorder.chunks(), new Chunk(disorder.id(), 1, full)));
    Upload aborted = begin("d.txt");
    library.ask(aborted.chunks(), new Chunk(aborted.id(), 0, full));
    library.ask(aborted.aborts(), new Abort(aborted.id()));
    refused(Code.E_NOT_FOUND, () -> library.ask(aborted.finishes(), new Finish(aborted.id())));
    Upload empty = begin("e.txt");
    refused(Code.E_INVALID_FILE_TYPE, () -> library.ask(empty.finishes(), new Finish(empty.id())));
    refused(Code.E_INVALID_FILE_TYPE, () -> begin("letter.docx"));

    assertThat(rows("media")).isEqualTo(before);
  }

  @Test
  void work_that_a_crash_left_behind_is_taken_up_again_and_given_up_after_three_attempts() {
    UUID one = library.settled(ann, library.paste(ann, "One", Format.TEXT).media().id()).id();
    UUID two = library.settled(ann, library.paste(ann, "Two", Format.TEXT).media().id()).id();
    String crashed =
        "update media set processing_status = 'extracting', processing_attempts = %d,"
            + " processing_lease_until = now() - interval '1 second' where id = '%s'";
    DATABASE.execute("delete from fragment where media_id = '" + one + "'");
    DATABASE.execute(crashed.formatted(1, one));
    DATABASE.execute(crashed.formatted(3, two));
    Ingestion ingestion =
        new Ingestion(
            library.vertx,
            library.database,
            new GuardedClient(library.vertx, Guard.of(true)),
            LibrarySettings.DEFAULT);

    await(ingestion.sweep());

    assertThat(library.settled(ann, one).processingStatus()).isEqualTo("ready_for_reading");
    assertThat(library.settled(ann, two).lastErrorCode()).isEqualTo("E_INGEST_FAILED");
    await(ingestion.close());
  }

  @Test
  void a_document_put_into_a_library_reaches_the_default_library_of_each_member() {
    Library shared = create(ann, "Shared");
    join(bob, shared.id(), "member");
    UUID bobs = defaultOf(bob);
    UUID id = library.paste(ann, "For both", Format.TEXT).media().id();

    AddMedia add = new AddMedia(ann, shared.id(), id);
    assertThat(library.ask(AddMedia.ADDRESS, add)).isEqualTo(library.ask(AddMedia.ADDRESS, add));
    assertThat(media(bob, bobs, Sort.ADDED)).extracting(Media::id).containsExactly(id);
    refused(
        Code.E_FORBIDDEN, () -> library.ask(AddMedia.ADDRESS, new AddMedia(bob, shared.id(), id)));
    refused(
        Code.E_MEDIA_NOT_FOUND,
        () -> library.ask(AddMedia.ADDRESS, new AddMedia(ann, shared.id(), UUID.randomUUID())));

    library.ask(RemoveMedia.ADDRESS, new RemoveMedia(ann, shared.id(), id));
    assertThat(media(bob, bobs, Sort.ADDED)).hasSize(1);
    refused(
        Code.E_MEDIA_NOT_FOUND,
        () -> library.ask(RemoveMedia.ADDRESS, new RemoveMedia(ann, shared.id(), id)));

    library.ask(Media.Delete.ADDRESS, new Media.Delete(ann, id));
    assertThat(library.ask(Media.Find.ADDRESS, new Media.Find(bob, id)).id()).isEqualTo(id);
    library.ask(Media.Delete.ADDRESS, new Media.Delete(bob, id));
    assertThat(rows("media where id = '" + id + "'")).isZero();
  }

  @Test
  void removing_from_the_default_library_empties_libraries_that_are_the_viewers_alone() {
    Library alone = create(ann, "Alone");
    Library shared = create(ann, "Shared");
    join(bob, shared.id(), "member");
    UUID id = library.paste(ann, "Words to lose", Format.TEXT).media().id();
    library.ask(AddMedia.ADDRESS, new AddMedia(ann, alone.id(), id));
    library.ask(AddMedia.ADDRESS, new AddMedia(ann, shared.id(), id));

    library.ask(RemoveMedia.ADDRESS, new RemoveMedia(ann, defaultOf(ann), id));

    assertThat(media(ann, alone.id(), Sort.ADDED)).isEmpty();
    assertThat(media(ann, shared.id(), Sort.ADDED)).hasSize(1);
  }

  @Test
  void what_somebody_else_holds_is_not_there() {
    UUID id = library.paste(ann, "Secret words", Format.TEXT).media().id();

    refused(Code.E_MEDIA_NOT_FOUND, () -> library.ask(Media.Find.ADDRESS, new Media.Find(bob, id)));
    refused(Code.E_MEDIA_NOT_FOUND, () -> library.fragments(bob, id));
    refused(
        Code.E_MEDIA_NOT_FOUND, () -> library.ask(Media.Delete.ADDRESS, new Media.Delete(bob, id)));
    refused(
        Code.E_MEDIA_NOT_FOUND,
        () -> library.ask(Position.Find.ADDRESS, new Position.Find(bob, id)));
    refused(Code.E_LIBRARY_NOT_FOUND, () -> media(bob, defaultOf(ann), Sort.ADDED));
  }

  @Test
  void lists_are_paged_without_gaps_in_every_order() {
    for (String name : List.of("b", "C", "a", "d", "E")) {
      UUID id =
          library
              .ask(Paste.ADDRESS, new Paste(ann, name, "Text " + name, Format.TEXT, null))
              .media()
              .id();
      library.settled(ann, id);
    }
    for (Sort sort : Sort.values()) {
      List<String> titles = new ArrayList<>();
      String cursor = null;
      do {
        Media.Listing page =
            library.ask(Media.ListOwn.ADDRESS, new Media.ListOwn(ann, null, null, sort, 2, cursor));
        page.media().forEach(media -> titles.add(media.title()));
        cursor = page.nextCursor();
      } while (cursor != null);

      assertThat(titles).hasSize(5).doesNotHaveDuplicates();
      if (sort == Sort.TITLE) {
        assertThat(titles).containsExactly("a", "b", "C", "d", "E");
      }
      if (sort == Sort.ADDED) {
        assertThat(titles).containsExactly("E", "d", "a", "C", "b");
      }
    }
    refused(
        Code.E_INVALID_CURSOR,
        () ->
            library.ask(
                Media.ListOwn.ADDRESS, new Media.ListOwn(ann, null, null, Sort.ADDED, 2, "x")));
  }

  @Test
  void a_position_is_remembered_within_the_text_and_marks_the_document_as_opened() {
    library.read(ann, "Older words", Format.TEXT);
    Fragment fragment = library.read(ann, "Twelve chars", Format.TEXT);
    UUID id = fragment.mediaId();

    assertThat(library.ask(Position.Find.ADDRESS, new Position.Find(ann, id)).position()).isNull();
    library.ask(Position.Put.ADDRESS, new Position.Put(ann, id, fragment.id(), 5));
    Position put =
        library.ask(Position.Put.ADDRESS, new Position.Put(ann, id, fragment.id(), 1000));
    assertThat(put.textOffset()).isEqualTo(12);
    assertThat(library.ask(Position.Find.ADDRESS, new Position.Find(ann, id)).position())
        .isEqualTo(put);
    assertThat(media(ann, null, Sort.OPENED).getFirst().lastOpenedAt())
        .isEqualTo(put.lastOpenedAt());
    refused(
        Code.E_MEDIA_NOT_FOUND,
        () -> library.ask(Position.Put.ADDRESS, new Position.Put(ann, id, UUID.randomUUID(), 0)));
  }
}
