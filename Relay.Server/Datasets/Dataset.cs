using Relay.Server.Storage;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets;

/// <summary>A dataset and its file.</summary>
internal sealed record Dataset(long Id, DatasetSpec Spec, DateTimeOffset CreatedAt, Lazy<SampleDatabase> File)
{
    public string Name => Spec.Name;

    /// <exception cref="SampleFileException">The file is missing, or another version of the relay made it.</exception>
    public SampleDatabase Samples => File.Value;
}
