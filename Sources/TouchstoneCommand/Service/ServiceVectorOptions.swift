import ArgumentParser
import Touchstone
import TouchstoneServer

/// How a service embeds where a request says nothing.
struct ServiceVectorOptions: ParsableArguments {
  @Option(help: "The precision of the activations that meet the weights.")
  var activations = ServiceSettings().activations

  @Option(help: "How token states become a vector. (default: as the file says)")
  var pooling: Pooling?

  @Option(help: "Treatment of a text that is too long, unless the request sets it: error, right or left.")
  var truncate = ServiceSettings().truncation

  @Option(
    help: ArgumentHelp(
      "The task of queries that name none, one sentence in English. (default: the model card's)",
      valueName: "task"))
  var defaultInstruct: String?

  @Flag(help: "Answer requests for an unknown model with the first one.")
  var acceptAnyModel = false

  @Flag(
    help:
      "Accept token ids from OpenAI's clients, which must be of the model's own vocabulary. Without it, a request must have \"token_ids\": true."
  )
  var acceptTokenIds = false

  var settings: ServiceSettings {
    var settings = ServiceSettings()
    settings.activations = activations
    settings.pooling = pooling
    settings.truncation = truncate
    settings.queryTask = defaultInstruct ?? settings.queryTask
    settings.acceptsAnyModel = acceptAnyModel
    settings.acceptsTokenIDs = acceptTokenIds
    return settings
  }
}
