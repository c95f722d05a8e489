package lectern.identity;

/**
 * Who may make an account at the moment.
 *
 * @param registration {@code first} while there is no account at all, else {@code closed}, {@code
 *     open} or {@code invitation}
 */
public record RegistrationState(String registration) {}
