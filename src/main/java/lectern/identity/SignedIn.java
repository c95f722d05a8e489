package lectern.identity;

import java.time.OffsetDateTime;

/** A fresh session: its bearer token, until when that is good, and whose it is. */
public record SignedIn(String token, String tokenType, OffsetDateTime expiresAt, User user) {
  @Override
  public String toString() {
    return "SignedIn[" + user.id() + "]";
  }
}
