package lectern.library;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;

/**
 * A library as one of its members sees it.
 *
 * @param role the viewer's
 */
public record Library(
    UUID id,
    String name,
    UUID ownerUserId,
    boolean isDefault,
    Role role,
    int memberCount,
    int mediaCount,
    OffsetDateTime createdAt,
    OffsetDateTime updatedAt) {

  /** The viewer's libraries, oldest first; never more than {@link #MOST}. */
  public record ListOwn(UUID viewer, int limit) {
    /** More libraries than this are not listed at once. */
    public static final int MOST = 200;

    public static final Address<ListOwn, Listing> ADDRESS =
        Address.of("library.list", ListOwn.class, Listing.class);
  }

  public record Listing(List<Library> libraries) {
    public Listing {
      libraries = List.copyOf(libraries);
    }
  }

  /** Makes a library; E_NAME_INVALID when nothing is left of the name after trimming. */
  public record Create(UUID viewer, String name) {
    public static final Address<Create, Library> ADDRESS =
        Address.of("library.create", Create.class, Library.class);
  }

  public record Find(UUID viewer, UUID id) {
    public static final Address<Find, Library> ADDRESS =
        Address.of("library.find", Find.class, Library.class);
  }

  /** Administrators only; a default library keeps its name. */
  public record Rename(UUID viewer, UUID id, String name) {
    public static final Address<Rename, Library> ADDRESS =
        Address.of("library.rename", Rename.class, Library.class);
  }

  /** Administrators only; a default library stays. What it held stays in default libraries. */
  public record Delete(UUID viewer, UUID id) {
    public static final Address<Delete, Nothing> ADDRESS =
        Address.of("library.delete", Delete.class, Nothing.class);
  }

  /**
   * Puts a document the viewer can read into a library and, so that they keep it, into the default
   * library of each of its members. Repeating it changes nothing.
   */
  public record AddMedia(UUID viewer, UUID id, UUID mediaId) {
    public static final Address<AddMedia, Place> ADDRESS =
        Address.of("library.add_media", AddMedia.class, Place.class);
  }

  /** A document's place in a library. */
  public record Place(UUID libraryId, UUID mediaId, OffsetDateTime createdAt) {}

  /**
   * Takes a document out of a library. Out of the viewer's default library, it also leaves the
   * libraries that are the viewer's alone.
   */
  public record RemoveMedia(UUID viewer, UUID id, UUID mediaId) {
    public static final Address<RemoveMedia, Nothing> ADDRESS =
        Address.of("library.remove_media", RemoveMedia.class, Nothing.class);
  }
}
