package lectern.identity;

import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person with an account. Somebody known only to an outside issuer may have no e-mail. */
public record User(
    UUID id,
    @Nullable String email,
    @Nullable String name,
    boolean isAdmin,
    OffsetDateTime createdAt) {}
