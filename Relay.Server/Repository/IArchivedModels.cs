namespace Relay.Server.Repository;

/// <summary>Finds models that are archived. It is asked inside the transaction that releases them, and a model is archived inside one as well, so
/// that nothing comes in between.</summary>
internal interface IArchivedModels
{
    /// <summary>The first of these that is archived; null for none.</summary>
    string? FindArchived(IReadOnlyCollection<string> models);
}
