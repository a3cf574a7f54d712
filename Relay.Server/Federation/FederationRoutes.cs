namespace Relay.Server.Federation;

/// <summary>The routes of a coordinator.</summary>
internal static class FederationRoutes
{
    /// <summary>Held open by an owner for as long as it takes part; answers with the end of the round.</summary>
    public const string Presence = "/federated/v1/presence";

    /// <summary>Takes an owner's message of a step, and answers with those of all owners.</summary>
    public const string Messages = "/federated/v1/messages";

    /// <summary>Takes an owner's message that it ends the round.</summary>
    public const string Leave = "/federated/v1/leave";
}
