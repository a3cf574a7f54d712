namespace Relay.Server.Hosting.Doctor;

/// <summary>Something that a wrong clock made.</summary>
/// <param name="Subject">A role of the metadata, <c>cms-root</c>, <c>cms-signer</c> or <c>tls</c>.</param>
/// <param name="Finding">What is wrong with it.</param>
/// <param name="Advice">What people have to do; null when <c>--mend</c> does it.</param>
internal sealed record ClockFinding(string Subject, string Finding, string? Advice);
