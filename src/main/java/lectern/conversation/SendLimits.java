package lectern.conversation;

/**
 * What one user may ask for, on top of what fits a message.
 *
 * @param sendsPerMinute questions in any sixty seconds
 * @param inFlight answers that grow at the same time
 * @param platformTokensPerDay tokens a UTC day on the server's keys; own keys do not count
 */
public record SendLimits(int sendsPerMinute, int inFlight, int platformTokensPerDay) {}
