using Microsoft.AspNetCore.Http;

namespace Relay.WebConsole.Rollouts;

/// <summary>The forms that change what a channel runs, as they were filled in.</summary>
public sealed record ReleaseForm
{
    /// <summary>Of a new channel; empty for one that there is.</summary>
    public string Channel { get; init; } = "";

    /// <summary>As <see cref="VersionText"/> reads them.</summary>
    public string Models { get; init; } = "";

    /// <summary>Models that leave the channel.</summary>
    public string Without { get; init; } = "";

    /// <summary>The number of a release that there is; empty where versions are given.</summary>
    public string Release { get; init; } = "";

    public bool SchemaChange { get; init; }

    /// <summary>Whether the relay refused a change of schema, which the form then offers to accept.</summary>
    public bool AsksForSchemaChange { get; init; }

    /// <summary>What the relay answered; null: nothing yet.</summary>
    public string? Problem { get; init; }

    internal static ReleaseForm Read(IFormCollection form) => new()
    {
        Channel = form["channel"].ToString().Trim(),
        Models = form["models"].ToString().Trim(),
        Without = form["without"].ToString().Trim(),
        Release = form["release"].ToString().Trim(),
        SchemaChange = form["schemaChange"].Count > 0,
    };
}
