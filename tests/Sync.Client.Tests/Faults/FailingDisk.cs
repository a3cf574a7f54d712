using Sync.Client.Storage;

namespace Sync.Client.Tests.Faults;

/// <summary>A disk that refuses each operation while a test says so.</summary>
/// <param name="errno">The error that it gives.</param>
internal sealed class FailingDisk(int errno = FailingDisk.NoSpaceLeft)
{
    public const int NoSpaceLeft = 28;

    public bool Fails { get; set; }

    /// <summary>The files of a store on it.</summary>
    public StoreFiles CreateFiles() => new(_ => ThrowWhen(Fails, errno));

    public static void ThrowWhen(bool fails, int errno = NoSpaceLeft)
    {
        if (fails)
        {
            throw new IOException("the disk refuses", errno);
        }
    }
}
