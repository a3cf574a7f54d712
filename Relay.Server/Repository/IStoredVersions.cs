using Shared.Contracts.Api;

namespace Relay.Server.Repository;

/// <summary>Finds versions that the relay has no more. It is asked inside the transaction that publishes them, and a version is deleted while the
/// repository is held as well, so that nothing comes in between.</summary>
internal interface IStoredVersions
{
    /// <summary>The first of these that there is not; null where there are all.</summary>
    ModelVersion? FindMissing(IEnumerable<ModelVersion> versions);
}
