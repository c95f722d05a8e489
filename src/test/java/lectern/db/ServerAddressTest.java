package lectern.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.SslMode;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
  @Test
  void pool_and_migrations_are_told_the_same() {
    ServerAddress address =
        parse("postgresql://me:p%40ss+w%2Ford@db.example.org:6432/books?sslmode=require");

    assertThat(address.forPool().getHost()).isEqualTo("db.example.org");
    assertThat(address.forPool().getPort()).isEqualTo(6432);
    assertThat(address.forPool().getDatabase()).isEqualTo("books");
    assertThat(address.forPool().getUser()).isEqualTo("me");
    assertThat(address.forPool().getPassword()).isEqualTo("p@ss+w/ord");
    assertThat(address.forPool().getSslMode()).isEqualTo(SslMode.REQUIRE);
    assertThat(address.forMigrations().getURL())
        .startsWith("jdbc:postgresql://db.example.org:6432/books?")
        .contains("sslmode=require");
    assertThat(address.forMigrations().getPassword()).isEqualTo("p@ss+w/ord");
  }

  @Test
  void only_verify_modes_look_at_certificates_and_only_verify_full_at_the_name() {
    assertThat(ssl("require").isTrustAll()).isTrue();
    assertThat(ssl("verify-ca").isTrustAll()).isFalse();
    assertThat(ssl("verify-ca").getHostnameVerificationAlgorithm()).isEmpty();
    assertThat(ssl("verify-full").isTrustAll()).isFalse();
    assertThat(ssl("verify-full").getHostnameVerificationAlgorithm()).isEqualTo("HTTPS");
  }

  @Test
  void the_port_is_5432_and_encryption_preferred_unless_said() {
    ServerAddress address = parse("postgres://me:pw@db/books");
    assertThat(address.port()).isEqualTo(5432);
    assertThat(address.sslMode()).isEqualTo("prefer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://me:secret-word@db/books",
        "postgresql://me@db/books",
        "postgresql://me:secret-word@db",
        "postgresql:books",
        "postgresql://me:secret-word@db/books?sslmode=maybe",
        "postgresql://me:secret-word@db/books?options=x"
      })
  void what_cannot_be_used_is_refused_by_name_and_without_the_password(String url) {
    assertThatThrownBy(() -> parse(url))
        .isInstanceOf(DatabaseProblem.class)
        .hasMessageStartingWith("LECTERN_DATABASE_URL: it")
        .hasMessageNotContaining("secret-word");
  }

  private static ClientSSLOptions ssl(String mode) {
    var options = parse("postgresql://me:pw@db/books?sslmode=" + mode).forPool().getSslOptions();
    assertThat(options).isNotNull();
    return options;
  }

  private static ServerAddress parse(String url) {
    return ServerAddress.parse(URI.create(url));
  }
}
