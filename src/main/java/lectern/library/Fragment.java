package lectern.library;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import lectern.bus.Address;
import org.jspecify.annotations.Nullable;

/**
 * One readable unit of a document. It never changes once the document is readable.
 *
 * @param length of the canonical text, in code points
 * @param htmlSanitized empty where a list was asked for without content, as is the text
 */
public record Fragment(
    UUID id,
    UUID mediaId,
    int idx,
    @Nullable String title,
    int length,
    String htmlSanitized,
    String canonicalText,
    OffsetDateTime createdAt) {

  /**
   * A page of a document's fragments in reading order; none until it is readable. A page with
   * content ends early after {@value FragmentStore#PAGE_LENGTH} code points of text.
   *
   * @param content whether the texts themselves are wanted
   */
  public record ListOf(
      UUID viewer, UUID mediaId, int limit, @Nullable String cursor, boolean content) {
    public static final Address<ListOf, Listing> ADDRESS =
        Address.of("fragment.list", ListOf.class, Listing.class).patience(Duration.ofSeconds(15));
  }

  public record Listing(List<Fragment> fragments, @Nullable String nextCursor) {
    public Listing {
      fragments = List.copyOf(fragments);
    }
  }

  public record Find(UUID viewer, UUID id) {
    public static final Address<Find, Fragment> ADDRESS =
        Address.of("fragment.find", Find.class, Fragment.class).patience(Duration.ofSeconds(15));
  }

  /** A document's table of contents, in its order. */
  public record Outline(UUID viewer, UUID mediaId) {
    public static final Address<Outline, Entries> ADDRESS =
        Address.of("fragment.outline", Outline.class, Entries.class);
  }

  public record Entries(List<Entry> entries) {
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  /**
   * A line of a table of contents.
   *
   * @param level 1 to 6
   * @param textOffset in code points of the fragment's canonical text
   */
  public record Entry(String title, int level, UUID fragmentId, int fragmentIdx, int textOffset) {}
}
