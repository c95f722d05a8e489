package lectern.reading;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;
import org.jspecify.annotations.Nullable;

/**
 * A passage that a reader marked. Only its author sees it, and only while the document is readable
 * to them.
 *
 * @param startOffset code points of the fragment's canonical text before it
 * @param endOffset the first code point after it
 * @param exact the marked text
 * @param prefix up to 64 code points before it
 * @param suffix up to 64 code points after it
 * @param quads where it is painted on its page; null in a document without pages
 */
public record Highlight(
    UUID id,
    UUID fragmentId,
    int startOffset,
    int endOffset,
    HighlightColor color,
    String exact,
    String prefix,
    String suffix,
    @Nullable List<Quad> quads,
    OffsetDateTime createdAt,
    OffsetDateTime updatedAt,
    @Nullable Annotation annotation) {

  /** Marks a passage; E_HIGHLIGHT_CONFLICT when the reader marked just that before. */
  public record Create(
      UUID viewer, UUID fragmentId, int startOffset, int endOffset, HighlightColor color) {
    public static final Address<Create, Highlight> ADDRESS =
        Address.of("highlight.create", Create.class, Highlight.class);
  }

  /**
   * Marks what stands within these quads of a page; they are kept to paint it.
   *
   * @param quads 1 to {@value #MOST_QUADS}
   */
  public record CreateByQuads(
      UUID viewer, UUID fragmentId, List<Quad> quads, HighlightColor color) {
    public static final int MOST_QUADS = 500;

    public static final Address<CreateByQuads, Highlight> ADDRESS =
        Address.of("highlight.create_by_quads", CreateByQuads.class, Highlight.class);

    public CreateByQuads {
      quads = List.copyOf(quads);
    }
  }

  /** The viewer's highlights in a fragment, in reading order. */
  public record ListInFragment(UUID viewer, UUID fragmentId) {
    public static final Address<ListInFragment, Listing> ADDRESS =
        Address.of("highlight.list_in_fragment", ListInFragment.class, Listing.class);
  }

  /** The viewer's highlights in a whole document, in reading order. */
  public record ListInMedia(UUID viewer, UUID mediaId) {
    public static final Address<ListInMedia, Listing> ADDRESS =
        Address.of("highlight.list_in_media", ListInMedia.class, Listing.class);
  }

  public record Listing(List<Highlight> highlights) {
    public Listing {
      highlights = List.copyOf(highlights);
    }
  }

  public record Find(UUID viewer, UUID id) {
    public static final Address<Find, Highlight> ADDRESS =
        Address.of("highlight.find", Find.class, Highlight.class);
  }

  /** Moves or recolours a highlight; what is null stays. */
  public record Change(
      UUID viewer,
      UUID id,
      @Nullable Integer startOffset,
      @Nullable Integer endOffset,
      @Nullable HighlightColor color) {
    public static final Address<Change, Highlight> ADDRESS =
        Address.of("highlight.change", Change.class, Highlight.class);
  }

  /** Removes a highlight, its note, and the quotes of it in messages. */
  public record Delete(UUID viewer, UUID id) {
    public static final Address<Delete, Nothing> ADDRESS =
        Address.of("highlight.delete", Delete.class, Nothing.class);
  }
}
