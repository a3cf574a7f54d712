namespace Relay.Server.Storage.Folders;

/// <summary>What a process may change in the files that the database has.</summary>
internal enum FolderAccess
{
    /// <summary>Nothing: it waits for its turn.</summary>
    Follow,

    /// <summary>It adds artifacts: a process that trains.</summary>
    AddArtifacts,

    /// <summary>All: the relay that works, and commands on the same folder.</summary>
    Change,
}
