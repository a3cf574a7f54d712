namespace Relay.Server.Audit;

/// <summary>Which entries to list; what is null excludes none.</summary>
/// <param name="Action">A part of the action.</param>
internal sealed record AuditFilter(string? Actor, string? Kind, string? Action, DateTimeOffset? Since, DateTimeOffset? Until);
