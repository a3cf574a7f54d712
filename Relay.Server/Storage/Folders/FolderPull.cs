namespace Relay.Server.Storage.Folders;

/// <summary>What of the files in the database a folder gets.</summary>
/// <param name="IsFetched">Whether a file is compared, and written where it differs.</param>
/// <param name="IsDeleted">Whether a file goes that the database does not have.</param>
internal sealed record FolderPull(Func<FolderFile, bool> IsFetched, Func<string, bool> IsDeleted);
