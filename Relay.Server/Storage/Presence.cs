namespace Relay.Server.Storage;

/// <summary>Shows other processes of one database that this process lives.</summary>
internal class Presence : IDisposable
{
    /// <summary>The number by which the others know it.</summary>
    public long Id { get; init; }

    /// <summary>False when the others may take it for dead.</summary>
    public virtual bool IsSeen => true;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
