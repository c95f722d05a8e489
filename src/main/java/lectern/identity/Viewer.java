package lectern.identity;

import java.time.OffsetDateTime;
import java.util.UUID;

/** Who asks, as proved by a token of this session. */
public record Viewer(UUID id, UUID session, boolean isAdmin, OffsetDateTime expiresAt) {}
