namespace Relay.Server.Repository;

/// <summary>Knows where targets can be read beside the relay, by nodes that may read them here.</summary>
internal interface ITargetLocations
{
    /// <summary>An address that is valid for a short time; null: the relay has to send the file itself.</summary>
    /// <param name="path">Below the repository's folder, with slashes.</param>
    /// <param name="length">Bytes of the file.</param>
    ValueTask<Uri?> FindAsync(string path, long length);
}
