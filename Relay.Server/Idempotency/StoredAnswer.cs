namespace Relay.Server.Idempotency;

/// <summary>What is known of a request that was sent with an idempotency key before.</summary>
/// <param name="Fingerprint">Tells another request with the same key apart.</param>
/// <param name="Status">Null: the relay has not answered it, or ended before it did.</param>
/// <param name="Body">Null: it had none, or it is not kept.</param>
internal sealed record StoredAnswer(string Fingerprint, int? Status, string? ContentType, string? Location, byte[]? Body);
