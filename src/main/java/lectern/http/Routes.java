package lectern.http;

/** Everything the API can be asked, one line each: the contract's table of contents. */
record Routes(
    HealthRoutes health,
    IdentityRoutes identity,
    LibraryRoutes library,
    MemberRoutes members,
    UploadRoutes uploads,
    FileRoutes files,
    ReadingRoutes reading,
    KeyRoutes keys,
    ModelRoutes models,
    ConversationRoutes conversation,
    ProviderRoutes providers) {

  void mount(Edge edge) {
    edge.on("GET /health/live", health::live);
    edge.on("GET /health/ready", health::ready);
    edge.on("GET /metrics", health::metrics);
    edge.on("GET /openapi.yaml", health::contract);

    edge.on("GET /auth/registration", identity::registration);
    edge.on("POST /auth/register", identity::register);
    edge.on("POST /auth/token", identity::token);
    edge.on("POST /auth/sign-out", identity::signOut);
    edge.on("GET /me", identity::me);

    edge.on("GET /libraries", library::list);
    edge.on("POST /libraries", library::create);
    edge.on("GET /libraries/{library_id}", library::find);
    edge.on("PATCH /libraries/{library_id}", library::rename);
    edge.on("DELETE /libraries/{library_id}", library::delete);
    edge.on("GET /libraries/{library_id}/media", library::listLibraryMedia);
    edge.on("POST /libraries/{library_id}/media", library::addMedia);
    edge.on("DELETE /libraries/{library_id}/media/{media_id}", library::removeMedia);

    edge.on("GET /libraries/{library_id}/members", members::list);
    edge.on("POST /libraries/{library_id}/members", members::add);
    edge.on("PATCH /libraries/{library_id}/members/{user_id}", members::change);
    edge.on("DELETE /libraries/{library_id}/members/{user_id}", members::remove);

    edge.on("GET /media", library::listMedia);
    edge.on("POST /media/from_text", library::paste);
    edge.on("POST /media/from_url", library::fromUrl);
    edge.onStream("POST /media/upload", uploads::upload);
    edge.on("POST /media/sample", library::sample);
    edge.on("GET /media/{media_id}", library::findMedia);
    edge.on("DELETE /media/{media_id}", library::deleteMedia);
    edge.on("POST /media/{media_id}/retry", library::retry);
    edge.onFile("GET /media/{media_id}/file", files::download);
    edge.on("GET /media/{media_id}/fragments", library::fragments);
    edge.on("GET /media/{media_id}/outline", library::outline);
    edge.on("GET /media/{media_id}/images/{name}", library::image);
    edge.on("GET /media/{media_id}/highlights", reading::listInMedia);
    edge.on("GET /media/{media_id}/conversations", conversation::listQuoting);
    edge.on("GET /media/{media_id}/position", library::position);
    edge.on("PUT /media/{media_id}/position", library::putPosition);

    edge.on("GET /fragments/{fragment_id}", library::fragment);
    edge.on("GET /fragments/{fragment_id}/highlights", reading::listInFragment);
    edge.on("POST /fragments/{fragment_id}/highlights", reading::create);
    edge.on("GET /highlights/{highlight_id}", reading::find);
    edge.on("PATCH /highlights/{highlight_id}", reading::change);
    edge.on("DELETE /highlights/{highlight_id}", reading::delete);
    edge.on("PUT /highlights/{highlight_id}/annotation", reading::putAnnotation);
    edge.on("DELETE /highlights/{highlight_id}/annotation", reading::deleteAnnotation);

    edge.on("GET /models", models::list);
    edge.on("GET /stand_ins", models::standIns);
    edge.on("PUT /stand_ins", models::nameStandIns);
    edge.on("GET /keys", keys::list);
    edge.on("POST /keys", keys::put);
    edge.on("DELETE /keys/{key_id}", keys::revoke);
    edge.on("POST /keys/{key_id}/test", keys::test);
    edge.on("GET /connections", keys::listConnections);
    edge.on("POST /connections", keys::createConnection);
    edge.on("PATCH /connections/{connection_id}", keys::changeConnection);
    edge.on("DELETE /connections/{connection_id}", keys::deleteConnection);
    edge.on("POST /connections/{connection_id}/test", keys::testConnection);
    edge.on("GET /admin/models", identity.forAdministrators(models::listAll));
    edge.on("POST /admin/models", identity.forAdministrators(models::add));
    edge.on("PATCH /admin/models/{model_id}", identity.forAdministrators(models::change));
    edge.on("POST /admin/keys/rotate", identity.forAdministrators(keys::rotate));

    edge.on("GET /conversations", conversation::list);
    edge.on("POST /conversations", conversation::create);
    edge.on("POST /conversations/messages", conversation::send);
    edge.on("GET /conversations/{conversation_id}", conversation::find);
    edge.on("PATCH /conversations/{conversation_id}", conversation::rename);
    edge.on("DELETE /conversations/{conversation_id}", conversation::delete);
    edge.on("GET /conversations/{conversation_id}/messages", conversation::messages);
    edge.on("POST /conversations/{conversation_id}/messages", conversation::send);
    edge.on("GET /messages/{message_id}", conversation::message);
    edge.on("DELETE /messages/{message_id}", conversation::deleteMessage);
    edge.on("GET /messages/{message_id}/stream", conversation::watch);
    edge.on("POST /messages/{message_id}/stop", conversation::stop);

    edge.on("GET /admin/providers", identity.forAdministrators(providers::list));
    edge.on(
        "POST /admin/providers/{breaker_id}/reset", identity.forAdministrators(providers::reset));
  }
}
