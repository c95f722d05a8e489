package lectern.models;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.bus.Code;
import lectern.bus.Refusal;
import lectern.llm.Offer.Availability;
import lectern.models.Catalogued.Entry;
import lectern.models.ModelStore.Own;
import lectern.models.Pick.Picked;
import lectern.models.Pick.Way;

/**
 * With whose key a model is asked. {@code auto} takes the reader's own where there is a usable one,
 * else the server's. Who may answer in its place is the affair of {@link Substitutes}.
 */
final class Picking {
  private final Bus bus;
  private final SqlClient sql;
  private final Catalogued catalogued;
  private final Named named;

  Picking(Bus bus, SqlClient sql, Catalogued catalogued, Named named) {
    this.bus = bus;
    this.sql = sql;
    this.catalogued = catalogued;
    this.named = named;
  }

  Future<Picked> pick(Pick question) {
    Future<Map<UUID, Entry>> entries = catalogued.entries();
    Future<List<UUID>> stood = named.of(question.viewer());
    return Future.all(entries, stood)
        .compose(_ -> pick(question, entries.result(), stood.result()));
  }

  private Future<Picked> pick(Pick question, Map<UUID, Entry> entries, List<UUID> stood) {
    Opening opening = new Opening(bus, question.viewer());
    Entry entry = entries.get(question.modelId());
    Future<Picked> first =
        entry == null || entry.known().hidden()
            ? pickOwn(question, opening)
            : pick(question, entry, opening);
    return first.compose(
        picked ->
            picked.code() != null
                ? Future.succeededFuture(picked)
                : new Substitutes(sql, entries, opening, question, picked.ways().getFirst())
                    .of(stood)
                    .map(picked::with));
  }

  // Models of this server

  private static Future<Picked> pick(Pick question, Entry entry, Opening opening) {
    if (!Models.needsKey(entry.spec().provider())) {
      return Future.succeededFuture(
          Picked.ready(Models.model(entry, false), Way.keyless(entry.spec())));
    }
    if (!entry.isOn()) {
      Model model = Models.model(entry, false);
      String why = String.valueOf(model.unavailableReason());
      return Future.succeededFuture(Picked.refused(model, Code.E_MODEL_NOT_AVAILABLE, why));
    }
    return question.keyMode() == KeyMode.PLATFORM_ONLY
        ? Future.succeededFuture(platform(question, entry))
        : opening
            .key(entry.spec().provider())
            .map(
                own ->
                    own.map(
                            key ->
                                Picked.ready(Models.model(entry, true), Way.own(entry.spec(), key)))
                        .orElseGet(() -> platform(question, entry)));
  }

  /** There is no key of the reader's, or it is not to be used. */
  private static Picked platform(Pick question, Entry entry) {
    Model model = Models.model(entry, false);
    if (question.keyMode() == KeyMode.BYOK_ONLY) {
      return Picked.refused(
          model, Code.E_LLM_NO_KEY, "You have no usable key of your own for this provider.");
    }
    if (entry.availability() != Availability.READY) {
      return Picked.refused(
          model,
          Code.E_LLM_NO_KEY,
          question.keyMode() == KeyMode.AUTO
              ? "Add a key for this provider to use this model."
              : "This server has no key of its own for this provider.");
    }
    return Picked.ready(model, Way.platform(entry.spec()));
  }

  // Models of a reader's own servers

  private Future<Picked> pickOwn(Pick question, Opening opening) {
    return ModelStore.findOwn(sql, question.viewer(), question.modelId())
        .compose(own -> own.map(one -> pick(question, one, opening)).orElseGet(Picking::unknown));
  }

  private static Future<Picked> unknown() {
    return Future.failedFuture(
        new Refusal(
            Code.E_MODEL_NOT_AVAILABLE, "This server does not have that model (any more)."));
  }

  private static Future<Picked> pick(Pick question, Own own, Opening opening) {
    Model model = Models.model(own);
    if (question.keyMode() == KeyMode.PLATFORM_ONLY) {
      return Future.succeededFuture(
          Picked.refused(
              model,
              Code.E_LLM_NO_KEY,
              "This model is on a server of your own; there is no other key for it."));
    }
    return opening
        .server(own.connection().id())
        .map(opened -> Picked.ready(model, Way.own(own.spec(), opened)))
        .recover(
            failure ->
                failure instanceof Refusal no && no.code() != Code.E_UNAVAILABLE
                    ? Future.succeededFuture(
                        Picked.refused(model, unopened(no.code()), no.sentence()))
                    : Future.failedFuture(failure));
  }

  private static Code unopened(Code code) {
    return code == Code.E_LLM_NO_KEY ? code : Code.E_MODEL_NOT_AVAILABLE;
  }
}
