package lectern.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URI;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a database is and who opens it; the same facts for the pool and for the migrations.
 *
 * @param sslMode as libpq has it: disable, allow, prefer, require, verify-ca, verify-full
 * @param rootCertificate a PEM file to trust instead of the machine's certificates
 */
record ServerAddress(
    String host,
    int port,
    String database,
    String user,
    String password,
    String sslMode,
    Optional<String> rootCertificate) {
  private static final String NAME = "LECTERN_DATABASE_URL";
  private static final String GOOD =
      ". A value that works: postgresql://lectern:password@db.example.org:5432/lectern";

  /** From {@code postgresql://user:password@host:port/database?sslmode=...&sslrootcert=...}. */
  static ServerAddress parse(URI url) {
    if (!"postgresql".equals(url.getScheme()) && !"postgres".equals(url.getScheme())) {
      throw new DatabaseProblem(NAME + ": it does not start with postgresql://" + GOOD);
    }
    String[] who =
        url.getRawUserInfo() == null ? new String[0] : url.getRawUserInfo().split(":", 2);
    String database = url.getRawPath() == null ? "" : url.getRawPath().replaceFirst("^/", "");
    if (url.getHost() == null || who.length != 2 || database.isEmpty()) {
      throw new DatabaseProblem(
          NAME + ": it lacks a host, a user, a password or a database" + GOOD);
    }
    Map<String, String> parameters = parameters(url);
    String sslMode = Optional.ofNullable(parameters.remove("sslmode")).orElse("prefer");
    Optional<String> root = Optional.ofNullable(parameters.remove("sslrootcert"));
    if (!parameters.isEmpty()) {
      throw new DatabaseProblem(
          NAME + ": it has parameters other than sslmode and sslrootcert: " + parameters.keySet());
    }
    return new ServerAddress(
        url.getHost(),
        url.getPort() < 0 ? 5432 : url.getPort(),
        decoded(database),
        decoded(who[0]),
        decoded(who[1]),
        checked(sslMode),
        root);
  }

  ServerAddress withDatabase(String other) {
    return new ServerAddress(host, port, other, user, password, sslMode, rootCertificate);
  }

  PgConnectOptions forPool() {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(host)
            .setPort(port)
            .setDatabase(database)
            .setUser(user)
            .setPassword(password)
            .setSslMode(SslMode.of(sslMode));
    if (!sslMode.equals("disable")) {
      options.setSslOptions(trust());
    }
    return options;
  }

  PGSimpleDataSource forMigrations() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {host});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(database);
    source.setUser(user);
    source.setPassword(password);
    source.setSslMode(sslMode);
    rootCertificate.ifPresent(source::setSslRootCert);
    source.setApplicationName("lectern migrations");
    return source;
  }

  /** Encryption without verification below verify-ca, which is what libpq means by those words. */
  private ClientSSLOptions trust() {
    ClientSSLOptions ssl = new ClientSSLOptions();
    rootCertificate.ifPresent(path -> ssl.setTrustOptions(new PemTrustOptions().addCertPath(path)));
    ssl.setTrustAll(!sslMode.startsWith("verify"));
    ssl.setHostnameVerificationAlgorithm(sslMode.equals("verify-full") ? "HTTPS" : "");
    return ssl;
  }

  private static String checked(String sslMode) {
    try {
      return SslMode.of(sslMode).value;
    } catch (IllegalArgumentException unknown) {
      throw new DatabaseProblem(
          NAME
              + ": its sslmode is none of disable, allow, prefer, require, verify-ca, verify-full");
    }
  }

  private static Map<String, String> parameters(URI url) {
    Map<String, String> parameters = new HashMap<>();
    if (url.getRawQuery() != null) {
      for (String pair : url.getRawQuery().split("&")) {
        String[] sides = pair.split("=", 2);
        parameters.put(decoded(sides[0]), sides.length == 2 ? decoded(sides[1]) : "");
      }
    }
    return parameters;
  }

  /** Percent escapes only: a plus sign in a password is a plus sign. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return host + ":" + port + "/" + database;
  }
}
