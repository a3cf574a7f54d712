namespace Shared.Contracts.Api;

/// <summary>A name for a version of a model, such as champion. It can be set to another version, and keeps its history.</summary>
public sealed record AliasView
{
    public required string Model { get; init; }

    /// <summary>A <see cref="RelayName"/>, neither digits only nor "latest".</summary>
    public required string Alias { get; init; }

    /// <summary>The version that it names.</summary>
    public required int Version { get; init; }

    /// <summary>When it was set to this version.</summary>
    public required DateTimeOffset SetAt { get; init; }

    /// <summary>The id of the API key that set it; null where the relay does not know it.</summary>
    public required string? SetBy { get; init; }

    /// <summary>True where the version is revoked, or where its revocation waits for signatures: set the alias to another version.</summary>
    public required bool Revoked { get; init; }
}

/// <summary>PUT: sets an alias.</summary>
/// <param name="Version">A version of the model that is not revoked.</param>
public sealed record AliasRequest(int Version);

/// <summary>One change of an alias. Changes are added and never altered.</summary>
/// <param name="Id">Rises with each change of any alias.</param>
/// <param name="Version">The version that it named from then on; null: the alias was deleted.</param>
/// <param name="Key">The id of the API key that changed it; null where the relay does not know it.</param>
public sealed record AliasChange(long Id, DateTimeOffset At, int? Version, string? Key);
