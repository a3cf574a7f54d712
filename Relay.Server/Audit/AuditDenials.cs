using System.Collections.Concurrent;
using Relay.Server.Http.Access;
using Shared.Contracts.Api;

namespace Relay.Server.Audit;

/// <summary>Enters what keys ask for beyond their role: one entry a minute for each key and route, so that a stolen key
/// cannot fill the disk.</summary>
internal sealed partial class AuditDenials(AuditLog audit, TimeProvider timeProvider, ILogger<AuditDenials> log) : IDenialObserver
{
    private const int MaximumKnown = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Key, string Action), long> _entered = new();

    public void Denied(HttpContext context)
    {
        if (ChangeRequests.FindKey(context) is not { } key)
        {
            return;
        }

        AuditRecord denied = AuditRequests.Describe(context, AuditEntry.Denied, key);
        if (IsDue((key, denied.Action)))
        {
            try
            {
                audit.Append(denied with { Status = StatusCodes.Status403Forbidden });
            }
            catch (Exception failed)
            {
                LogNotEntered(failed, key, denied.Action);
            }
        }
    }

    private bool IsDue((string Key, string Action) what)
    {
        if (_entered.Count > MaximumKnown)
        {
            _entered.Clear();
        }

        long now = timeProvider.GetTimestamp();
        long last = _entered.GetOrAdd(what, now);
        return last == now || (timeProvider.GetElapsedTime(last, now) >= Interval && _entered.TryUpdate(what, now, last));
    }

    [LoggerMessage(1031, LogLevel.Error, "The audit log cannot enter that key {Key} may not {Action}")]
    private partial void LogNotEntered(Exception exception, string key, string action);
}
