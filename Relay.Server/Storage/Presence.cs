namespace Relay.Server.Storage;

/// <summary>Shows other processes of one database that this process lives.</summary>
internal abstract class Presence : IDisposable
{
    /// <summary>The number by which the others know it.</summary>
    public required long Id { get; init; }

    /// <summary>False when the others may take it for dead.</summary>
    public abstract bool IsSeen { get; }

    public abstract void Dispose();
}
