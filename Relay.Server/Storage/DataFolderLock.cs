
namespace Relay.Server.Storage;

/// <summary>Keeps a second relay off the same folder. The system frees it with the process, however that ends.</summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _held;

    public DataFolderLock(DataFolder folder)
    {
        try
        {
            _held = new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new RelayStartException(
                $"Another relay works in '{folder.Root}'. Stop it, or give this one its own folder by --data.", e);
        }
    }

    public void Dispose() => _held.Dispose();
}
