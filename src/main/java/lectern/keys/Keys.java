package lectern.keys;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Nothing;
import lectern.bus.Refusal;
import lectern.keys.Key.OpenedKey;
import lectern.keys.KeyStore.Held;
import lectern.llm.LlmFailure;
import lectern.llm.LlmFailure.Kind;
import lectern.llm.ModelList;
import lectern.llm.Secret;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Readers' keys for hosted providers: kept, wiped, tested, and opened for one call. */
final class Keys {
  private static final Logger log = LoggerFactory.getLogger(Keys.class);

  /** Tests under way on this node; more are told to come back. */
  private static final int MOST_TESTS = 64;

  private final Bus bus;
  private final Pool pool;
  private final Vault vault;
  private final Turnstile turnstile;
  private final Keyless keyless = new Keyless();
  private final Map<UUID, Future<Verdict>> tests = new HashMap<>();

  Keys(Bus bus, Pool pool, Vault vault, Turnstile turnstile) {
    this.turnstile = turnstile;
    this.bus = bus;
    this.pool = pool;
    this.vault = vault;
  }

  Future<Key.Listing> list(Key.ListOwn question) {
    return KeyStore.list(pool, question.viewer()).map(Key.Listing::new);
  }

  Future<Key.Stored> put(Key.Put question) {
    String provider = question.provider();
    if (!Key.PROVIDERS.contains(provider)) {
      throw new Refusal(
              Code.E_KEY_PROVIDER_INVALID, "Keys can be kept for openai, anthropic and gemini.")
          .with("field", "provider");
    }
    Secret secret = KeyFormat.check(question.apiKey());
    Sealed sealed = vault.seal(secret, Owner.of(question.viewer(), provider));
    return KeyStore.upsert(pool, question.viewer(), provider, sealed, KeyFormat.fingerprint(secret))
        .onComplete(_ -> keyless.changed(question.viewer(), provider));
  }

  Future<Nothing> revoke(Key.Revoke question) {
    return KeyStore.revoke(pool, question.viewer(), question.id())
        .map(
            there -> {
              if (!there) {
                throw missing();
              }
              return Nothing.NOTHING;
            });
  }

  Future<Key.Providers> usable(Key.Usable question) {
    return KeyStore.listUsable(pool, question.viewer()).map(Key.Providers::new);
  }

  /** A key that does not open is no key; the log says which row it was. */
  Future<Key.Opened> open(Key.Open question) {
    UUID reader = question.viewer();
    String provider = question.provider();
    return keyless
        .unless(reader, provider, () -> KeyStore.findUsable(pool, reader, provider))
        .map(
            found ->
                new Key.Opened(
                    found
                        .flatMap(held -> opened(held).map(key -> new OpenedKey(key, held.ticket())))
                        .orElse(null)));
  }

  private Optional<Secret> opened(Held held) {
    Optional<Secret> secret = held.sealed().flatMap(shut -> vault.open(shut, held.owner()));
    if (secret.isEmpty()) {
      held.sealed().ifPresent(shut -> KeyLog.unopened(log, held.key().id(), shut));
    }
    return secret;
  }

  /** Two who test a key at once ask the provider once. */
  Future<Key.Tested> test(Key.Test question) {
    turnstile.pass(question.viewer());
    return find(question)
        .compose(this::verdict)
        .compose(
            verdict ->
                find(question)
                    .onSuccess(now -> keyless.changed(question.viewer(), now.key().provider()))
                    .map(now -> new Key.Tested(now.key(), verdict.result(), verdict.sentence())));
  }

  private Future<Verdict> verdict(Held held) {
    UUID id = held.key().id();
    Future<Verdict> underWay = tests.get(id);
    if (underWay != null) {
      return underWay;
    }
    if (tests.size() >= MOST_TESTS) {
      return Future.failedFuture(
          new Refusal(Code.E_UNAVAILABLE, "Many keys are being tested. Try again in a moment.")
              .with("retry_after_seconds", 5));
    }
    Future<Verdict> test = asked(held);
    tests.put(id, test);
    return test.onComplete(_ -> tests.remove(id));
  }

  private Future<Verdict> asked(Held held) {
    Optional<Secret> secret = opened(held);
    if (secret.isEmpty()) {
      return Future.failedFuture(
          new Refusal(
              Code.E_LLM_NO_KEY,
              held.sealed().isEmpty()
                  ? "This key was removed. Add it again first."
                  : "This key cannot be read any more. Add it again."));
    }
    return bus.ask(
            ModelList.OfProvider.ADDRESS,
            new ModelList.OfProvider(held.key().provider(), secret.get()))
        .map(list -> Verdict.of(list.failure()))
        .compose(
            verdict ->
                verdict.result() == TestResult.UNPROVEN
                    ? Future.succeededFuture(verdict)
                    : KeyStore.mark(pool, held.ticket(), verdict.result()).map(verdict));
  }

  private Future<Held> find(Key.Test question) {
    return KeyStore.find(pool, question.viewer(), question.id())
        .map(held -> held.orElseThrow(Keys::missing));
  }

  Future<Nothing> used(Key.Used question) {
    if (question.result() == TestResult.UNPROVEN) {
      return Future.succeededFuture(Nothing.NOTHING);
    }
    Future<Void> marked =
        question.ticket().connection()
            ? ConnectionStore.mark(pool, question.ticket(), question.result(), problem(question))
            : KeyStore.mark(pool, question.ticket(), question.result());
    return marked.map(Nothing.NOTHING);
  }

  private static @Nullable LlmFailure problem(Key.Used use) {
    return use.result() == TestResult.REJECTED ? LlmFailure.of(Kind.INVALID_KEY) : null;
  }

  private static Refusal missing() {
    return new Refusal(Code.E_KEY_NOT_FOUND, "You have no such key.");
  }
}
