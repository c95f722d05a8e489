package lectern.library;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import lectern.bus.Address;
import org.jspecify.annotations.Nullable;

/** One readable unit of a document. It never changes once the document is readable. */
public record Fragment(
    UUID id,
    UUID mediaId,
    int idx,
    @Nullable String title,
    String htmlSanitized,
    String canonicalText,
    OffsetDateTime createdAt) {

  /** A document's fragments in reading order; none until it is readable. */
  public record ListOf(UUID viewer, UUID mediaId) {
    public static final Address<ListOf, Listing> ADDRESS =
        Address.of("fragment.list", ListOf.class, Listing.class).patience(Duration.ofSeconds(15));
  }

  public record Listing(List<Fragment> fragments) {
    public Listing {
      fragments = List.copyOf(fragments);
    }
  }

  /** A document's headings in reading order. */
  public record Outline(UUID viewer, UUID mediaId) {
    public static final Address<Outline, Headings> ADDRESS =
        Address.of("fragment.outline", Outline.class, Headings.class);
  }

  public record Headings(List<Heading> headings) {
    public Headings {
      headings = List.copyOf(headings);
    }
  }

  /**
   * A heading and where it stands.
   *
   * @param level 1 to 6
   * @param startOffset in code points of the fragment's canonical text
   * @param text at most 200 characters of it
   */
  public record Heading(UUID fragmentId, int level, int startOffset, String text) {}
}
