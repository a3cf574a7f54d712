using Relay.Server.Repository.Pruning;
using Shared.Contracts.Api;

namespace Relay.TestKit.Trust;

/// <summary>What a test says that the database knows; it has the versions 1 to 2,000 of a model.</summary>
internal sealed class FakeReleaseUses(string model = "threat-classifier") : IReleaseUses
{
    public HashSet<int> Reported { get; } = [];

    public HashSet<ModelVersion> Stored { get; } = [.. Enumerable.Range(1, 2000).Select(version => new ModelVersion(model, version))];

    public HashSet<ModelVersion> Aliased { get; } = [];

    /// <summary>All that have left, in order.</summary>
    public List<ModelVersion> Left { get; } = [];

    /// <summary>The time since which nodes were to be asked last.</summary>
    public DateTimeOffset? AskedSince { get; private set; }

    public ReleaseUses Find(DateTimeOffset seenSince)
    {
        AskedSince = seenSince;
        return new(Reported, Stored, Aliased);
    }

    public void NoteLeaving(IReadOnlyCollection<ModelVersion> versions) => Left.AddRange(versions);
}
