using Relay.Server.Storage;

namespace Relay.Server.Datasets.Reading;

/// <summary>Stops who writes samples to the disk before they take the space that the relay needs for itself.</summary>
/// <param name="isSpaceLow">Asked before the first sample, then after each <see cref="Step"/>.</param>
internal sealed class SpaceGuard(Func<bool> isSpaceLow)
{
    /// <summary>Bytes that are written between two looks: little beside the reserve of any disk.</summary>
    public const int Step = 1024 * 1024;

    public SpaceGuard(StorageHealth storage)
        : this(storage.IsSpaceLow)
    {
    }

    /// <exception cref="IOException">Too little space is left: <see cref="StorageHealth.IsDiskFull"/> holds for it.</exception>
    public IEnumerable<ReadSample> Watch(IEnumerable<ReadSample> samples)
    {
        long left = 0;
        foreach (ReadSample sample in samples)
        {
            left -= sample.Cells.Length + sample.Id.Length;
            if (left < 0)
            {
                left = isSpaceLow() ? throw StorageHealth.CreateSpaceIsLow() : Step;
            }

            yield return sample;
        }
    }
}
