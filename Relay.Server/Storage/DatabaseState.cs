namespace Relay.Server.Storage;

/// <summary>The contents of a database, as far as a start has to know them.</summary>
/// <param name="Identity">The number by which the manifest knows the database again; 0 where none was given yet.</param>
/// <param name="HasApiKeys">True when a start with this database was completed before.</param>
/// <param name="TrainingRuns">The highest number of a training run that was ever given.</param>
/// <param name="Damage">The first damage; null when there is none.</param>
internal sealed record DatabaseState(int Identity, bool HasApiKeys, long TrainingRuns, string? Damage)
{
    public static DatabaseState Damaged(string damage) => new(0, false, 0, damage);
}
