package lectern.identity;

import java.util.Optional;

/**
 * How people come in.
 *
 * @param invitationCode present when registration is by invitation
 * @param tokenKey 32 bytes that sign bearer tokens; the same on every node
 */
public record IdentitySettings(
    Registration registration, Optional<String> invitationCode, byte[] tokenKey) {
  public IdentitySettings {
    if (tokenKey.length != 32) {
      throw new IllegalArgumentException("A token key has 32 bytes");
    }
    if (registration == Registration.INVITATION && invitationCode.isEmpty()) {
      throw new IllegalArgumentException("Registration by invitation needs a code");
    }
    tokenKey = tokenKey.clone();
  }

  @Override
  public String toString() {
    return "IdentitySettings[" + registration + "]";
  }
}
