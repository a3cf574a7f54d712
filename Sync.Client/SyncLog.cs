using Microsoft.Extensions.Logging;
using Shared.Contracts;

namespace Sync.Client;

internal static partial class SyncLog
{
    [LoggerMessage(1, LogLevel.Information, "Release {Release} is active: {Models} ({Cause})")]
    public static partial void Activated(this ILogger logger, int release, string models, ModelChangeCause cause);

    [LoggerMessage(2, LogLevel.Warning, "Refused {Subject}: {Reason}, {Detail}")]
    public static partial void Refused(this ILogger logger, RefusalReason reason, string subject, string detail);

    [LoggerMessage(3, LogLevel.Error, "STALE: the metadata expired at {ExpiresAt:u}; this node serves on and takes nothing new")]
    public static partial void Stale(this ILogger logger, DateTimeOffset expiresAt);

    [LoggerMessage(4, LogLevel.Error, "Release {Release} may no longer run ({Reason}, {Detail}): going back to the one before it")]
    public static partial void Withdrawn(this ILogger logger, int release, RefusalReason reason, string detail);

    [LoggerMessage(5, LogLevel.Information, "Nothing to restore: {Detail}")]
    public static partial void NothingStored(this ILogger logger, string detail);

    [LoggerMessage(6, LogLevel.Warning, "The relay did not take the check-in; it is sent again with the next refresh")]
    public static partial void NotReported(this ILogger logger);

    [LoggerMessage(7, LogLevel.Error, "A refresh failed on this machine, not on the relay; what runs goes on")]
    public static partial void RefreshFailed(this ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Information, "The relay has released nothing on channel '{Channel}' yet")]
    public static partial void NothingPublished(this ILogger logger, string channel);

    [LoggerMessage(9, LogLevel.Warning, "The new release is active; files of an earlier one could not be deleted, the next activation tries again")]
    public static partial void OldFilesStay(this ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Information, "Lifted from quarantine: {Sha256}")]
    public static partial void Lifted(this ILogger logger, string sha256);

    [LoggerMessage(11, LogLevel.Error, "A handler of an event failed; the node goes on")]
    public static partial void HandlerFailed(this ILogger logger, Exception exception);

    [LoggerMessage(12, LogLevel.Information, "This node is now {Steering}")]
    public static partial void Steered(this ILogger logger, NodeSteering steering);

    [LoggerMessage(13, LogLevel.Warning, "Release {Release}, which this node was pinned to, may no longer run: it follows its channel again")]
    public static partial void PinDropped(this ILogger logger, int release);

    [LoggerMessage(14, LogLevel.Error, "Nothing answers any more: what ran may not run, and nothing else that may is stored")]
    public static partial void NothingAnswers(this ILogger logger);
}
