namespace Relay.Server.Repository.Pruning;

/// <summary>Which releases the targets metadata go on listing after no channel names them any more.</summary>
internal sealed record PruningRules
{
    /// <summary>As long as targets metadata are valid.</summary>
    public const int DefaultDays = 90;

    public const int DefaultReleases = 10;

    /// <summary>More than a channel can need for its way back.</summary>
    public const int MaximumReleases = 1000;

    /// <summary>Lists all releases for ever.</summary>
    public static PruningRules None { get; } = new() { Days = 0 };

    /// <summary>The days for which a release stays listed after a channel named it last, or a node reported it. 0: for ever.</summary>
    public int Days { get; init; } = DefaultDays;

    /// <summary>The releases of each channel that stay listed, those that it named last.</summary>
    public int Releases { get; init; } = DefaultReleases;
}
