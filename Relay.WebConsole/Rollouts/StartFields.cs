namespace Relay.WebConsole.Rollouts;

/// <summary>The fields of the form that starts a rollout which links fill in.</summary>
internal static class StartFields
{
    public const string Channel = "channel";

    /// <summary>As <see cref="VersionText"/> reads them; empty where a release is given.</summary>
    public const string Models = "models";

    /// <summary>The number of an existing release; empty where versions are given.</summary>
    public const string Release = "release";
}
