namespace Relay.Server.Storage;

/// <summary>How many nodes ran which release, at times: one row for each channel and time at which its counts had changed.</summary>
internal static class FleetSamplesSchema
{
    /// <summary>The counts are JSON: a row is read whole.</summary>
    public const string Step = """
        CREATE TABLE fleet_samples (
            channel TEXT NOT NULL,
            at INTEGER NOT NULL,
            releases TEXT NOT NULL,
            PRIMARY KEY (channel, at)) WITHOUT ROWID;
        """;
}
