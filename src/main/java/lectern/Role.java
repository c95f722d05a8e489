package lectern;

/** A part of the server that a node may run or leave to others. */
enum Role {
  GATEWAY,
  API,
  BRIDGE,
  IDENTITY,
  LIBRARY,
  CONVERSATION,
  SEARCH,
  LLM,
  JANITOR
}
