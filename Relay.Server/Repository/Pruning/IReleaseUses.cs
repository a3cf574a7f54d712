using Shared.Contracts.Api;

namespace Relay.Server.Repository.Pruning;

/// <summary>Finds what the relay knows of releases and versions beside the repository. It is asked inside the transaction that writes
/// targets.</summary>
internal interface IReleaseUses
{
    /// <param name="seenSince">Nodes that reported last before it do not count.</param>
    ReleaseUses Find(DateTimeOffset seenSince);

    /// <summary>Notes that these versions leave the metadata: they were published, and stay.</summary>
    void NoteLeaving(IReadOnlyCollection<ModelVersion> versions);
}

/// <param name="Reported">The releases that nodes run, by their last reports.</param>
/// <param name="Stored">The versions that the relay has, so that they can be published again.</param>
/// <param name="Aliased">The versions that an alias names.</param>
internal sealed record ReleaseUses(
    IReadOnlySet<int> Reported, IReadOnlySet<ModelVersion> Stored, IReadOnlySet<ModelVersion> Aliased);
