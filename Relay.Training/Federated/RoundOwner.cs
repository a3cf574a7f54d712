namespace Relay.Training.Federated;

/// <summary>One owner of rows.</summary>
/// <param name="Name">As all owners know it.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, DER, of a key on the curve P-256.</param>
public sealed record RoundOwner(string Name, byte[] PublicKey);
