namespace Relay.Server.Storage;

/// <summary>Stops who writes samples to the disk before they take the space that the relay needs for itself.</summary>
/// <param name="isSpaceLow">Asked before the first byte, then after each <see cref="Step"/>.</param>
internal sealed class SpaceGuard(Func<bool> isSpaceLow)
{
    /// <summary>Bytes that are written between two looks: little beside the reserve of any disk.</summary>
    public const int Step = 1024 * 1024;

    private long _left;

    public SpaceGuard(StorageHealth storage)
        : this(() => storage.IsSpaceLow())
    {
    }

    /// <summary>Called before so many bytes are written.</summary>
    /// <exception cref="IOException">Too little space is left: <see cref="StorageHealth.IsDiskFull"/> holds for it.</exception>
    public void Expect(int bytes)
    {
        _left -= bytes;
        if (_left < 0)
        {
            _left = isSpaceLow() ? throw StorageHealth.CreateSpaceIsLow() : Step;
        }
    }

    /// <summary>The items, each after a look where one is due.</summary>
    /// <exception cref="IOException">Too little space is left.</exception>
    public IEnumerable<T> Watch<T>(IEnumerable<T> items, Func<T, int> size)
    {
        foreach (T item in items)
        {
            Expect(size(item));
            yield return item;
        }
    }
}
