package lectern.llm;

import org.jspecify.annotations.Nullable;

/**
 * A model that may be asked, and with what.
 *
 * @param key the asker's own key, or null to use the server's
 * @param connection a server of the asker's own, which is then asked in place of the provider's and
 *     with its own key; or null
 */
public record Target(ModelSpec model, @Nullable Secret key, @Nullable Connection connection) {}
