package lectern.models;

import static lectern.db.TestingDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.goterl.lazysodium.SodiumJava;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.db.Database;
import lectern.db.TestingDatabase;
import lectern.keys.Key;
import lectern.keys.KeysSettings;
import lectern.keys.KeysVerticle;
import lectern.keys.SealingKey;
import lectern.llm.Catalogue;
import lectern.llm.Dialect;
import lectern.llm.LlmSettings;
import lectern.llm.LlmVerticle;
import lectern.llm.ModelSpec;
import lectern.llm.Patience;
import lectern.llm.Secret;
import lectern.models.Pick.Picked;
import lectern.models.Pick.Way;
import lectern.telemetry.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** OpenAI has a key of the server's, Gemini has none, and Anthropic is switched off. */
class PickingTest {
  private static final String KEY = "sk-own-0123456789-0123456789";

  @RegisterExtension static final TestingDatabase database = new TestingDatabase();

  private Vertx vertx;
  private Bus bus;
  private UUID reader;
  private final Map<String, UUID> ids = new HashMap<>();

  @BeforeEach
  void open() {
    Scope.register();
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
    Database mine = database.open(vertx);
    KeysSettings keys =
        new KeysSettings(List.of(new SealingKey(new byte[32], new byte[16])), false);
    await(vertx.deployVerticle(new LlmVerticle(bus, settings(), catalogue())));
    await(vertx.deployVerticle(new KeysVerticle(bus, mine, new SodiumJava(), keys)));
    await(vertx.deployVerticle(new ModelsVerticle(bus, mine.pool())));
    reader =
        await(mine.pool().query("insert into users default values returning id").execute())
            .iterator()
            .next()
            .getUUID(0);
    await(bus.ask(AdminModel.ListAll.ADDRESS, new AdminModel.ListAll()))
        .models()
        .forEach(model -> ids.put(model.modelName(), model.id()));
  }

  @AfterEach
  void close() {
    ids.values().forEach(id -> fallback(id, null));
    await(vertx.close());
  }

  private static LlmSettings settings() {
    return new LlmSettings(
        Map.of(
            "openai", provider("openai", new Secret("sk-server"), true, Dialect.OPENAI_CHAT),
            "gemini", provider("gemini", null, true, Dialect.GEMINI),
            "anthropic", provider("anthropic", new Secret("sk-server"), false, Dialect.ANTHROPIC)),
        new LlmSettings.Local(false, List.of(), Set.of()));
  }

  private static LlmSettings.Provider provider(
      String name, Secret key, boolean enabled, Dialect dialect) {
    URI url = URI.create("https://" + name + ".example/v1");
    return new LlmSettings.Provider(url, key, enabled, Patience.HOSTED, dialect);
  }

  private static Catalogue catalogue() {
    return new Catalogue(
        List.of(
            spec("openai", "gpt"),
            spec("openai", "gpt-other"),
            spec("openai", "gpt-third"),
            spec("gemini", "gem"),
            spec("anthropic", "claude"),
            spec("extracts", "extracts")));
  }

  private static ModelSpec spec(String provider, String name) {
    return new ModelSpec(provider, name, name, 10_000, 1_000, Set.of(), List.of());
  }

  @Test
  void a_provider_that_is_switched_off_is_neither_offered_nor_picked_whoever_has_a_key() {
    put("anthropic");
    Model claude = model("claude");
    assertThat(claude.available()).isFalse();
    assertThat(claude.keyModes()).isEmpty();
    assertThat(claude.unavailableReason()).contains("switched off");
    for (KeyMode mode : KeyMode.values()) {
      refused(Code.E_MODEL_NOT_AVAILABLE, pick("claude", mode));
    }
  }

  @Test
  void auto_takes_the_own_key_and_then_the_servers() {
    assertThat(only("gpt", KeyMode.AUTO).keyModeUsed()).isEqualTo("platform");
    assertThat(only("gpt", KeyMode.AUTO).target().key()).isNull();
    refused(Code.E_LLM_NO_KEY, pick("gpt", KeyMode.BYOK_ONLY));
    put("openai");
    Way own = only("gpt", KeyMode.AUTO);
    assertThat(own.keyModeUsed()).isEqualTo("byok");
    assertThat(own.target().key()).isEqualTo(new Secret(KEY));
    assertThat(own.ticket()).isNotNull();
    assertThat(only("gpt", KeyMode.PLATFORM_ONLY).target().key()).isNull();
    assertThat(model("gpt").keyModes()).containsExactly(KeyMode.values());
  }

  @Test
  void without_a_key_of_the_servers_a_reader_needs_one() {
    assertThat(model("gem").available()).isFalse();
    refused(Code.E_LLM_NO_KEY, pick("gem", KeyMode.AUTO));
    put("gemini");
    assertThat(model("gem").available()).isTrue();
    assertThat(model("gem").keyModes()).containsExactly(KeyMode.AUTO, KeyMode.BYOK_ONLY);
    assertThat(only("gem", KeyMode.AUTO).keyModeUsed()).isEqualTo("byok");
    refused(Code.E_LLM_NO_KEY, pick("gem", KeyMode.PLATFORM_ONLY));
  }

  @Test
  void a_model_that_needs_no_key_takes_any_mode_and_uses_none() {
    put("openai");
    for (KeyMode mode : KeyMode.values()) {
      assertThat(only("extracts", mode).keyModeUsed()).isEqualTo("none");
    }
  }

  @Test
  void a_stand_in_is_asked_with_the_same_kind_of_key_or_not_at_all() {
    fallback(ids.get("gpt"), ids.get("gem"));
    fallback(ids.get("gem"), ids.get("gpt-other"));
    fallback(ids.get("gpt-other"), ids.get("gpt"));
    assertThat(ways("gpt", KeyMode.AUTO)).containsExactly("gpt platform", "gpt-other platform");
    put("gemini");
    assertThat(ways("gem", KeyMode.AUTO)).containsExactly("gem byok");
    assertThat(ways("gpt", KeyMode.PLATFORM_ONLY))
        .containsExactly("gpt platform", "gpt-other platform");
    put("openai");
    assertThat(ways("gpt", KeyMode.AUTO)).containsExactly("gpt byok", "gem byok", "gpt-other byok");
  }

  @Test
  void those_a_reader_named_come_before_the_administrators_and_are_paid_for_alike() {
    fallback(ids.get("gpt"), ids.get("gpt-other"));
    name("gem", "extracts");
    assertThat(ways("gpt", KeyMode.AUTO))
        .containsExactly("gpt platform", "extracts none", "gpt-other platform");
    put("gemini");
    assertThat(ways("gpt", KeyMode.AUTO))
        .containsExactly("gpt platform", "extracts none", "gpt-other platform");
    put("openai");
    assertThat(ways("gpt", KeyMode.AUTO))
        .containsExactly("gpt byok", "gem byok", "extracts none", "gpt-other byok");
    assertThat(ways("gpt", KeyMode.PLATFORM_ONLY))
        .containsExactly("gpt platform", "extracts none", "gpt-other platform");
    assertThat(ways("gem", KeyMode.AUTO)).containsExactly("gem byok", "extracts none");
  }

  @Test
  void a_model_without_a_key_is_stood_in_for_with_the_readers_own_and_never_with_the_servers() {
    name("gpt", "gem");
    assertThat(ways("extracts", KeyMode.AUTO)).containsExactly("extracts none");
    put("gemini");
    assertThat(ways("extracts", KeyMode.AUTO)).containsExactly("extracts none", "gem byok");
    assertThat(ways("extracts", KeyMode.PLATFORM_ONLY)).containsExactly("extracts none");
  }

  @Test
  void at_most_four_models_get_one_question_and_each_once() {
    fallback(ids.get("gpt"), ids.get("gpt-other"));
    fallback(ids.get("gpt-other"), ids.get("gpt-third"));
    name("gpt-third", "gpt", "extracts");
    assertThat(ways("gpt", KeyMode.AUTO))
        .containsExactly(
            "gpt platform", "gpt-third platform", "extracts none", "gpt-other platform");
  }

  @Test
  void what_was_named_stays_and_what_is_gone_is_passed_over() {
    name("gpt-other", "extracts");
    hide("gpt-other", true);
    assertThat(named()).containsExactly(ids.get("extracts"));
    assertThat(ways("gpt", KeyMode.AUTO)).containsExactly("gpt platform", "extracts none");
    hide("gpt-other", false);
    assertThat(named()).containsExactly(ids.get("gpt-other"), ids.get("extracts"));
    name();
    assertThat(named()).isEmpty();
    assertThat(ways("gpt", KeyMode.AUTO)).containsExactly("gpt platform");
  }

  @Test
  void a_model_that_is_not_there_is_refused() {
    assertThatThrownBy(
            () -> await(bus.ask(Pick.ADDRESS, new Pick(reader, UUID.randomUUID(), KeyMode.AUTO))))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.code()).isEqualTo(Code.E_MODEL_NOT_AVAILABLE));
  }

  private void put(String provider) {
    await(bus.ask(Key.Put.ADDRESS, new Key.Put(reader, provider, KEY)));
  }

  private void name(String... models) {
    List<UUID> named = Stream.of(models).map(ids::get).toList();
    assertThat(await(bus.ask(StandIns.Name.ADDRESS, new StandIns.Name(reader, named))).modelIds())
        .isEqualTo(named);
  }

  private List<UUID> named() {
    return await(bus.ask(StandIns.Ask.ADDRESS, new StandIns.Ask(reader))).modelIds();
  }

  private void hide(String name, boolean hidden) {
    await(
        bus.ask(
            AdminModel.Change.ADDRESS,
            new AdminModel.Change(
                ids.get(name), Set.of("hidden"), hidden, null, null, null, null, null)));
  }

  private void fallback(UUID id, UUID other) {
    await(
        bus.ask(
            AdminModel.Change.ADDRESS,
            new AdminModel.Change(
                id, Set.of("fallback_model_id"), null, null, null, null, null, other)));
  }

  private Model model(String name) {
    return await(bus.ask(Model.ListAll.ADDRESS, new Model.ListAll(reader))).models().stream()
        .filter(model -> model.modelName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Picked pick(String name, KeyMode mode) {
    return await(bus.ask(Pick.ADDRESS, new Pick(reader, ids.get(name), mode)));
  }

  private Way only(String name, KeyMode mode) {
    List<Way> ways = pick(name, mode).checked();
    assertThat(ways).hasSize(1);
    return ways.getFirst();
  }

  private List<String> ways(String name, KeyMode mode) {
    return pick(name, mode).checked().stream()
        .map(way -> way.target().model().modelName() + " " + way.keyModeUsed())
        .toList();
  }

  private static void refused(Code code, Picked picked) {
    assertThat(picked.code()).isEqualTo(code);
    assertThat(picked.ways()).isEmpty();
    assertThatThrownBy(picked::checked).isInstanceOf(Refusal.class);
  }
}
