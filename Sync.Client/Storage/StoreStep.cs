namespace Sync.Client.Storage;

/// <summary>One change of the store that is about to be made.</summary>
internal readonly record struct StoreStep(StoreOperation Operation, string Path);

internal enum StoreOperation
{
    CreateFolder,
    Create,
    Truncate,
    Write,
    Flush,
    Rename,
    FlushFolder,
    Delete,
}
