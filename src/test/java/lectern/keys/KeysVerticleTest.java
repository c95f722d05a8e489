package lectern.keys;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.goterl.lazysodium.SodiumJava;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.db.Database;
import lectern.db.TestingDatabase;
import lectern.llm.ModelList;
import lectern.telemetry.Scope;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeysVerticleTest {
  private static final String KEY = "sk-canary-0123456789-abcd";
  private static final String OTHER = "sk-canary-0123456789-wxyz";

  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  private Vertx vertx;
  private Bus bus;
  private Pool pool;
  private UUID reader;

  @BeforeEach
  void open() {
    Scope.register();
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
    Database mine = database.open(vertx);
    pool = mine.pool();
    reader = insertUser();
    await(vertx.deployVerticle(new KeysVerticle(bus, mine, new SodiumJava(), settings(1))));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void a_key_is_stored_sealed_and_shown_by_its_last_four_characters() {
    Key key = put("openai", "  " + KEY + "\n").key();
    assertThat(key.keyFingerprint()).isEqualTo("abcd");
    assertThat(key.status()).isEqualTo("untested");
    assertThat(list()).containsExactly(key);
    Row row = row(key.id());
    assertThat(row.getBuffer("key_nonce").length()).isEqualTo(24);
    assertThat(row.getBuffer("encrypted_key").length()).isEqualTo(KEY.length() + 16);
    assertThat(row.getBuffer("encrypted_key").toString("ISO-8859-1")).doesNotContain("canary");
  }

  @Test
  void another_key_for_the_provider_keeps_the_id_and_is_judged_anew() {
    Key.Stored first = put("openai", KEY);
    mark(first.key().id(), "invalid");
    Key.Stored second = put("openai", OTHER);
    assertThat(first.created()).isTrue();
    assertThat(second.created()).isFalse();
    assertThat(second.key().id()).isEqualTo(first.key().id());
    assertThat(second.key().createdAt()).isEqualTo(first.key().createdAt());
    assertThat(second.key().keyFingerprint()).isEqualTo("wxyz");
    assertThat(second.key().status()).isEqualTo("untested");
    assertThat(second.key().lastTestedAt()).isNull();
    assertThat(list()).hasSize(1);
  }

  @Test
  void the_same_key_twice_is_sealed_differently() {
    UUID id = put("openai", KEY).key().id();
    Row first = row(id);
    put("openai", KEY);
    Row second = row(id);
    assertThat(second.getBuffer("key_nonce")).isNotEqualTo(first.getBuffer("key_nonce"));
    assertThat(second.getBuffer("encrypted_key")).isNotEqualTo(first.getBuffer("encrypted_key"));
  }

  @Test
  void a_revoked_key_is_wiped_stays_listed_and_comes_back_with_the_next_one() {
    UUID id = put("gemini", KEY).key().id();
    revoke(reader, id);
    revoke(reader, id);
    assertThat(list()).extracting(Key::status).containsExactly("revoked");
    assertThat(list()).extracting(Key::keyFingerprint).containsExactly("abcd");
    Row row = row(id);
    assertThat(row.getBuffer("encrypted_key")).isNull();
    assertThat(row.getBuffer("key_nonce")).isNull();
    assertThat(row.getInteger("master_key_version")).isNull();
    assertThat(row.getOffsetDateTime("revoked_at")).isNotNull();

    assertThat(put("gemini", OTHER).key().id()).isEqualTo(id);
    assertThat(list()).extracting(Key::status).containsExactly("untested");
    assertThat(row(id).getOffsetDateTime("revoked_at")).isNull();
  }

  @Test
  void nobody_revokes_somebody_elses_key() {
    UUID id = put("openai", KEY).key().id();
    refused(Code.E_KEY_NOT_FOUND, () -> revoke(insertUser(), id));
    refused(Code.E_KEY_NOT_FOUND, () -> revoke(reader, UUID.randomUUID()));
    assertThat(list()).extracting(Key::status).containsExactly("untested");
  }

  @Test
  void what_is_no_key_is_refused_without_being_repeated() {
    refused(Code.E_KEY_PROVIDER_INVALID, () -> put("OpenAI", KEY));
    refused(Code.E_KEY_PROVIDER_INVALID, () -> put("local", KEY));
    for (String wrong :
        List.of(
            "",
            "   ",
            "sk-short",
            "sk-canary 0123456789-abcd",
            "sk-canary\n0123456789-abcd",
            "sk-canary-0123456789-äöü",
            "sk-canary\u00a00123456789-abcd")) {
      refused(Code.E_KEY_INVALID_FORMAT, () -> put("openai", wrong));
    }
    assertThat(list()).isEmpty();
  }

  @Test
  void a_rotation_seals_every_key_anew_while_keys_are_used_and_replaced() {
    List<UUID> readers = IntStream.range(0, 250).mapToObj(_ -> insertUser()).toList();
    await(
        Future.all(
            readers.stream()
                .map(who -> bus.ask(Key.Put.ADDRESS, new Key.Put(who, "openai", KEY)))
                .toList()));
    Vertx other = Vertx.vertx();
    try {
      Bus next = new Bus(other);
      Database theirs = database.open(other);
      await(other.deployVerticle(new KeysVerticle(next, theirs, new SodiumJava(), settings(2))));
      Future<Key.Rotated> one = next.ask(Key.Rotate.ADDRESS, new Key.Rotate());
      Future<Key.Rotated> two = next.ask(Key.Rotate.ADDRESS, new Key.Rotate());
      List<Future<?>> meanwhile = new ArrayList<>();
      for (UUID who : readers) {
        meanwhile.add(next.ask(Key.Open.ADDRESS, new Key.Open(who, "openai")).map(this::opened));
        if (meanwhile.size() % 10 == 0) {
          meanwhile.add(next.ask(Key.Put.ADDRESS, new Key.Put(who, "openai", OTHER)));
        }
      }
      await(Future.all(meanwhile));
      await(Future.all(one, two));
      Key.Rotated last = await(next.ask(Key.Rotate.ADDRESS, new Key.Rotate()));
      assertThat(last.remaining()).isZero();
      assertThat(last.unopened()).isZero();
      assertThat(count("master_key_version <> " + last.version())).isZero();
      for (UUID who : readers) {
        opened(await(next.ask(Key.Open.ADDRESS, new Key.Open(who, "openai"))));
      }
    } finally {
      await(other.close());
    }
  }

  private String opened(Key.Opened opened) {
    assertThat(opened.key()).isNotNull();
    assertThat(opened.key().secret().reveal()).isIn(KEY, OTHER);
    return opened.key().secret().reveal();
  }

  @Test
  void a_row_that_is_moved_to_another_reader_or_provider_opens_for_nobody() {
    UUID id = put("openai", KEY).key().id();
    UUID thief = insertUser();
    await(
        pool.preparedQuery("update user_api_key set user_id = $2 where id = $1")
            .execute(Tuple.of(id, thief)));
    assertThat(await(bus.ask(Key.Open.ADDRESS, new Key.Open(thief, "openai"))).key()).isNull();
    await(
        pool.preparedQuery(
                "update user_api_key set user_id = $2, provider = 'gemini' where id = $1")
            .execute(Tuple.of(id, reader)));
    assertThat(await(bus.ask(Key.Open.ADDRESS, new Key.Open(reader, "gemini"))).key()).isNull();
  }

  @Test
  void what_became_of_a_call_is_held_against_the_key_it_was_made_with_alone() {
    put("openai", KEY);
    Key.OpenedKey first = await(bus.ask(Key.Open.ADDRESS, new Key.Open(reader, "openai"))).key();
    used(first, TestResult.WORKS);
    assertThat(list().getFirst().status()).isEqualTo("valid");
    assertThat(list().getFirst().lastTestedAt()).isNotNull();
    used(first, TestResult.UNPROVEN);
    assertThat(list().getFirst().status()).isEqualTo("valid");
    put("openai", OTHER);
    used(first, TestResult.REJECTED);
    assertThat(list().getFirst().status()).isEqualTo("untested");
    Key.OpenedKey second = await(bus.ask(Key.Open.ADDRESS, new Key.Open(reader, "openai"))).key();
    used(second, TestResult.REJECTED);
    assertThat(list().getFirst().status()).isEqualTo("invalid");
    assertThat(await(bus.ask(Key.Open.ADDRESS, new Key.Open(reader, "openai"))).key()).isNull();
    revoke(reader, list().getFirst().id());
    used(second, TestResult.WORKS);
    assertThat(list().getFirst().status()).isEqualTo("revoked");
  }

  @Test
  void that_there_is_no_key_is_forgotten_as_soon_as_there_is_one() {
    assertThat(open("openai").key()).isNull();
    UUID id = put("openai", KEY).key().id();
    opened(open("openai"));
    assertThat(open("gemini").key()).isNull();
    revoke(reader, id);
    assertThat(open("openai").key()).isNull();
    Future<Key.Opened> before = bus.ask(Key.Open.ADDRESS, new Key.Open(reader, "anthropic"));
    Future<Key.Stored> meanwhile =
        bus.ask(Key.Put.ADDRESS, new Key.Put(reader, "anthropic", OTHER));
    await(Future.all(before, meanwhile));
    opened(open("anthropic"));
  }

  @Test
  void a_key_that_a_test_finds_good_again_is_used_at_once() {
    UUID id = put("openai", KEY).key().id();
    mark(id, "invalid");
    assertThat(open("openai").key()).isNull();
    await(
        bus.answer(
            ModelList.OfProvider.ADDRESS,
            _ -> Future.succeededFuture(new ModelList(null, List.of()))));
    await(bus.ask(Key.Test.ADDRESS, new Key.Test(reader, id)));
    opened(open("openai"));
  }

  @Test
  void a_key_that_was_removed_through_another_node_is_not_used_once_more() {
    UUID id = put("openai", KEY).key().id();
    opened(open("openai"));
    await(KeyStore.revoke(pool, reader, id));
    assertThat(open("openai").key()).isNull();
  }

  private Key.Opened open(String provider) {
    return await(bus.ask(Key.Open.ADDRESS, new Key.Open(reader, provider)));
  }

  private void used(Key.OpenedKey key, TestResult result) {
    await(bus.ask(Key.Used.ADDRESS, new Key.Used(key.ticket(), result)));
  }

  private long count(String where) {
    return await(pool.query("select count(*) from user_api_key where " + where).execute())
        .iterator()
        .next()
        .getLong(0);
  }

  private Key.Stored put(String provider, String key) {
    return await(bus.ask(Key.Put.ADDRESS, new Key.Put(reader, provider, key)));
  }

  private List<Key> list() {
    return await(bus.ask(Key.ListOwn.ADDRESS, new Key.ListOwn(reader))).keys();
  }

  private void revoke(UUID who, UUID id) {
    await(bus.ask(Key.Revoke.ADDRESS, new Key.Revoke(who, id)));
  }

  private void mark(UUID id, String status) {
    await(
        pool.preparedQuery(
                "update user_api_key set status = $2, last_tested_at = now() where id = $1")
            .execute(Tuple.of(id, status)));
  }

  private Row row(UUID id) {
    return await(
            pool.preparedQuery("select * from user_api_key where id = $1").execute(Tuple.of(id)))
        .iterator()
        .next();
  }

  private UUID insertUser() {
    return await(pool.query("insert into users default values returning id").execute())
        .iterator()
        .next()
        .getUUID(0);
  }

  private static void refused(Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code))
        .hasMessageNotContaining("canary");
  }

  /** A ring of so many keys, the newest first. */
  private static KeysSettings settings(int keys) {
    return new KeysSettings(
        IntStream.rangeClosed(1, keys).mapToObj(number -> key(keys + 1 - number)).toList(), false);
  }

  private static SealingKey key(int number) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) number);
    return new SealingKey(bytes, bytes);
  }
}
