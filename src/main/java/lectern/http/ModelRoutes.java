package lectern.http;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import lectern.bus.Bus;
import lectern.llm.Prices.Tier;
import lectern.models.AdminModel;
import lectern.models.Model;
import lectern.models.StandIns;
import org.jspecify.annotations.Nullable;

/** Models over HTTP: for readers, and for those who administer them. */
final class ModelRoutes {
  private final Bus bus;

  ModelRoutes(Bus bus) {
    this.bus = bus;
  }

  Future<Answer> list(Call call) {
    return bus.ask(Model.ListAll.ADDRESS, new Model.ListAll(call.viewerId()))
        .map(listing -> Answer.ok(listing.models()));
  }

  Future<Answer> standIns(Call call) {
    return bus.ask(StandIns.Ask.ADDRESS, new StandIns.Ask(call.viewerId())).map(Answer::ok);
  }

  Future<Answer> nameStandIns(Call call) {
    StandIns named = call.body(StandIns.class);
    return bus.ask(StandIns.Name.ADDRESS, new StandIns.Name(call.viewerId(), named.modelIds()))
        .map(Answer::ok);
  }

  Future<Answer> listAll(Call call) {
    return bus.ask(AdminModel.ListAll.ADDRESS, new AdminModel.ListAll())
        .map(listing -> Answer.ok(listing.models()));
  }

  Future<Answer> add(Call call) {
    Wanted wanted = call.body(Wanted.class);
    return bus.ask(
            AdminModel.Add.ADDRESS,
            new AdminModel.Add(
                wanted.provider(),
                wanted.modelName(),
                wanted.displayName(),
                wanted.maxContextTokens(),
                wanted.maxOutputTokens(),
                wanted.prices() == null ? List.of() : wanted.prices()))
        .map(Answer::created);
  }

  Future<Answer> change(Call call) {
    Changed changed = call.body(Changed.class);
    Set<String> given = call.given();
    return bus.ask(
            AdminModel.Change.ADDRESS,
            new AdminModel.Change(
                call.id("model_id"),
                given,
                changed.hidden(),
                changed.displayName(),
                changed.maxContextTokens(),
                changed.maxOutputTokens(),
                changed.prices(),
                changed.fallbackModelId()))
        .map(Answer::ok);
  }

  private record Wanted(
      String provider,
      String modelName,
      @Nullable String displayName,
      int maxContextTokens,
      int maxOutputTokens,
      @Nullable List<Tier> prices) {}

  private record Changed(
      @Nullable Boolean hidden,
      @Nullable String displayName,
      @Nullable Integer maxContextTokens,
      @Nullable Integer maxOutputTokens,
      @Nullable List<Tier> prices,
      @Nullable UUID fallbackModelId) {}
}
