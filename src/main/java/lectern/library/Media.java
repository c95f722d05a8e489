package lectern.library;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;
import org.jspecify.annotations.Nullable;

/**
 * A document as a reader sees it.
 *
 * @param processingStage the step at work while it is being made readable
 * @param lastErrorMessage a sentence for the reader, when it failed
 * @param lastOpenedAt when this reader last had it open
 */
public record Media(
    UUID id,
    String kind,
    String title,
    @Nullable String author,
    @Nullable String language,
    @Nullable String canonicalSourceUrl,
    String processingStatus,
    @Nullable String processingStage,
    @Nullable Integer processingPercent,
    @Nullable String failureStage,
    @Nullable String lastErrorCode,
    @Nullable String lastErrorMessage,
    Capabilities capabilities,
    @Nullable OffsetDateTime lastOpenedAt,
    OffsetDateTime createdAt,
    OffsetDateTime updatedAt) {

  /** The order of a list: the latest first, or titles from A to Z. */
  public enum Sort {
    ADDED,
    OPENED,
    TITLE;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The order with that word; {@link IllegalArgumentException} when there is none. */
    public static Sort of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * What the viewer can read.
   *
   * @param libraryId only in this library; null means everywhere
   * @param kind only of this kind; null means any
   */
  public record ListOwn(
      UUID viewer,
      @Nullable UUID libraryId,
      @Nullable String kind,
      Sort sort,
      int limit,
      @Nullable String cursor) {
    public static final Address<ListOwn, Listing> ADDRESS =
        Address.of("media.list", ListOwn.class, Listing.class);
  }

  public record Listing(List<Media> media, @Nullable String nextCursor) {
    public Listing {
      media = List.copyOf(media);
    }
  }

  public record Find(UUID viewer, UUID id) {
    public static final Address<Find, Media> ADDRESS =
        Address.of("media.find", Find.class, Media.class);
  }

  /** Which of these the viewer can read, in one query; ids of nothing are not readable. */
  public record Readable(UUID viewer, List<UUID> ids) {
    /** So many ids are answered for at once. */
    public static final int MOST = 1_000;

    public static final Address<Readable, Readability> ADDRESS =
        Address.of("media.readable", Readable.class, Readability.class);

    public Readable {
      ids = List.copyOf(ids);
    }
  }

  /** Every id that was asked for, and whether it can be read. */
  public record Readability(Map<UUID, Boolean> readable) {
    public Readability {
      readable = Map.copyOf(readable);
    }
  }

  /** Tries once more to read a document that failed. */
  public record Retry(UUID viewer, UUID id) {
    public static final Address<Retry, Media> ADDRESS =
        Address.of("media.retry", Retry.class, Media.class);
  }

  /** Takes a document out of all libraries the viewer owns; it is gone when nobody holds it. */
  public record Delete(UUID viewer, UUID id) {
    public static final Address<Delete, Nothing> ADDRESS =
        Address.of("media.delete", Delete.class, Nothing.class);
  }
}
