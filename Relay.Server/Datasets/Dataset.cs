using Relay.Server.Storage;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets;

/// <summary>A dataset and its samples.</summary>
internal sealed record Dataset(long Id, DatasetSpec Spec, DateTimeOffset CreatedAt, Lazy<SampleDatabase> Opened)
{
    public string Name => Spec.Name;

    /// <exception cref="SampleFileException">They are missing, or another version of the relay made them.</exception>
    public SampleDatabase Samples => Opened.Value;
}
