namespace Sync.Client.Storage;

/// <summary>Keeps a second process out of a store. The system frees it when the process ends, however it ends.</summary>
internal static class StoreLock
{
    public static FileStream Take(string folder)
    {
        string path = Path.Combine(folder, "store.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new RelaySyncException(
                RelaySyncFault.StoreInUse,
                $"the store folder '{folder}' is in use by another process: give each its own StoreFolder", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new RelaySyncException(
                RelaySyncFault.StoreUnusable, $"the store folder '{folder}' cannot be written: {e.Message}", e);
        }
    }
}
