package lectern.http;

/**
 * Where the API listens.
 *
 * @param port 0 takes a free one
 */
public record ApiSettings(String host, int port) {}
