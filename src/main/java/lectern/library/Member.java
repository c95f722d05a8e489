package lectern.library;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import lectern.bus.Address;
import lectern.bus.Nothing;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who belongs to a library.
 *
 * @param email null for people who sign in elsewhere and gave none
 * @param isOwner whether the library is theirs; an owner is always an administrator
 * @param createdAt since when they belong to it
 */
public record Member(
    UUID userId,
    @Nullable String email,
    @Nullable String name,
    Role role,
    boolean isOwner,
    OffsetDateTime createdAt) {

  /** A library has no more members than this. */
  public static final int MOST = 200;

  /** Everybody in a library, for each of its members to see; who came first stands first. */
  public record ListOf(UUID viewer, UUID libraryId) {
    public static final Address<ListOf, Listing> ADDRESS =
        Address.of("library.list_members", ListOf.class, Listing.class);
  }

  public record Listing(List<Member> members) {
    public Listing {
      members = List.copyOf(members);
    }
  }

  /**
   * Makes the account with this e-mail a member. Administrators only; nobody joins a default
   * library. Somebody who is a member already stays what they are.
   */
  public record Add(UUID viewer, UUID libraryId, String email, Role role) {
    public static final Address<Add, Member> ADDRESS =
        Address.of("library.add_member", Add.class, Member.class);

    @Override
    public String toString() {
      return "Add[" + libraryId + "]";
    }
  }

  /** Gives a member another role. Administrators only; one of them always stays. */
  public record Change(UUID viewer, UUID libraryId, UUID userId, Role role) {
    public static final Address<Change, Member> ADDRESS =
        Address.of("library.change_member", Change.class, Member.class);
  }

  /**
   * Takes somebody out of a library: an administrator anybody, everybody themselves. What they
   * could read because of this library alone they no longer can; their marks in it stay, unseen,
   * should they come back.
   */
  public record Remove(UUID viewer, UUID libraryId, UUID userId) {
    public static final Address<Remove, Nothing> ADDRESS =
        Address.of("library.remove_member", Remove.class, Nothing.class);
  }
}
